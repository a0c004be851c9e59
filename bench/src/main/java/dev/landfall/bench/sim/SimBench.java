package dev.landfall.bench.sim;

import dev.landfall.bench.Progress;
import dev.landfall.sim.Trace;
import dev.landfall.sim.random.RandomRun;
import dev.landfall.sim.random.RandomRun.Failure;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * {@code ./landfall bench sim}: random clusters on virtual time, for nights. Ends with the first seed that fails, after
 * which {@code ./landfall bench sim 1 --seed N} shows every step of that run.
 */
@Command(name = "sim", mixinStandardHelpOptions = true,
        description = "Runs random clusters in the simulator; one alone is shown step by step. Exits 1 if one fails.")
public final class SimBench implements Callable<Integer> {
    private static final Duration TELL_EVERY = Duration.ofSeconds(10);
    private static final double NANOS_PER_SECOND = 1e9;

    /** Runs handed to a thread ahead of their turn. */
    private static final int AHEAD = 16;

    @Parameters(paramLabel = "SEEDS", description = "How many seeds to run.")
    private long seeds;

    @Option(names = "--seed", paramLabel = "N", defaultValue = "1",
            description = "The first of them (default ${DEFAULT-VALUE}).")
    private long first;

    @Option(names = "--threads", defaultValue = "2", description = "Runs side by side (default ${DEFAULT-VALUE}).")
    private int threads;

    @Override
    public Integer call() throws Exception {
        Optional<Failure> failure = seeds == 1
                ? RandomRun.failure(first, Trace.to(System.out::println)) : many();
        failure.ifPresent(found -> {
            System.out.println(found);
            found.cause().printStackTrace(System.out);
            Progress.say("every step of it: ./landfall bench sim 1 --seed " + found.seed());
        });
        return failure.isPresent() ? 1 : 0;
    }

    private Optional<Failure> many() throws Exception {
        long start = System.nanoTime();
        long told = start;
        try (var pool = Executors.newFixedThreadPool(threads)) {
            var runs = new ExecutorCompletionService<Optional<Failure>>(pool);
            long submitted = 0;
            for (long done = 0; done < seeds; done++) {
                for (; submitted < seeds && submitted < done + AHEAD * threads; submitted++) {
                    long seed = first + submitted;
                    runs.submit(() -> RandomRun.failure(seed, Trace.quiet()));
                }
                Future<Optional<Failure>> run = runs.take();
                if (run.get().isPresent()) {
                    pool.shutdownNow();
                    return run.get();
                }
                if (System.nanoTime() - told > TELL_EVERY.toNanos()) {
                    told = System.nanoTime();
                    Progress.say(done + 1 + " of " + seeds + " seeds, " + perSecond(done + 1, start) + " a second");
                }
            }
        }
        System.out.println(seeds + " seeds from " + first + " on: all came to rest, no invariant broken; "
                + perSecond(seeds, start) + " a second");
        return Optional.empty();
    }

    private static long perSecond(long done, long start) {
        return Math.round(done / ((System.nanoTime() - start) / NANOS_PER_SECOND));
    }
}
