package dev.landfall.sim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.landfall.sim.random.RandomRun;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/**
 * Random clusters, users and misfortune. A seed that fails is run again, with all of its steps, by {@code ./landfall
 * bench sim 1 --seed N}.
 */
class SeedsTest {
    private static final long FIRST = 1;
    private static final long COUNT = 5_000;

    @Test
    void comesToRestWhateverHappens() throws InterruptedException {
        var failures = Parallel.found(LongStream.range(FIRST, FIRST + COUNT),
                seed -> RandomRun.failure(seed, Trace.quiet()).map(RandomRun.Failure::toString));

        assertThat(failures).isEmpty();
    }

    /** A failure is of no use if it cannot be seen again. */
    @Test
    void theSameSeedIsTheSameRun() {
        for (long seed = FIRST; seed < FIRST + 5; seed++) {
            var first = new StringBuilder();
            var second = new StringBuilder();
            RandomRun.failure(seed, Trace.to(line -> first.append(line).append('\n')));
            RandomRun.failure(seed, Trace.to(line -> second.append(line).append('\n')));

            assertThat(second.toString()).hasSizeGreaterThan(10_000).isEqualTo(first.toString());
        }
    }
}
