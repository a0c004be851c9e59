package dev.landfall.sim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.landfall.sim.plane.CrashPoint;
import dev.landfall.sim.plane.Recording;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every story, with the control plane dying at every one of its durable writes. Up to its death each run is the
 * undisturbed one again, so that its decisions are taken from the record of that.
 *
 * <p>Small stories die at each of the four points of each write. Of the hundreds of writes of a hundred tasks each is
 * lost once and durable once: the points after the append differ in nothing but what the process does with itself in
 * its last moment, and take turns. Where a hundred tasks are only started, one of these stories dies for all.
 */
class CrashEverywhereTest {
    private static final int LARGE = 100;

    private final Recording recording = new Recording();

    /** When the control plane dies. */
    private record Death(long write, CrashPoint point) {}

    @ParameterizedTest
    @EnumSource
    void comesThroughACrashAtEveryWrite(Scenario scenario) throws InterruptedException {
        var undisturbed = Simulation.recorded(scenario.ordinal(), scenario.setting(), recording);
        scenario.play(undisturbed);

        assertThat(undisturbed.plane().deaths()).isZero();
        assertThat(failures(
                trace -> Simulation.repeated(scenario.ordinal(), scenario.setting(), trace, recording), scenario::play,
                everyPoint(writes(undisturbed)))).isEmpty();
    }

    static List<RollingUpdate> all() {
        return RollingUpdate.ALL;
    }

    @ParameterizedTest
    @MethodSource("all")
    void rollsThroughACrashAtEveryWrite(RollingUpdate update) throws InterruptedException {
        var undisturbed = Simulation.recorded(update.seed(), Setting.PLAIN, recording);
        Town town = update.begin(undisturbed);
        long begun = writes(undisturbed);
        update.roll(town);
        long writes = writes(undisturbed);

        var first = RollingUpdate.ALL.stream().filter(each -> each.count() == LARGE).findFirst().orElseThrow();
        var deaths = update.count() < LARGE ? everyPoint(writes)
                : beforeAndAfter(update.equals(first) ? 0 : begun, writes);

        assertThat(undisturbed.plane().deaths()).isZero();
        assertThat(failures(
                trace -> Simulation.repeated(update.seed(), Setting.PLAIN, trace, recording),
                simulation -> update.roll(update.begin(simulation)), deaths)).isEmpty();
    }

    private static long writes(Simulation simulation) {
        return simulation.plane().crashes().writes();
    }

    private static List<Death> everyPoint(long writes) {
        var deaths = new ArrayList<Death>();
        for (long write = 1; write <= writes; write++) {
            for (CrashPoint point : CrashPoint.values()) {
                deaths.add(new Death(write, point));
            }
        }
        return deaths;
    }

    /** Two deaths at each write behind {@code begun}: before it is durable, and at one of the points after that. */
    private static List<Death> beforeAndAfter(long begun, long writes) {
        var after = List.of(CrashPoint.AFTER_APPEND, CrashPoint.AFTER_PUBLICATION, CrashPoint.BEFORE_REPLY);
        var deaths = new ArrayList<Death>();
        for (long write = begun + 1; write <= writes; write++) {
            deaths.add(new Death(write, CrashPoint.BEFORE_APPEND));
            deaths.add(new Death(write, after.get((int) (write % after.size()))));
        }
        return deaths;
    }

    private static List<String> failures(Function<Trace, Simulation> repeated, Consumer<Simulation> story,
            List<Death> deaths) throws InterruptedException {
        return Parallel.found(LongStream.range(0, deaths.size()), number ->
                failure(repeated, story, deaths.get((int) number)));
    }

    private static Optional<String> failure(
            Function<Trace, Simulation> repeated, Consumer<Simulation> story, Death death) {
        var trace = Trace.quiet();
        try {
            Simulation simulation = repeated.apply(trace);
            simulation.plane().crashes().at(death.write(), death.point());
            story.accept(simulation);
            return simulation.plane().deaths() > 0 ? Optional.empty() : Optional.of("no crash at " + death);
        } catch (RuntimeException | Error e) { // whatever it is, where it happened is what is needed
            return Optional.of(death + ": " + e + "\n  " + String.join("\n  ", trace.last()));
        }
    }
}
