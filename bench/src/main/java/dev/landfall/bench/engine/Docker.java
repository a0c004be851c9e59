package dev.landfall.bench.engine;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.async.ResultCallback;
import com.github.dockerjava.api.command.CreateContainerCmd;
import com.github.dockerjava.api.exception.ConflictException;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.model.Event;
import com.github.dockerjava.api.model.ExposedPort;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.api.model.LogConfig;
import com.github.dockerjava.api.model.PortBinding;
import com.github.dockerjava.api.model.Ports;
import com.github.dockerjava.core.DefaultDockerClientConfig;
import com.github.dockerjava.core.DockerClientImpl;
import com.github.dockerjava.transport.DockerHttpClient;
import com.github.dockerjava.zerodep.ZerodepDockerHttpClient;
import dev.landfall.bench.Cleanup;
import dev.landfall.bench.Refusal;
import dev.landfall.bench.wire.Api;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.LinkedBlockingQueue;

/** The raw Engine, through docker-java on its socket: the floor below everything that starts containers. */
public final class Docker implements AutoCloseable {
    /** Marks what benchmarks make, so that nothing else is ever removed. */
    public static final String LABEL = "dev.landfall.bench";

    private static final String IMAGE = "landfall-bench:busybox";
    private static final String NETWORK = "landfall-bench";
    private static final int CPU_SHARES = 2;
    private static final long MEMORY_BYTES = 64L << 20;
    private static final int MAX_CONNECTIONS = 64;

    /** A container that runs until it is told to stop, and then ends at once. */
    public static final List<String> COMMAND = List.of("sh", "-c", "trap 'exit 0' TERM; sleep 1000000 & wait");

    private final DockerHttpClient http;
    private final DockerClient client;

    public Docker() {
        var config = DefaultDockerClientConfig.createDefaultConfigBuilder().build();
        http = new ZerodepDockerHttpClient.Builder()
                .dockerHost(config.getDockerHost())
                .maxConnections(MAX_CONNECTIONS)
                .build();
        client = DockerClientImpl.getInstance(config, http);
    }

    DockerClient client() {
        return client;
    }

    public String version() {
        return client.versionCmd().exec().getVersion();
    }

    /** Makes the image and answers its name. */
    public String image(Cleanup cleanup) {
        importImage(BusyboxImage.tar());
        cleanup.add(() -> {
            try {
                client.removeImageCmd(IMAGE).withForce(true).exec();
            } catch (NotFoundException e) {
                // Another run that ended meanwhile used the same name.
            }
        });
        return IMAGE;
    }

    /** By the transport itself, since the typed command cuts the content short on a unix socket. */
    private void importImage(byte[] tar) {
        var request = DockerHttpClient.Request.builder()
                .method("POST")
                .path("/images/create?fromSrc=-&repo=" + URLEncoder.encode(IMAGE, UTF_8))
                .putHeader("Content-Type", "application/x-tar")
                .body(new ByteArrayInputStream(tar))
                .bodyBytes(tar)
                .build();
        try (var response = http.execute(request)) {
            String answer = new String(response.getBody().readAllBytes(), UTF_8);
            if (response.getStatusCode() != 200 || answer.contains("\"error\"")) {
                throw new Refusal("the engine took no image: " + answer);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public String imageId(String image) {
        return client.inspectImageCmd(image).exec().getId();
    }

    /** A bridge network of the benchmark's own, which is what the engine has for a task with an address of its own. */
    public String network(Cleanup cleanup) {
        String id = client.createNetworkCmd().withName(NETWORK + "-" + ProcessHandle.current().pid())
                .withDriver("bridge").withLabels(Map.of(LABEL, "")).exec().getId();
        cleanup.add(() -> client.removeNetworkCmd(id).exec());
        return id;
    }

    /** Creates and starts a container as the agent would make it; answers its id. */
    public String run(String image, String networkMode, boolean dynamicPort) {
        String id = create(image, networkMode, dynamicPort);
        start(id);
        return id;
    }

    public void start(String id) {
        client.startContainerCmd(id).exec();
    }

    public String create(String image, String networkMode, boolean dynamicPort) {
        HostConfig host = HostConfig.newHostConfig()
                .withNetworkMode(networkMode)
                .withCpuShares(CPU_SHARES)
                .withMemory(MEMORY_BYTES)
                .withLogConfig(new LogConfig(LogConfig.LoggingType.JSON_FILE,
                        Map.of("max-size", "10m", "max-file", "2")));
        CreateContainerCmd create = client.createContainerCmd(image)
                .withCmd(COMMAND)
                .withLabels(Map.of(LABEL, ""));
        if (dynamicPort) {
            create.withExposedPorts(ExposedPort.tcp(80));
            host.withPortBindings(new PortBinding(Ports.Binding.empty(), ExposedPort.tcp(80)));
        }
        return create.withHostConfig(host).exec().getId();
    }

    public void kill(String id) {
        client.killContainerCmd(id).exec();
    }

    public void remove(String id) {
        try {
            client.removeContainerCmd(id).withForce(true).withRemoveVolumes(true).exec();
        } catch (NotFoundException | ConflictException e) {
            // Gone, or somebody else is removing it.
        }
    }

    /** Ids of the containers with a label ({@code name} or {@code name=value}), also those that have ended. */
    public List<String> containers(String label) {
        return client.listContainersCmd().withShowAll(true).withLabelFilter(List.of(label)).exec().stream()
                .map(container -> container.getId()).toList();
    }

    public long runningContainers() {
        return client.listContainersCmd().exec().size();
    }

    /** Puts each creation and start of a container with that label into the queue, until closed. */
    public AutoCloseable follow(String label, LinkedBlockingQueue<Happened> events) {
        return client.eventsCmd().withEventFilter("create", "start").withLabelFilter(label)
                .exec(new ResultCallback.Adapter<Event>() {
                    @Override
                    public void onNext(Event event) {
                        events.add(new Happened(event.getAction(), event.getId(), event.getTimeNano() / 1e6));
                    }
                });
    }

    /** What the engine says has happened; {@code epochMillis} is its clock, which is also ours. */
    public record Happened(String action, String containerId, double epochMillis) {}

    public void sweep(String label) {
        containers(label).forEach(this::remove);
    }

    /** Removes what the ended agent of a data directory may have left: it keeps its network for its return. */
    public void sweepAgent(Path data) throws IOException {
        for (Path identity : List.of(data.resolve("agent.json"), data.resolve("agent/agent.json"))) {
            if (Files.exists(identity)) {
                String label = "dev.landfall.agent=" + Api.JSON.readTree(identity.toFile()).path("agentId").asText();
                sweep(label);
                client.listNetworksCmd().withFilter("label", List.of(label)).exec()
                        .forEach(network -> client.removeNetworkCmd(network.getId()).exec());
            }
        }
    }

    @Override
    public void close() {
        try {
            client.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
