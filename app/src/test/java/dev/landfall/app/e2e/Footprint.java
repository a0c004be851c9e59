package dev.landfall.app.e2e;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.command.InspectVolumeResponse;
import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.model.Container;
import com.github.dockerjava.api.model.Network;
import com.github.dockerjava.core.DefaultDockerClientConfig;
import com.github.dockerjava.core.DockerClientImpl;
import com.github.dockerjava.zerodep.ZerodepDockerHttpClient;
import dev.landfall.testkit.Await;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** What one agent has at Docker Engine, by the label that it puts on everything. Asks the engine each time. */
record Footprint(String agentId, Map<String, String> environment) {
    private static final String AGENT = "dev.landfall.agent";
    private static final String CONTAINER_NAME = "com.amazonaws.ecs.container-name";
    private static final String TASK_ARN = "com.amazonaws.ecs.task-arn";

    /** That of the agent with this data directory; of none if it never came so far as to have an identity. */
    static Footprint of(Path agentData, Map<String, String> environment) {
        Path identity = agentData.resolve("agent.json");
        try {
            return new Footprint(Files.exists(identity)
                    ? new ObjectMapper().readTree(identity.toFile()).path("agentId").asText() : "", environment);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @FunctionalInterface
    interface Question<T> {
        T ask(DockerClient docker);
    }

    <T> T engine(Question<T> question) {
        var config = DefaultDockerClientConfig.createDefaultConfigBuilder();
        if (environment.containsKey("DOCKER_HOST")) {
            config.withDockerHost(environment.get("DOCKER_HOST"));
        }
        var built = config.build();
        var transport = new ZerodepDockerHttpClient.Builder().dockerHost(built.getDockerHost()).build();
        try (var docker = DockerClientImpl.getInstance(built, transport)) {
            return question.ask(docker);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    List<Container> containers() {
        return agentId.isEmpty() ? List.of() : engine(docker -> docker.listContainersCmd().withShowAll(true)
                .withLabelFilter(Map.of(AGENT, agentId)).exec());
    }

    /** The running containers of tasks by their ids, each with its task's ARN. Pause containers are none of these. */
    Map<String, String> running() {
        var running = new TreeMap<String, String>();
        for (Container container : containers()) {
            if (container.getState().equals("running") && container.getLabels().containsKey(CONTAINER_NAME)) {
                running.put(container.getId(), container.getLabels().get(TASK_ARN));
            }
        }
        return running;
    }

    Set<String> networks() {
        var names = new TreeSet<String>();
        if (!agentId.isEmpty()) {
            engine(docker -> docker.listNetworksCmd().withFilter("label", List.of(AGENT + "=" + agentId)).exec())
                    .stream().map(Network::getName).forEach(names::add);
        }
        return names;
    }

    Set<String> volumes() {
        var names = new TreeSet<String>();
        if (!agentId.isEmpty()) {
            engine(docker -> docker.listVolumesCmd().withFilter("label", List.of(AGENT + "=" + agentId)).exec())
                    .getVolumes().stream().map(InspectVolumeResponse::getName).forEach(names::add);
        }
        return names;
    }

    void kill(String containerId) {
        engine(docker -> docker.killContainerCmd(containerId).exec());
    }

    void remove() {
        containers().forEach(container -> removed(() -> engine(docker ->
                docker.removeContainerCmd(container.getId()).withForce(true).withRemoveVolumes(true).exec())));
        networks().forEach(name -> removed(() -> removeNetwork(name)));
        volumes().forEach(name -> removed(() -> engine(docker -> docker.removeVolumeCmd(name).exec())));
    }

    /**
     * The engine takes the endpoints of containers off their network a moment after these are gone. Where it has lost
     * count of them, the network can go only after its next start: what is asserted of leftovers is asserted elsewhere.
     */
    private void removeNetwork(String name) {
        try {
            Await.untilPasses("the network " + name + " has no endpoints", Duration.ofSeconds(5), () -> {
                try {
                    engine(docker -> docker.removeNetworkCmd(name).exec());
                } catch (DockerException e) {
                    if (!e.getMessage().contains("active endpoints")) {
                        throw e;
                    }
                    throw new AssertionError(e);
                }
            });
        } catch (AssertionError e) {
            System.err.println(e.getMessage());
        }
    }

    private static void removed(Runnable removal) {
        try {
            removal.run();
        } catch (NotFoundException e) {
            return;    // its container took it along
        }
    }
}
