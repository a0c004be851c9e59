package dev.landfall.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.landfall.app.data.Running;
import dev.landfall.testkit.Await;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.ecs.model.ContainerDefinition;

/** The commands against a control plane in a process of its own. */
class ServerProcessTest {
    @TempDir
    private Path directory;

    @Test
    void startsAnswersAndStops() throws IOException, InterruptedException {
        try (var server = start()) {
            assertThat(server.firstLine()).startsWith("Landfall is ready at http://127.0.0.1:")
                    .contains("data in " + directory);
            var running = Running.find(directory).orElseThrow();
            assertThat(running.pid()).isEqualTo(server.pid());
            create(running.endpoint(), "kept");

            var status = Launched.run("status", "--data", directory.toString());
            assertThat(status.status()).isZero();
            assertThat(status.out()).contains("pid " + server.pid(), running.endpoint().toString(), "clusters   1");

            assertThat(Launched.run("env", "--data", directory.toString()).out())
                    .contains("export AWS_ENDPOINT_URL=" + running.endpoint() + "\n");

            var down = Launched.run("down", "--data", directory.toString());
            assertThat(down.status()).isZero();
            assertThat(down.out()).contains("has stopped (pid " + server.pid() + ")", "left alone");
            assertThat(server.await().status()).isEqualTo(143);
            assertThat(Running.find(directory)).isEmpty();
            assertThat(Launched.run("status", "--data", directory.toString()).status()).isEqualTo(3);
        }
    }

    @Test
    void aSecondOneOnTheSameDirectoryIsToldWhoIsThere() throws IOException, InterruptedException {
        try (var first = start()) {
            assertThat(first.firstLine()).isNotEmpty();

            var second = Launched.run("server", "--port", "0", "--data", directory.toString());

            assertThat(second.status()).isEqualTo(1);
            assertThat(second.err()).contains("already running on " + directory, "pid " + first.pid(), "--data");
        }
    }

    @Test
    void aRestartAfterKillFindsWhatWasAcknowledged() throws IOException, InterruptedException {
        try (var first = start()) {
            assertThat(first.firstLine()).isNotEmpty();
            create(Running.find(directory).orElseThrow().endpoint(), "kept");
            first.kill();
        }
        assertThat(Files.exists(directory.resolve("landfall.pid"))).isTrue();
        assertThat(Running.find(directory)).isEmpty();
        try (var second = start()) {
            assertThat(second.firstLine()).isNotEmpty();
            var running = Running.find(directory).orElseThrow();
            assertThat(running.pid()).isEqualTo(second.pid());
            try (var ecs = Clients.ecs(running.endpoint())) {
                assertThat(ecs.listClusters().clusterArns()).singleElement().asString().endsWith("/kept");
            }
        }
    }

    @Test
    void eventsAreKeptForWhoAsksAlsoAfterAKill() throws IOException, InterruptedException {
        try (var first = start();
             var follow = Launched.start("events", "--data", directory.toString(), "--follow",
                     "--detail-type", "ECS Deployment State Change")) {
            assertThat(first.firstLine()).isNotEmpty();
            createService("one");
            assertThat(follow.firstLine()).contains("\"detail-type\":\"ECS Deployment State Change\"",
                    "\"source\":\"aws.ecs\"", "service/default/one", "SERVICE_DEPLOYMENT_IN_PROGRESS");
            createService("two");
            first.kill();
        }
        try (var second = start()) {
            assertThat(second.firstLine()).isNotEmpty();
            Await.untilPasses("what the first could not tell is told", Duration.ofSeconds(30), () ->
                    assertThat(events().lines().filter(line -> line.contains("service/default/two")
                            && line.contains("SERVICE_DEPLOYMENT_IN_PROGRESS"))).isNotEmpty());
        }
        assertThat(events()).contains("SERVICE_TASK_PLACEMENT_FAILURE");
    }

    private void createService(String name) {
        try (var ecs = Clients.ecs(Running.find(directory).orElseThrow().endpoint())) {
            ecs.createCluster(request -> { });
            ecs.registerTaskDefinition(request -> request.family("web").containerDefinitions(
                    ContainerDefinition.builder().name("app").image("busybox").memory(64).build()));
            ecs.createService(request -> request.serviceName(name).taskDefinition("web").desiredCount(1));
        }
    }

    private String events() {
        try {
            return Launched.run("events", "--data", directory.toString()).out();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void aPortInUseIsNamedWithItsHolder() throws IOException, InterruptedException {
        try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String port = Integer.toString(taken.getLocalPort());

            var refused = Launched.run("server", "--port", port, "--data", directory.toString());

            assertThat(refused.status()).isEqualTo(1);
            assertThat(refused.err()).contains("Port " + port + " is in use by pid " + ProcessHandle.current().pid(),
                    "--port");
        }
    }

    @Test
    void aDamagedOrNewerDirectoryIsRefused() throws IOException, InterruptedException {
        Files.writeString(directory.resolve("format"), "77\n");
        assertThat(Launched.run("server", "--port", "0", "--data", directory.toString()).err())
                .contains("format 77", "--data");

        Files.writeString(directory.resolve("format"), "gibberish\n");
        assertThat(Launched.run("server", "--port", "0", "--data", directory.toString()).err())
                .contains("damaged", "--data");

        Files.writeString(directory.resolve("format"), "1\n");
        Files.writeString(directory.resolve("state.db"), "this is not a database, and much longer than a header is\n"
                .repeat(100));
        var refused = Launched.run("server", "--port", "0", "--data", directory.toString());
        assertThat(refused.status()).isEqualTo(1);
        assertThat(refused.err()).startsWith("landfall: ").doesNotContain("a fault of its own").contains("state.db");
    }

    private Launched start() throws IOException {
        return Launched.start("server", "--port", "0", "--data", directory.toString());
    }

    private static void create(URI endpoint, String cluster) {
        try (var ecs = Clients.ecs(endpoint)) {
            ecs.createCluster(request -> request.clusterName(cluster));
        }
    }
}
