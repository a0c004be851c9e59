package dev.landfall.sim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.landfall.sim.plane.CrashPoint;
import java.util.Optional;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every scenario, with the control plane dying at every point of every one of its durable writes. */
class CrashEverywhereTest {
    private static final int POINTS = CrashPoint.values().length;

    @ParameterizedTest
    @EnumSource
    void comesThroughACrashAtEveryWrite(Scenario scenario) throws InterruptedException {
        var undisturbed = Simulation.of(scenario.ordinal());
        scenario.play(undisturbed);
        assertThat(undisturbed.plane().deaths()).isZero();
        long writes = undisturbed.plane().crashes().writes();

        var failures = Parallel.found(LongStream.range(0, writes * POINTS), number ->
                crashed(scenario, number / POINTS + 1, CrashPoint.values()[(int) (number % POINTS)]));

        assertThat(failures).isEmpty();
    }

    private static Optional<String> crashed(Scenario scenario, long write, CrashPoint point) {
        var trace = Trace.quiet();
        try {
            var simulation = new Simulation(scenario.ordinal(), trace);
            simulation.plane().crashes().at(write, point);
            scenario.play(simulation);
            return simulation.plane().deaths() > 0 ? Optional.empty()
                    : Optional.of(scenario + " did not crash " + point + " of write " + write);
        } catch (RuntimeException | Error e) { // whatever it is, where it happened is what is needed
            return Optional.of(scenario + " crashed " + point + " of write " + write + ": " + e + "\n  "
                    + String.join("\n  ", trace.last()));
        }
    }
}
