package dev.landfall.bench.start;

import dev.landfall.bench.Progress;
import dev.landfall.bench.engine.Docker;
import dev.landfall.bench.engine.Swarm;
import dev.landfall.bench.report.Report;
import dev.landfall.bench.report.Samples;
import dev.landfall.bench.start.Ground.Mode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Forty tasks at once until all run, beside a Swarm service of forty and a plain parallel loop over the engine. */
final class Bursts {
    private static final int TASKS = 40;
    private static final int TASKS_PER_CALL = 10;
    private static final int RAW_THREADS = 8;
    private static final double GOAL = 4;
    private static final Duration BETWEEN_POLLS = Duration.ofMillis(10);

    private final Ground ground;
    private final Swarm swarm;

    Bursts(Ground ground, Swarm swarm) {
        this.ground = ground;
        this.swarm = swarm;
    }

    void measure(int rounds, Report report) throws InterruptedException {
        String family = Ground.FAMILY + "burst";
        ground.define(Mode.BRIDGE, family);
        var ours = new ArrayList<Double>();
        var swarms = new ArrayList<Double>();
        var raws = new ArrayList<Double>();
        for (int round = 0; round < rounds; round++) {
            switch (round % 3) {
                case 0 -> {
                    ours.add(landfall(family));
                    swarms.add(swarm(round));
                    raws.add(raw());
                }
                case 1 -> {
                    raws.add(raw());
                    ours.add(landfall(family));
                    swarms.add(swarm(round));
                }
                default -> {
                    swarms.add(swarm(round));
                    raws.add(raw());
                    ours.add(landfall(family));
                }
            }
            Progress.say("burst: %d of %d; landfall %.0f ms, Swarm %.0f ms, raw %.0f ms".formatted(
                    round + 1, rounds, ours.getLast(), swarms.getLast(), raws.getLast()));
        }
        var own = Samples.of(ours);
        var table = report.table("Burst of 40 tasks until all run, ms", "peer", "n", "peer p50", "landfall p50",
                "peer / landfall", "goal", "peer p90", "landfall p90");
        row(table, "Docker Swarm", Samples.of(swarms), own, ">= 4");
        row(table, "raw create + start, " + RAW_THREADS + " threads", Samples.of(raws), own, "");
    }

    private static void row(Report.Table table, String peer, Samples values, Samples own, String goal) {
        double ratio = values.p50() / own.p50();
        table.row(peer, values.count(), values.p50(), own.p50(), ratio,
                goal.isEmpty() ? "" : goal + (ratio >= GOAL ? " met" : " missed"), values.p90(), own.p90());
    }

    private double landfall(String family) {
        Ground.settle();
        long begin = System.nanoTime();
        var arns = new ArrayList<String>();
        for (int i = 0; i < TASKS / TASKS_PER_CALL; i++) {
            arns.addAll(Ground.arns(ground.api.call("RunTask", ground.runTask(Mode.BRIDGE, family, TASKS_PER_CALL))));
        }
        Ground.until(() -> ground.describe(arns).valueStream()
                .allMatch(task -> task.path("lastStatus").asText().equals("RUNNING")), "the burst", BETWEEN_POLLS);
        double millis = Ground.millisSince(begin);
        ground.stop(arns);
        return millis;
    }

    private double swarm(int round) {
        Ground.settle();
        String name = Ground.FAMILY + "burst-" + ProcessHandle.current().pid() + "-" + round;
        long begin = System.nanoTime();
        String id = swarm.create(ground.cleanup, name, ground.imageId, TASKS, Optional.empty());
        Ground.until(() -> swarm.running(id) == TASKS, "Swarm", BETWEEN_POLLS);
        double millis = Ground.millisSince(begin);
        swarm.remove(id);
        Ground.until(() -> ground.docker.containers(Swarm.SERVICE_LABEL + "=" + name).isEmpty(), "Swarm's end",
                Duration.ofMillis(100));
        return millis;
    }

    private double raw() throws InterruptedException {
        Ground.settle();
        List<String> ids = new ArrayList<>();
        long begin = System.nanoTime();
        try (var threads = Executors.newFixedThreadPool(RAW_THREADS)) {
            var started = new ArrayList<Future<String>>();
            for (int i = 0; i < TASKS; i++) {
                started.add(threads.submit(() -> ground.docker.run(ground.image, "bridge", false)));
            }
            for (Future<String> one : started) {
                ids.add(one.get());
            }
        } catch (ExecutionException e) {
            throw new IllegalStateException("a raw start failed", e.getCause());
        }
        double millis = Ground.millisSince(begin);
        ground.docker.sweep(Docker.LABEL);
        return millis;
    }
}
