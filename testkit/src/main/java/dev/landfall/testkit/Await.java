package dev.landfall.testkit;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Waiting for something that tells nobody when it happens: asks again and again until a deadline. */
public final class Await {
    private static final Duration FIRST_PAUSE = Duration.ofMillis(1);
    /** Long enough to leave the processor to what is awaited, short enough not to be noticed. */
    private static final Duration LONGEST_PAUSE = Duration.ofMillis(50);

    private Await() {}

    /**
     * Returns once {@code condition} holds.
     *
     * @throws AssertionError after {@code deadline}, naming {@code description}
     */
    public static void until(String description, Duration deadline, BooleanSupplier condition) {
        long end = System.nanoTime() + deadline.toNanos();
        Duration pause = FIRST_PAUSE;
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - end >= 0) {
                throw new AssertionError("not within " + deadline + ": " + description);
            }
            if (Thread.currentThread().isInterrupted()) {
                throw new AssertionError("interrupted while waiting: " + description);
            }
            LockSupport.parkNanos(pause.toNanos());
            pause = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) < 0 ? pause.multipliedBy(2) : LONGEST_PAUSE;
        }
    }

    /**
     * Returns once {@code assertion} passes.
     *
     * @throws AssertionError after {@code deadline}, with the last failure as its cause
     */
    public static void untilPasses(String description, Duration deadline, Runnable assertion) {
        var last = new AssertionError[1];
        try {
            until(description, deadline, () -> {
                try {
                    assertion.run();
                    return true;
                } catch (AssertionError e) {
                    last[0] = e;
                    return false;
                }
            });
        } catch (AssertionError e) {
            throw new AssertionError(e.getMessage(), last[0]);
        }
    }

    /** The first value of {@code source} that satisfies {@code wanted}. */
    public static <T> T value(
            String description, Duration deadline, Supplier<T> source, java.util.function.Predicate<T> wanted) {
        var found = new Object() {
            T value;
        };
        until(description, deadline, () -> {
            found.value = source.get();
            return wanted.test(found.value);
        });
        return found.value;
    }
}
