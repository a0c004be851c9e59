package dev.landfall.agent;

import dev.landfall.agent.engine.DockerEngine;
import dev.landfall.agent.engine.Engine;
import dev.landfall.agent.engine.EngineError;
import dev.landfall.agent.fake.ControlPlane;
import dev.landfall.agent.fake.Payloads;
import dev.landfall.protocol.TaskPayload;
import dev.landfall.protocol.TaskPayload.ContainerPayload;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;

/** An engine, an image with busybox, a control plane and an agent for tests; afterwards nothing of it is left. */
abstract class DockerTest {
    static final String IMAGE = "landfall-agent-test:busybox";
    private static final String HOST = "unix:///var/run/docker.sock";

    static Path directory;
    static Engine engine;
    static ControlPlane control;
    static Agent agent;

    @BeforeAll
    static void open() throws IOException, InterruptedException {
        Assumptions.assumeTrue(Files.exists(Path.of("/var/run/docker.sock")), "Docker Engine is not there");
        try {
            engine = new DockerEngine(HOST);
        } catch (EngineError e) {
            Assumptions.abort("Docker Engine does not answer: " + e.getMessage());
        }
        engine.importImage(BusyboxImage.tar(), IMAGE.split(":")[0], IMAGE.split(":")[1], List.of());
        directory = Files.createTempDirectory("landfall-agent");
        control = new ControlPlane();
        agent = new Agent(config(), control);
        agent.start();
    }

    static AgentConfig config() {
        return AgentConfig.of(control.endpoint(), directory).change()
                .pullBehavior(PullBehavior.PREFER_CACHED)
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

    /** The payload, with the test's image in every container that names none. */
    static TaskPayload payload(Payloads.Task task) {
        TaskPayload p = task.payload();
        var containers = new ArrayList<ContainerPayload>();
        for (ContainerPayload c : p.containers()) {
            containers.add(!c.image().isEmpty() ? c
                    : new ContainerPayload(c.name(), c.containerArn(), IMAGE, c.essential(), c.cpu(), c.memory(),
                            c.entryPoint(), c.command(), c.environment(), c.portMappings(), c.mountPoints(),
                            c.volumesFrom(), c.links(), c.dependsOn(), c.startTimeout(), c.stopTimeout(),
                            c.restartPolicy(), c.healthCheckType(), c.overrides(), c.dockerConfig()));
        }
        return new TaskPayload(p.arn(), p.taskClusterArn(), p.family(), p.version(), p.desiredStatus(), p.launchType(),
                p.networkMode(), p.cpu(), p.memory(), p.pidMode(), p.ipcMode(), p.group(), p.serviceName(),
                p.taskDefinitionAccountId(), p.overrides(), containers, p.volumes(), p.elasticNetworkInterfaces(),
                p.roleCredentials(), p.executionRoleCredentials());
    }

}
