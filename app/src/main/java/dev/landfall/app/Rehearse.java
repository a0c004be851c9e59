package dev.landfall.app;

import dev.landfall.app.data.DataDirectory;
import dev.landfall.app.data.Running;
import dev.landfall.app.options.EventsOption.Events;
import dev.landfall.ecs.capacity.CapacityPolicy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.ecs.model.ContainerDefinition;
import software.amazon.awssdk.services.ecs.model.LaunchType;
import software.amazon.awssdk.services.ecs.model.NetworkMode;
import software.amazon.awssdk.services.ecs.model.PortMapping;

/**
 * A short life of a control plane in a directory of its own, run once after each build: the launcher lets the JVM
 * record which classes a start needs. Without a Docker Engine it goes without an agent; with one, the agent takes
 * everything it made away again.
 */
@Command(name = "rehearse", hidden = true, description = "Run a start for the JVM to learn from.",
        mixinStandardHelpOptions = true)
final class Rehearse implements Runnable {
    /** Enough for the JVM to find the reading of rows worth compiling. */
    private static final int ROWS = 2_000;

    @Override
    public void run() {
        try {
            Path scratch = Files.createTempDirectory("landfall-rehearsal");
            try {
                new CommandLine(new Server()).parseArgs("--data", scratch.toString(), "--port", "0");
                start(scratch);
                recover(scratch);
            } finally {
                delete(scratch);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void start(Path scratch) {
        try (var directory = DataDirectory.claim(scratch);
             var _ = Log.toFile(scratch);
             var control = ControlPlane.start(directory, "127.0.0.1", 0, Events.FILE, CapacityPolicy.AS_AWS)) {
            directory.announce(new Running(
                    ProcessHandle.current().pid(), control.endpoint(), Instant.now(), Version.NUMBER));
            System.out.println(Ready.line(control.endpoint(), scratch));
            try (var ecs = Clients.ecs(control.endpoint())) {
                use(ecs);
                fill(ecs);
            }
            connect(control, scratch.resolve("agent"));
        }
    }

    /** Reading back what was written: with so many rows the JVM learns how that goes, which a restart waits for. */
    private static void recover(Path scratch) {
        try (var directory = DataDirectory.claim(scratch);
             var _ = Log.toFile(scratch);
             var control = ControlPlane.start(directory, "127.0.0.1", 0, Events.FILE, CapacityPolicy.AS_AWS);
             var ecs = Clients.ecs(control.endpoint())) {
            attempt(() -> ecs.describeClusters(r -> r.clusters("rehearsal")));
        }
    }

    private static void fill(EcsClient ecs) {
        var container = ContainerDefinition.builder().name("app").image("rehearsal").memory(128).essential(true)
                .portMappings(PortMapping.builder().containerPort(80).build()).build();
        for (int i = 0; i < ROWS; i++) {
            String family = "rehearsal-" + i % 100;
            attempt(() -> ecs.registerTaskDefinition(r -> r.family(family).containerDefinitions(container)));
        }
    }

    private static void connect(ControlPlane control, Path scratch) {
        var settings = new ContainerAgent.Settings(
                control.endpoint(), "rehearsal", scratch, true, Map.of(), List.of(), Optional.empty());
        try (var agent = ContainerAgent.start(settings, control.ecs())) {
            System.out.println("agent " + agent.containerInstanceArn());
            agent.stopAllTasks();
        } catch (RuntimeException e) {
            System.out.println("no agent: " + e);
        }
    }

    /** The calls of a first walk-through. One that is refused teaches the JVM just as well. */
    private static void use(EcsClient ecs) {
        attempt(() -> ecs.createCluster(r -> r.clusterName("rehearsal")));
        attempt(() -> ecs.registerTaskDefinition(r -> r.family("rehearsal").networkMode(NetworkMode.AWSVPC)
                .cpu("256").memory("512")
                .containerDefinitions(ContainerDefinition.builder()
                        .name("app").image("rehearsal").memory(128).essential(true)
                        .portMappings(PortMapping.builder().containerPort(80).build())
                        .build())));
        attempt(() -> ecs.createService(r -> r.cluster("rehearsal").serviceName("app").taskDefinition("rehearsal")
                .desiredCount(0).launchType(LaunchType.FARGATE)
                .networkConfiguration(n -> n.awsvpcConfiguration(v -> v.subnets("subnet-1").securityGroups("sg-1")))));
        attempt(() -> ecs.describeServices(r -> r.cluster("rehearsal").services("app")));
        attempt(() -> ecs.listClusters());
        attempt(() -> ecs.describeClusters(r -> r.clusters("rehearsal")));
        attempt(() -> ecs.listTasks(r -> r.cluster("rehearsal")));
        attempt(() -> ecs.describeTasks(r -> r.cluster("rehearsal").tasks("0123456789abcdef0123456789abcdef")));
        attempt(() -> ecs.updateService(r -> r.cluster("rehearsal").service("app").desiredCount(0)));
        attempt(() -> ecs.deleteService(r -> r.cluster("rehearsal").service("app").force(true)));
        attempt(() -> ecs.deleteCluster(r -> r.cluster("rehearsal")));
    }

    private static void attempt(Runnable call) {
        try {
            call.run();
        } catch (SdkException e) {
            System.out.println("refused: " + e.getMessage());
        }
    }

    private static void delete(Path directory) throws IOException {
        try (var files = Files.walk(directory)) {
            for (Path file : (Iterable<Path>) files.sorted(Comparator.reverseOrder())::iterator) {
                Files.deleteIfExists(file);
            }
        }
    }
}
