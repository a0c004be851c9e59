package dev.landfall.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.model.Container;
import dev.landfall.app.data.Running;
import dev.landfall.testkit.Await;
import dev.landfall.testkit.BusyboxImage;
import dev.landfall.testkit.Engine;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.TreeSet;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.ecs.model.ContainerDefinition;
import software.amazon.awssdk.services.ecs.model.LaunchType;
import software.amazon.awssdk.services.ecs.model.NetworkMode;
import software.amazon.awssdk.services.ecs.model.Service;

/** {@code up} in a process of its own, with real containers. */
class UpProcessTest {
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final int TASKS = 2;

    @TempDir
    private Path directory;

    /** What tells this test's containers from all others. */
    private final String cluster = "up-" + UUID.randomUUID();

    @Test
    void aServiceOutlivesDownAndEndsWithStopTasks() throws IOException, InterruptedException {
        try (var docker = Engine.connect()) {
            BusyboxImage.ensure(docker);
            try {
                try (var up = start(); var ecs = client(up)) {
                    createServices(ecs);
                    Await.until("tasks run", SOON, () -> runningTasks(ecs) == TASKS);
                    assertThat(Launched.run("down", "--data", directory.toString()).status()).isZero();
                    up.await();
                }
                var before = containers(docker);
                assertThat(before).hasSize(TASKS);

                try (var up = start(); var ecs = client(up)) {
                    Await.until("tasks run", SOON, () -> runningTasks(ecs) == TASKS);
                    assertThat(containers(docker)).isEqualTo(before);

                    var down = Launched.run("down", "--stop-tasks", "--data", directory.toString());
                    assertThat(down.err()).isEmpty();
                    assertThat(down.out()).contains("tasks have stopped too");
                    up.await();
                }
                assertThat(containers(docker)).isEmpty();
            } finally {
                containers(docker).forEach(id -> docker.removeContainerCmd(id).withForce(true).exec());
            }
        }
    }

    private Launched start() throws IOException {
        var up = Launched.start("up", "--port", "0", "--data", directory.toString());
        assertThat(up.firstLine()).startsWith("Landfall is ready");
        return up;
    }

    private EcsClient client(Launched up) {
        var running = Running.find(directory).orElseThrow();
        assertThat(running.pid()).isEqualTo(up.pid());
        return Clients.ecs(running.endpoint());
    }

    /** One task ends at once when told to; the other takes its time, in which the first might be replaced. */
    private void createServices(EcsClient ecs) {
        ecs.createCluster(request -> request.clusterName(cluster));
        createService(ecs, "quick", "trap 'exit 0' TERM; sleep 1000 & wait");
        createService(ecs, "slow", "trap 'sleep 4; exit 0' TERM; sleep 1000 & wait");
    }

    private void createService(EcsClient ecs, String name, String script) {
        ecs.registerTaskDefinition(request -> request.family(name).networkMode(NetworkMode.AWSVPC)
                .cpu("256").memory("512")
                .containerDefinitions(ContainerDefinition.builder().name("app").image(BusyboxImage.NAME)
                        .command("/bin/sh", "-c", script).build()));
        ecs.createService(request -> request.cluster(cluster).serviceName(name).taskDefinition(name).desiredCount(1)
                .launchType(LaunchType.FARGATE)
                .networkConfiguration(network -> network.awsvpcConfiguration(vpc -> vpc.subnets("subnet-12345"))));
    }

    private int runningTasks(EcsClient ecs) {
        return ecs.describeServices(request -> request.cluster(cluster).services("quick", "slow")).services().stream()
                .mapToInt(Service::runningCount).sum();
    }

    /** Of this test's tasks, whatever their state. */
    private TreeSet<String> containers(DockerClient docker) {
        var found = new TreeSet<String>();
        docker.listContainersCmd().withShowAll(true)
                .withLabelFilter(List.of("com.amazonaws.ecs.cluster")).exec().stream()
                .filter(container -> container.getLabels().get("com.amazonaws.ecs.cluster").endsWith("/" + cluster))
                .filter(container -> "app".equals(container.getLabels().get("com.amazonaws.ecs.container-name")))
                .map(Container::getId)
                .forEach(found::add);
        return found;
    }
}
