package dev.landfall.sim;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.function.LongFunction;
import java.util.stream.LongStream;

/** Runs independent simulations side by side, each on one thread. */
final class Parallel {
    private static final int THREADS = 2;

    private Parallel() {}

    /** The results that are there, in the order of the numbers. */
    static <T> List<T> found(LongStream numbers, LongFunction<Optional<T>> run) throws InterruptedException {
        try (var threads = Executors.newFixedThreadPool(THREADS)) {
            var tasks = numbers.<Callable<Optional<T>>>mapToObj(number -> () -> run.apply(number)).toList();
            return threads.invokeAll(tasks).stream().map(future -> {
                try {
                    return future.get();
                } catch (InterruptedException e) {
                    throw new IllegalStateException("invokeAll has waited", e);
                } catch (ExecutionException e) {
                    throw new IllegalStateException(e.getCause());
                }
            }).flatMap(Optional::stream).toList();
        }
    }
}
