package dev.landfall.bench.start;

import com.fasterxml.jackson.databind.JsonNode;
import dev.landfall.bench.Progress;
import dev.landfall.bench.report.Report;
import dev.landfall.bench.report.Samples;
import dev.landfall.bench.start.Ground.Mode;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** One task at a time, from RunTask to RUNNING, each beside a raw create and start of the same container. */
final class SingleStarts {
    private final Ground ground;

    private record Measured(List<Double> raw, List<Double> observed, List<Double> inside, List<Double> differences) {
        Measured() {
            this(new ArrayList<>(), new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        }
    }

    SingleStarts(Ground ground) {
        this.ground = ground;
    }

    void measure(List<Mode> modes, int samples, int warmups, Report report) {
        Map<Mode, Measured> measured = new EnumMap<>(Mode.class);
        for (Mode mode : modes) {
            ground.define(mode, mode.family());
            measured.put(mode, new Measured());
        }
        // All modes in turn rather than one after the other: a change of the machine's mood hits all of them.
        for (int i = -warmups; i < samples; i++) {
            for (Mode mode : modes) {
                pair(mode, i % 2 == 0, i < 0 ? new Measured() : measured.get(mode));
            }
            if (i >= 0 && (i + 1) % 5 == 0) {
                Progress.say("start: " + (i + 1) + " of " + samples + " samples of each mode");
            }
        }
        report(measured, report);
    }

    /** The one that goes first changes from pair to pair. */
    private void pair(Mode mode, boolean rawFirst, Measured into) {
        double raw = rawFirst ? raw(mode) : 0;
        double observed = landfall(mode, into);
        if (!rawFirst) {
            raw = raw(mode);
        }
        into.raw.add(raw);
        into.observed.add(observed);
        into.differences.add(observed - raw);
    }

    private double raw(Mode mode) {
        Ground.settle();
        long begin = System.nanoTime();
        String id = ground.docker.run(ground.image, mode.rawNetwork(ground), mode == Mode.BRIDGE_PORT);
        double millis = Ground.millisSince(begin);
        ground.docker.remove(id);
        return millis;
    }

    private double landfall(Mode mode, Measured into) {
        Ground.settle();
        long begin = System.nanoTime();
        List<String> arns = Ground.arns(ground.api.call("RunTask", ground.runTask(mode, mode.family(), 1)));
        JsonNode task = ground.await(arns, "RUNNING").path(0);
        double millis = Ground.millisSince(begin);
        into.inside.add((task.path("startedAt").asDouble() - task.path("createdAt").asDouble()) * 1000);
        ground.stop(arns);
        return millis;
    }

    private static void report(Map<Mode, Measured> measured, Report report) {
        var table = report.table("RunTask to RUNNING beside raw create + start, ms", "network", "n", "raw p50",
                "landfall p50", "difference p50", "goal", "ratio p50", "raw p90", "landfall p90", "raw p99",
                "landfall p99", "createdAt-startedAt p50");
        measured.forEach((mode, values) -> {
            var raw = Samples.of(values.raw);
            var observed = Samples.of(values.observed);
            double difference = Samples.of(values.differences).p50();
            table.row(mode.title(), raw.count(), raw.p50(), observed.p50(), difference,
                    difference <= StartBench.GOAL_MILLIS ? "<= 25 met" : "<= 25 missed", observed.p50() / raw.p50(),
                    raw.p90(), observed.p90(), raw.p99(), observed.p99(), Samples.of(values.inside).p50());
        });
    }
}
