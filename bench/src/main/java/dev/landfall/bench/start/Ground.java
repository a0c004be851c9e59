package dev.landfall.bench.start;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.landfall.bench.Cleanup;
import dev.landfall.bench.Refusal;
import dev.landfall.bench.child.Landfall;
import dev.landfall.bench.child.Recording;
import dev.landfall.bench.engine.Docker;
import dev.landfall.bench.wire.Api;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/**
 * What every part of the start benchmark stands on: the engine, and a Landfall of its own with managed capacity (as in
 * {@code up}) and one container instance. For one thread.
 */
final class Ground {
    static final String CLUSTER = "default";

    /** All task families of this benchmark begin with it. */
    static final String FAMILY = "landfall-bench-";

    private static final Duration PATIENCE = Duration.ofSeconds(120);
    private static final Duration BETWEEN_POLLS = Duration.ofMillis(2);

    /**
     * Long enough for what follows a sample to be over: the engine's work after its answers, and the agent's making of
     * a new warm namespace, which takes the engine a quarter of a second and would be paid by the sample after it.
     */
    private static final Duration SETTLING = Duration.ofMillis(800);

    final URI endpoint;
    final Docker docker;
    final Cleanup cleanup;
    final Api api;
    final String image;
    final String imageId;
    final String network;

    private Ground(URI endpoint, Docker docker, Cleanup cleanup, String image, String imageId, String network) {
        this.endpoint = endpoint;
        this.docker = docker;
        this.cleanup = cleanup;
        this.api = new Api(endpoint);
        this.image = image;
        this.imageId = imageId;
        this.network = network;
    }

    static Ground prepare(Cleanup cleanup, Optional<Path> recording) {
        var docker = new Docker();
        cleanup.add(docker::close);
        String image = docker.image(cleanup);
        String network = docker.network(cleanup);
        cleanup.add(() -> docker.sweep(Docker.LABEL));
        Path data = Landfall.temporaryData(cleanup);
        cleanup.add(() -> docker.sweepAgent(data));
        Landfall.Running up = Landfall.start(cleanup, data, Recording.to(recording), "up", "--port", "0");
        Path agentData = Landfall.temporaryData(cleanup);
        cleanup.add(() -> docker.sweepAgent(agentData));
        try (var api = new Api(up.endpoint())) {
            api.call("CreateCluster", Api.object().put("clusterName", CLUSTER));
        }
        Landfall.start(cleanup, agentData,
                Recording.to(recording.map(file -> file.resolveSibling("agent-" + file.getFileName()))), "agent",
                "--server", up.endpoint().toString(), "--cluster", CLUSTER);
        return new Ground(up.endpoint(), docker, cleanup, image, docker.imageId(image), network);
    }

    /** Registers a definition of one container that runs until it is stopped. */
    void define(Mode mode, String family) {
        ObjectNode definition = Api.object().put("family", family).put("networkMode", mode.networkMode());
        ObjectNode container = definition.putArray("containerDefinitions").addObject()
                .put("name", "app").put("image", image).put("essential", true);
        var command = container.putArray("command");
        Docker.COMMAND.forEach(command::add);
        if (mode == Mode.AWSVPC) {
            definition.put("cpu", "256").put("memory", "512").putArray("requiresCompatibilities").add("FARGATE");
        } else {
            container.put("memory", 64);
        }
        if (mode == Mode.BRIDGE_PORT) {
            container.putArray("portMappings").addObject().put("containerPort", 80).put("hostPort", 0);
        }
        api.call("RegisterTaskDefinition", definition);
    }

    ObjectNode runTask(Mode mode, String family, int count) {
        ObjectNode input = Api.object().put("cluster", CLUSTER).put("taskDefinition", family).put("count", count)
                .put("launchType", mode == Mode.AWSVPC ? "FARGATE" : "EC2");
        if (mode == Mode.AWSVPC) {
            input.putObject("networkConfiguration").putObject("awsvpcConfiguration")
                    .putArray("subnets").add("subnet-1");
        }
        return input;
    }

    static List<String> arns(JsonNode run) {
        if (!run.path("failures").isEmpty()) {
            throw new Refusal("RunTask could not place a task: " + run.path("failures"));
        }
        return run.path("tasks").valueStream().map(task -> task.path("taskArn").asText()).toList();
    }

    JsonNode describe(List<String> arns) {
        ObjectNode input = Api.object().put("cluster", CLUSTER);
        var tasks = input.putArray("tasks");
        arns.forEach(tasks::add);
        return api.call("DescribeTasks", input).path("tasks");
    }

    /** Polls until every task has the status; a task that ends instead ends the benchmark. */
    JsonNode await(List<String> arns, String status) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            JsonNode tasks = describe(arns);
            if (tasks.valueStream().allMatch(task -> task.path("lastStatus").asText().equals(status))) {
                return tasks;
            }
            for (JsonNode task : tasks) {
                if (task.path("lastStatus").asText().equals("STOPPED") && !status.equals("STOPPED")) {
                    throw new Refusal("a task stopped instead of running: " + task.path("stoppedReason").asText());
                }
            }
            pause(deadline, BETWEEN_POLLS, "tasks that are " + status);
        }
    }

    void stop(List<String> arns) {
        for (String arn : arns) {
            api.call("StopTask", Api.object().put("cluster", CLUSTER).put("task", arn));
        }
        for (JsonNode task : await(arns, "STOPPED")) {
            docker.remove(runtimeId(task));
        }
    }

    static String runtimeId(JsonNode task) {
        return task.path("containers").path(0).path("runtimeId").asText();
    }

    interface Check {
        boolean holds();
    }

    static void until(Check check, String what, Duration betweenPolls) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!check.holds()) {
            pause(deadline, betweenPolls, what);
        }
    }

    private static void pause(long deadline, Duration time, String what) {
        if (System.nanoTime() > deadline) {
            throw new Refusal("waited in vain for " + what);
        }
        LockSupport.parkNanos(time.toNanos());
    }

    static void settle() {
        LockSupport.parkNanos(SETTLING.toNanos());
    }

    /** The time of day to the microsecond, as the engine and the control plane tell it too. */
    static double epochMillis() {
        Instant now = Instant.now();
        return now.getEpochSecond() * 1e3 + now.getNano() / 1e6;
    }

    static double millisSince(long nanos) {
        return (System.nanoTime() - nanos) / 1e6;
    }

    /** How a task is connected, and what comes nearest to it with the engine alone. */
    enum Mode {
        BRIDGE("bridge"), BRIDGE_PORT("bridge"), HOST("host"), NONE("none"), AWSVPC("awsvpc");

        private final String networkMode;

        Mode(String networkMode) {
            this.networkMode = networkMode;
        }

        String networkMode() {
            return networkMode;
        }

        String rawNetwork(Ground ground) {
            return this == AWSVPC ? ground.network : networkMode;
        }

        String title() {
            return switch (this) {
                case BRIDGE -> "bridge";
                case BRIDGE_PORT -> "bridge, dynamic port";
                case HOST -> "host";
                case NONE -> "none";
                case AWSVPC -> "awsvpc (FARGATE)";
            };
        }

        String family() {
            return FAMILY + name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
        }

        static List<Mode> all() {
            return Arrays.asList(values());
        }
    }
}
