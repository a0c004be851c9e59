package dev.landfall.app.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.Socket;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.ecs.model.LaunchType;
import software.amazon.awssdk.services.ecs.model.MountPoint;
import software.amazon.awssdk.services.ecs.model.RegisterTaskDefinitionRequest;
import software.amazon.awssdk.services.ecs.model.Volume;

/** What is left on the machine when tasks, services and Landfall itself end. */
class LeftoversTest {
    private static final String CLUSTER = "leftovers";
    private static final int METADATA_PORT = 51679;

    @BeforeAll
    static void image() {
        WebImage.ensure();
    }

    @Test
    void downLeavesTasksAloneAndStopTasksLeavesNothing() throws IOException {
        try (var up = Landfall.up("leftovers")) {
            var services = new Services(up.ecs(), CLUSTER);
            up.ecs().createCluster(r -> r.clusterName(CLUSTER));
            up.ecs().registerTaskDefinition(withVolume());
            for (String name : List.of("staying", "leaving")) {
                up.ecs().createService(r -> r.cluster(CLUSTER).serviceName(name).taskDefinition("with-volume")
                        .desiredCount(2).launchType(LaunchType.FARGATE));
            }
            up.await("both services run", () -> {
                services.assertSteadyAtOnce("staying");
                services.assertSteadyAtOnce("leaving");
            });
            assertThat(up.footprint().volumes()).hasSize(4);
            up.ecs().deleteService(r -> r.cluster(CLUSTER).service("leaving").force(true));
            up.ecs().waiter().waitUntilServicesInactive(
                    r -> r.cluster(CLUSTER).services("leaving"), Waiting::often);
            up.await("only the other service's containers run", () -> services.assertSameAs(up.footprint()));

            Map<String, String> running = up.footprint().running();
            assertThat(running).hasSize(2);
            up.down();
            assertThat(up.footprint().running()).isEqualTo(running);
            up.start();
            services.assertSteadyAtOnce("staying");
            assertThat(services.runtimeIds()).isEqualTo(running);
            services.assertSameAs(up.footprint());

            InetAddress address = metadataAddress(up);
            assertThat(addresses()).contains(address);
            up.down("--stop-tasks");
            assertThat(up.footprint().containers()).isEmpty();
            assertThat(up.footprint().networks()).isEmpty();
            assertThat(up.footprint().volumes()).isEmpty();
            assertThat(!addresses().contains(address) || isAnothers(address)).as(addresses().toString()).isTrue();
        }
    }

    /** Without tasks there is nothing to come back to: what was made ahead for them goes as well. */
    @Test
    void downWithNothingRunningLeavesNothing() throws IOException {
        try (var up = Landfall.up("idle")) {
            up.await("the metadata endpoint is open",
                    () -> assertThat(metadataAddress(up).isLinkLocalAddress()).isTrue());
            InetAddress address = metadataAddress(up);
            up.down();
            assertThat(up.footprint().containers()).isEmpty();
            assertThat(up.footprint().networks()).isEmpty();
            assertThat(!addresses().contains(address) || isAnothers(address)).as(addresses().toString()).isTrue();
        }
    }

    private static RegisterTaskDefinitionRequest withVolume() {
        var request = Documents.taskDefinition("web-app.json");
        var container = request.containerDefinitions().getFirst().toBuilder()
                .mountPoints(MountPoint.builder().sourceVolume("scratch").containerPath("/scratch").build()).build();
        return request.toBuilder().family("with-volume").containerDefinitions(container)
                .volumes(Volume.builder().name("scratch").build()).build();
    }

    private static InetAddress metadataAddress(Landfall up) {
        try {
            var identity = new ObjectMapper().readTree(up.data().resolve("agent").resolve("agent.json").toFile());
            return InetAddress.getByName(identity.path("metadataAddress").asText());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Another agent on this machine may have taken the address as soon as it was free; then it listens there. */
    private static boolean isAnothers(InetAddress address) {
        try (var socket = new Socket(address, METADATA_PORT)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    private static List<InetAddress> addresses() throws IOException {
        return Collections.list(NetworkInterface.getNetworkInterfaces()).stream()
                .flatMap(NetworkInterface::inetAddresses).toList();
    }
}
