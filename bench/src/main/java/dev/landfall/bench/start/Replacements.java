package dev.landfall.bench.start;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.landfall.bench.Progress;
import dev.landfall.bench.Refusal;
import dev.landfall.bench.engine.Docker.Happened;
import dev.landfall.bench.engine.Swarm;
import dev.landfall.bench.report.Report;
import dev.landfall.bench.report.Samples;
import dev.landfall.bench.start.Ground.Mode;
import dev.landfall.bench.wire.Api;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * The only container of a service is killed; until the engine says that a new one runs. The engine's own events are the
 * clock for both, so neither side's polling or reporting counts.
 */
final class Replacements {
    private static final double GOAL = 0.4;
    private static final int SLOW_SAMPLES = 5;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** A task that dies within ten seconds counts as a failed start, and ECS throttles a service that has several. */
    private static final Duration LIFE = Duration.ofSeconds(11);

    private final Ground ground;
    private final Swarm swarm;
    private final String suffix = "-" + ProcessHandle.current().pid();

    Replacements(Ground ground, Swarm swarm) {
        this.ground = ground;
        this.swarm = swarm;
    }

    /** A service that is being watched, and how to be sure that its newest container counts as running. */
    private record Watched(LinkedBlockingQueue<Happened> events, Runnable awaitRunning) {}

    void measure(int samples, Report report) throws Exception {
        String family = Ground.FAMILY + "replace" + suffix;
        String eager = Ground.FAMILY + "replace-eager" + suffix;
        String slow = Ground.FAMILY + "replace-default" + suffix;
        var ours = new LinkedBlockingQueue<Happened>();
        var eagers = new LinkedBlockingQueue<Happened>();
        var slows = new LinkedBlockingQueue<Happened>();
        try (var _ = ground.docker.follow("com.amazonaws.ecs.task-definition-family=" + family, ours);
             var _ = ground.docker.follow(Swarm.SERVICE_LABEL + "=" + eager, eagers);
             var _ = ground.docker.follow(Swarm.SERVICE_LABEL + "=" + slow, slows)) {
            createService(family);
            String eagerId = swarm.create(ground.cleanup, eager, ground.imageId, 1, Optional.of(Duration.ZERO));
            String slowId = swarm.create(ground.cleanup, slow, ground.imageId, 1, Optional.empty());
            var watched = List.of(
                    new Watched(ours, () -> awaitRunning(family)),
                    new Watched(eagers, () -> awaitRunning(eagerId, "Swarm's replacement")),
                    new Watched(slows, () -> awaitRunning(slowId, "Swarm's replacement")));
            report(measure(watched, samples), report);
        }
    }

    private static List<List<Double>> newLists(int count) {
        var lists = new ArrayList<List<Double>>();
        for (int i = 0; i < count; i++) {
            lists.add(new ArrayList<>());
        }
        return lists;
    }

    private List<List<Double>> measure(List<Watched> watched, int samples) throws InterruptedException {
        List<List<Double>> millis = newLists(watched.size());
        var newest = new ArrayList<Happened>();
        for (Watched each : watched) {
            newest.add(next(each));
        }
        for (int i = 0; i < samples; i++) {
            for (int j = 0; j < watched.size(); j++) {
                // Swarm waits five seconds each time by default: fewer samples tell as much.
                if (j == watched.size() - 1 && i >= SLOW_SAMPLES) {
                    continue;
                }
                watched.get(j).awaitRunning.run();
                double age = Ground.epochMillis() - newest.get(j).epochMillis();
                TimeUnit.MILLISECONDS.sleep(Math.max(0, LIFE.toMillis() - (long) age));
                double begin = Ground.epochMillis();
                ground.docker.kill(newest.get(j).containerId());
                Happened start = next(watched.get(j));
                millis.get(j).add(start.epochMillis() - begin);
                newest.set(j, start);
            }
            Progress.say("replacement: %d of %d; landfall %.0f ms, Swarm without delay %.0f ms".formatted(
                    i + 1, samples, millis.get(0).getLast(), millis.get(1).getLast()));
        }
        return millis;
    }

    private static Happened next(Watched watched) throws InterruptedException {
        while (true) {
            Happened event = watched.events.poll(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
            if (event == null) {
                throw new Refusal("no container was started within " + PATIENCE.toSeconds() + " s");
            }
            if (event.action().equals("start")) {
                return event;
            }
        }
    }

    private void createService(String family) {
        ground.define(Mode.BRIDGE, family);
        ObjectNode input = Api.object().put("cluster", Ground.CLUSTER).put("serviceName", family)
                .put("taskDefinition", family).put("desiredCount", 1).put("launchType", "EC2");
        ground.api.call("CreateService", input);
        ground.cleanup.add(() -> deleteService(family));
    }

    /** On a connection of its own: a signal may have cut short what was being said on the other. */
    private void deleteService(String family) {
        try (var api = new Api(ground.endpoint)) {
            api.call("DeleteService", Api.object().put("cluster", Ground.CLUSTER).put("service", family)
                    .put("force", true));
        }
    }

    private void awaitRunning(String family) {
        ObjectNode input = Api.object().put("cluster", Ground.CLUSTER);
        input.putArray("services").add(family);
        Ground.until(() -> {
            JsonNode service = ground.api.call("DescribeServices", input).path("services").path(0);
            return service.path("runningCount").asInt() == 1 && service.path("pendingCount").asInt() == 0;
        }, "the service's task", Duration.ofMillis(20));
    }

    private void awaitRunning(String serviceId, String what) {
        Ground.until(() -> swarm.running(serviceId) == 1, what, Duration.ofMillis(50));
    }

    private static void report(List<List<Double>> millis, Report report) {
        var own = Samples.of(millis.get(0));
        var table = report.table("Replacement of a killed container until a new one runs, ms", "peer", "n", "peer p50",
                "landfall p50", "landfall / peer", "goal", "peer p90", "landfall p90", "landfall n");
        List<String> peers = List.of("Swarm, --restart-delay 0s", "Swarm, its default delay of 5 s");
        for (int i = 0; i < peers.size(); i++) {
            var peer = Samples.of(millis.get(i + 1));
            double ratio = own.p50() / peer.p50();
            table.row(peers.get(i), peer.count(), peer.p50(), own.p50(), ratio,
                    ratio <= GOAL ? "<= 0.4 met" : "<= 0.4 missed", peer.p90(), own.p90(), own.count());
        }
    }
}
