package dev.landfall.bench.start;

import com.fasterxml.jackson.databind.JsonNode;
import dev.landfall.bench.Progress;
import dev.landfall.bench.Refusal;
import dev.landfall.bench.engine.Docker.Happened;
import dev.landfall.bench.report.Report;
import dev.landfall.bench.report.Samples;
import dev.landfall.bench.start.Ground.Mode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** One task at a time, from RunTask to RUNNING, each beside a raw create and start of the same container. */
final class SingleStarts {
    private static final Duration EVENT_DELAY = Duration.ofSeconds(5);

    private final Ground ground;

    /** The moments of one start by Landfall, in milliseconds since its beginning. */
    private record Start(double accepted, double created, double started, double durable, double observed) {}

    private record Measured(List<Double> raw, List<Double> rawStart, List<Start> starts, List<Double> differences,
            List<Double> inside) {
        Measured() {
            this(new ArrayList<>(), new ArrayList<>(), new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        }

        double median(java.util.function.ToDoubleFunction<Start> part) {
            return Samples.of(starts.stream().mapToDouble(part).toArray()).p50();
        }
    }

    SingleStarts(Ground ground) {
        this.ground = ground;
    }

    void measure(List<Mode> modes, int samples, int warmups, Report report) throws Exception {
        Map<Mode, Measured> measured = new EnumMap<>(Mode.class);
        for (Mode mode : modes) {
            ground.define(mode, mode.family());
            measured.put(mode, new Measured());
        }
        var events = new LinkedBlockingQueue<Happened>();
        try (var _ = ground.docker.follow("com.amazonaws.ecs.task-definition-family", events)) {
            // All modes in turn rather than one after the other: a change of the machine's mood hits all of them.
            for (int i = -warmups; i < samples; i++) {
                for (Mode mode : modes) {
                    pair(mode, i % 2 == 0, i < 0 ? new Measured() : measured.get(mode), events);
                }
                if (i >= 0 && (i + 1) % 5 == 0) {
                    Progress.say("start: " + (i + 1) + " of " + samples + " samples of each mode");
                }
            }
        }
        report(measured, report);
    }

    /** The one that goes first changes from pair to pair. */
    private void pair(Mode mode, boolean rawFirst, Measured into, LinkedBlockingQueue<Happened> events)
            throws InterruptedException {
        double raw = rawFirst ? raw(mode, into) : 0;
        Start start = landfall(mode, into, events);
        if (!rawFirst) {
            raw = raw(mode, into);
        }
        into.raw.add(raw);
        into.starts.add(start);
        into.differences.add(start.observed - raw);
    }

    private double raw(Mode mode, Measured into) {
        Ground.settle();
        long begin = System.nanoTime();
        String id = ground.docker.create(ground.image, mode.rawNetwork(ground), mode == Mode.BRIDGE_PORT);
        long created = System.nanoTime();
        ground.docker.start(id);
        double millis = Ground.millisSince(begin);
        into.rawStart.add(Ground.millisSince(created));
        ground.docker.remove(id);
        return millis;
    }

    private Start landfall(Mode mode, Measured into, LinkedBlockingQueue<Happened> events) throws InterruptedException {
        Ground.settle();
        events.clear();
        double begin = Ground.epochMillis();
        List<String> arns = Ground.arns(ground.api.call("RunTask", ground.runTask(mode, mode.family(), 1)));
        double accepted = Ground.epochMillis();
        JsonNode task = ground.await(arns, "RUNNING").path(0);
        double observed = Ground.epochMillis();
        double durable = task.path("startedAt").asDouble() * 1000;
        into.inside.add(durable - task.path("createdAt").asDouble() * 1000);
        String id = Ground.runtimeId(task);
        double created = moment(events, "create", id);
        double started = moment(events, "start", id);
        ground.stop(arns);
        return new Start(accepted - begin, created - begin, started - begin, durable - begin, observed - begin);
    }

    private static double moment(LinkedBlockingQueue<Happened> events, String action, String id)
            throws InterruptedException {
        while (true) {
            Happened event = events.poll(EVENT_DELAY.toMillis(), TimeUnit.MILLISECONDS);
            if (event == null) {
                throw new Refusal("the engine did not tell of the " + action + " of " + id);
            }
            if (event.action().equals(action) && event.containerId().equals(id)) {
                return event.epochMillis();
            }
        }
    }

    private static void report(Map<Mode, Measured> measured, Report report) {
        var table = report.table("RunTask to RUNNING beside raw create + start, ms", "network", "n", "raw p50",
                "landfall p50", "difference p50", "goal", "ratio p50", "raw p90", "landfall p90", "raw p99",
                "landfall p99", "createdAt-startedAt p50");
        measured.forEach((mode, values) -> {
            var raw = Samples.of(values.raw);
            var observed = Samples.of(values.starts.stream().mapToDouble(Start::observed).toArray());
            double difference = Samples.of(values.differences).p50();
            table.row(mode.title(), raw.count(), raw.p50(), observed.p50(), difference,
                    difference <= StartBench.GOAL_MILLIS ? "<= 25 met" : "<= 25 missed", observed.p50() / raw.p50(),
                    raw.p90(), observed.p90(), raw.p99(), observed.p99(), Samples.of(values.inside).p50());
        });
        var phases = report.table("Where a start's time goes, p50 of each phase, ms", "network", "RunTask answered",
                "to container created", "to container started", "to RUNNING durable", "to client sees it",
                "raw start alone");
        measured.forEach((mode, values) -> phases.row(mode.title(), values.median(Start::accepted),
                values.median(start -> start.created - start.accepted),
                values.median(start -> start.started - start.created),
                values.median(start -> start.durable - start.started),
                values.median(start -> start.observed - start.durable), Samples.of(values.rawStart).p50()));
    }
}
