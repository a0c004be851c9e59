package dev.landfall.sim;

import dev.landfall.sim.random.RandomRun;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class SeedsTest {
    @Test
    void runs() {
        long t0 = System.nanoTime();
        var kinds = new TreeMap<String, Integer>();
        int n = Integer.getInteger("seeds", 500);
        int from = Integer.getInteger("from", 0);
        for (int seed = from; seed < from + n; seed++) {
            var failure = RandomRun.failure(seed, n == 1 ? Trace.to(System.out::println) : Trace.quiet());
            failure.ifPresent(f -> {
                kinds.merge(f.cause().toString().replaceAll("[0-9a-f]{17,}", "X").substring(0, Math.min(140, f.cause().toString().replaceAll("[0-9a-f]{17,}", "X").length())), 1, Integer::sum);
                System.out.println("seed " + f.seed() + " " + f.cause());
                if (n == 1 || !(f.cause() instanceof Violation)) f.cause().printStackTrace(System.out);
            });
        }
        System.out.println((System.nanoTime() - t0) / 1e6 + " ms");
        kinds.forEach((k, v) -> System.out.println(v + " " + k));
    }
}
