package dev.landfall.edge.net;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Heap that all clients together may have taken by large heads of requests. A few bytes of HTTP/2 can name the same
 * large field again and again, so that what a client sends is no measure of what it takes. Safe for any thread.
 */
public final class Budget {
    /** Of a head that need not be counted: every connection may have that, and their number is bounded. */
    public static final int FREE_BYTES = 4_096;

    private final long limit;
    private final AtomicLong taken = new AtomicLong();

    public Budget(long limitBytes) {
        limit = limitBytes;
    }

    /** What one head, or all of one stream, has taken. Of one event loop. */
    public final class Share {
        private long bytes;

        /** @return whether it may have so many bytes; if not, it has what it had */
        public boolean hold(long wantedBytes) {
            long wanted = Math.max(0, wantedBytes - FREE_BYTES);
            long more = wanted - bytes;
            if (more > 0 && taken.addAndGet(more) > limit) {
                taken.addAndGet(-more);
                return false;
            }
            if (more < 0) {
                taken.addAndGet(more);
            }
            bytes = wanted;
            return true;
        }

        public void release() {
            hold(0);
        }
    }
}
