package dev.landfall.state;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits for what has no event of its own, with a deadline. */
final class Await {
    /** Never reached unless something hangs, even on a busy machine. */
    static final Duration DEADLINE = Duration.ofSeconds(20);

    private Await() {}

    static void until(String what, BooleanSupplier condition) {
        long end = System.nanoTime() + DEADLINE.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - end > 0) {
                throw new AssertionError("waited too long until " + what);
            }
            LockSupport.parkNanos(200_000);
        }
    }

    static void ended(Iterable<Thread> threads) throws InterruptedException {
        for (Thread thread : threads) {
            if (!thread.join(DEADLINE)) {
                throw new AssertionError("thread " + thread + " hangs");
            }
        }
    }
}
