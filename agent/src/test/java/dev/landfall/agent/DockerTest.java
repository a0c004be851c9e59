package dev.landfall.agent;

import dev.landfall.agent.engine.DockerEngine;
import dev.landfall.agent.engine.Engine;
import dev.landfall.agent.engine.EngineError;
import dev.landfall.agent.engine.EngineProbe;
import dev.landfall.agent.fake.ControlPlane;
import dev.landfall.agent.fake.Payloads;
import dev.landfall.protocol.Capabilities;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import software.amazon.awssdk.services.ecs.model.SubmitTaskStateChangeRequest;

/** An engine, an image with busybox, a control plane and an agent for tests; afterwards nothing of it is left. */
abstract class DockerTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Duration POLL = Duration.ofMillis(20);
    private static final String HOST = "unix:///var/run/docker.sock";

    static Path directory;
    static Engine engine;
    static EngineProbe probe;
    static ControlPlane control;
    static Agent agent;

    @BeforeAll
    static void open() throws IOException, InterruptedException {
        Assumptions.assumeTrue(Files.exists(Path.of("/var/run/docker.sock")), "Docker Engine is not there");
        try {
            engine = new DockerEngine(HOST);
            probe = new EngineProbe(HOST);
        } catch (EngineError e) {
            Assumptions.abort("Docker Engine does not answer: " + e.getMessage());
        }
        engine.importImage(BusyboxImage.tar(), Payloads.IMAGE.split(":")[0], Payloads.IMAGE.split(":")[1], List.of());
        directory = Files.createTempDirectory("landfall-agent");
        control = new ControlPlane();
        agent = new Agent(config(), control);
        agent.start();
    }

    static AgentConfig config() {
        return AgentConfig.of(control.endpoint(), directory).change()
                .pullBehavior(PullBehavior.PREFER_CACHED)
                .metricsPeriod(Duration.ofSeconds(1))
                .build();
    }

    @AfterAll
    static void close() throws IOException {
        if (engine == null) {
            return;
        }
        if (agent != null) {
            agent.stopAllTasks();
            agent.close();
        }
        control.close();
        probe.close();
        engine.close();
        try (var files = Files.walk(directory)) {
            files.sorted(Comparator.reverseOrder()).forEach(file -> {
                try {
                    Files.delete(file);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        }
    }

    /** Waits for something that no event tells. */
    static void await(String what, BooleanSupplier condition) throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("not within " + PATIENCE.toSeconds() + " s: " + what);
            }
            Thread.sleep(POLL);
        }
    }

    /** What a container of a task wrote. */
    static String logs(SubmitTaskStateChangeRequest change, String container) {
        String id = change.containers().stream().filter(c -> c.containerName().equals(container)).findFirst()
                .orElseThrow().runtimeId();
        return probe.logs(id);
    }

    /** An address of the agent's block for awsvpc tasks. */
    static String address(int offset) {
        return block().replaceAll("\\.0/20$", "." + offset);
    }

    static String block() {
        return control.registrations().getLast().attributes().stream()
                .filter(attribute -> attribute.name().equals(Capabilities.AWSVPC_CIDR)).findFirst().orElseThrow()
                .value();
    }
}
