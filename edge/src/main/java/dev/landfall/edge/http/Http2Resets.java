package dev.landfall.edge.http;

import java.util.concurrent.TimeUnit;

/**
 * Counts the streams of a connection that its client has ended before their time, which costs it less than us: by
 * cancelling them (CVE-2023-44487), or by faults for which we have to (CVE-2025-8671). Of one event loop.
 */
final class Http2Resets {
    /** In so many nanoseconds; Netty's own limit. */
    private static final int MAX_RESETS = 200;
    private static final long WHILE_NANOS = TimeUnit.SECONDS.toNanos(30);

    private int count;
    private long sinceNanos = System.nanoTime();

    void count() {
        long now = System.nanoTime();
        if (now - sinceNanos > WHILE_NANOS) {
            sinceNanos = now;
            count = 0;
        }
        count++;
    }

    boolean tooMany() {
        return count > MAX_RESETS;
    }
}
