package dev.landfall.app;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;

/**
 * Turns SIGTERM and SIGINT into a return from {@link #await}, and keeps the JVM alive until the thread that waited has
 * closed what it opened.
 */
final class Shutdown {
    /** Longer than it takes to stop tasks side by side (30 s each by default) on a busy machine. */
    static final Duration CLOSING_LIMIT = Duration.ofSeconds(120);

    private final CountDownLatch asked = new CountDownLatch(1);
    private final CountDownLatch closed = new CountDownLatch(1);

    private Shutdown() {}

    static Shutdown onSignal() {
        var shutdown = new Shutdown();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            shutdown.asked.countDown();
            try {
                boolean _ = shutdown.closed.await(CLOSING_LIMIT.toMillis(), java.util.concurrent.TimeUnit.MILLISECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }, "shutdown"));
        return shutdown;
    }

    void await() {
        try {
            asked.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** To be called when everything is closed, whether a signal asked for it or a failed start did. */
    void finished() {
        closed.countDown();
    }
}
