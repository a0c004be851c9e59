package dev.landfall.agent.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.landfall.agent.AgentConfig;
import dev.landfall.agent.engine.EngineFacts;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.ecs.model.Attribute;
import software.amazon.awssdk.services.ecs.model.PlatformDevice;
import software.amazon.awssdk.services.ecs.model.RegisterContainerInstanceRequest;
import software.amazon.awssdk.services.ecs.model.RegisterContainerInstanceResponse;

class RegistrationTest {
    private static final EngineFacts ENGINE = new EngineFacts("28.0", "1.48", "x86_64", 2, 1L << 30, "systemd", 2);

    /** Keeps what it is asked. */
    private static final class Server implements EcsClient {
        private final List<RegisterContainerInstanceRequest> requests = new ArrayList<>();

        @Override
        public RegisterContainerInstanceResponse registerContainerInstance(RegisterContainerInstanceRequest request) {
            requests.add(request);
            return RegisterContainerInstanceResponse.builder()
                    .containerInstance(instance -> instance.containerInstanceArn("arn:1")).build();
        }

        @Override
        public String serviceName() {
            return "ecs";
        }

        @Override
        public void close() {
            // holds nothing
        }
    }

    @Test
    void itIsTheSameUnderItsToken() throws InterruptedException {
        var server = new Server();
        var registration = new Registration(
                AgentConfig.of(URI.create("http://127.0.0.1:1"), Path.of("/nowhere")), server, ENGINE);
        registration.register(Optional.empty(), "token", "10.0.0.0/20");
        registration.register(Optional.of("arn:1"), "token", "10.0.0.0/20");

        assertThat(server.requests).extracting(RegisterContainerInstanceRequest::containerInstanceArn)
                .containsExactly(null, "arn:1");
        assertThat(server.requests).allSatisfy(request -> assertThat(request.attributes()).contains(
                Attribute.builder().name("landfall.registration-token").value("token").build()));
    }

    @Test
    void gpusAreNamedAsDevices() throws InterruptedException {
        var server = new Server();
        AgentConfig config = AgentConfig.of(URI.create("http://127.0.0.1:1"), Path.of("/nowhere")).change()
                .gpus(List.of("GPU-1", "GPU-2")).build();

        String arn = new Registration(config, server, ENGINE).register(
                Optional.empty(), "token", "10.0.0.0/20");

        assertThat(arn).isEqualTo("arn:1");
        assertThat(server.requests.getFirst().platformDevices()).extracting(PlatformDevice::typeAsString)
                .containsExactly("GPU", "GPU");
        assertThat(server.requests.getFirst().platformDevices()).extracting(PlatformDevice::id)
                .containsExactly("GPU-1", "GPU-2");
    }
}
