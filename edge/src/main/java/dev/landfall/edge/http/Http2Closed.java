package dev.landfall.edge.http;

/**
 * The streams of a connection that ended last, and how: what still comes for one that we have reset may have been sent
 * before the client knew, and is ignored. Of one event loop.
 */
final class Http2Closed {
    /** Who ended it: we, by a reset, or the client, by one or by the regular end of both directions. */
    enum By { US, CLIENT }

    /** As many as there can be at once; a power of two. */
    private static final int KEPT = 128;

    private final int[] ids = new int[KEPT];
    private int next;

    void add(int id, By whom) {
        ids[next++ & KEPT - 1] = whom == By.US ? -id : id;
    }

    boolean known(int id) {
        return find(id) || find(-id);
    }

    boolean byUs(int id) {
        return find(-id);
    }

    private boolean find(int id) {
        for (int kept : ids) {
            if (kept == id) {
                return true;
            }
        }
        return false;
    }
}
