package dev.landfall.agent.metadata;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.landfall.agent.engine.ContainerDocument;
import dev.landfall.agent.engine.ContainerFacts;
import dev.landfall.agent.engine.Engine;
import dev.landfall.agent.network.TaskNetwork;
import dev.landfall.agent.supervise.TaskRunner;
import dev.landfall.agent.task.ContainerState;
import dev.landfall.agent.task.Health;
import dev.landfall.agent.task.PortBinding;
import dev.landfall.agent.task.TaskState;
import dev.landfall.protocol.TaskPayload;
import dev.landfall.protocol.TaskPayload.ContainerPayload;
import dev.landfall.protocol.TaskPayload.PortMapping;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** The documents of the task metadata endpoint, versions 3 and 4. */
final class MetadataDocuments {
    static final ObjectMapper JSON = new ObjectMapper();

    private final Engine engine;
    private final String availabilityZone;

    MetadataDocuments(Engine engine, String availabilityZone) {
        this.engine = engine;
        this.availabilityZone = availabilityZone;
    }

    ObjectNode task(TaskRunner runner, int version) {
        TaskState state = runner.state();
        TaskPayload payload = state.payload();
        ObjectNode task = JSON.createObjectNode()
                .put("Cluster", payload.taskClusterArn())
                .put("TaskARN", payload.arn())
                .put("Family", payload.family())
                .put("Revision", payload.version())
                .put("DesiredStatus", state.stopping() ? "STOPPED" : "RUNNING")
                .put("KnownStatus", known(state));
        if (payload.cpu() != null || payload.memory() != null) {
            ObjectNode limits = task.putObject("Limits");
            if (payload.cpu() != null) {
                limits.put("CPU", payload.cpu());
            }
            if (payload.memory() != null) {
                limits.put("Memory", payload.memory());
            }
        }
        time(task, "PullStartedAt", state.pullStartedAt());
        time(task, "PullStoppedAt", state.pullStoppedAt());
        time(task, "ExecutionStoppedAt", state.executionStoppedAt());
        task.put("AvailabilityZone", availabilityZone);
        if (payload.launchType() != null) {
            task.put("LaunchType", payload.launchType());
        }
        if (payload.serviceName() != null) {
            task.put("ServiceName", payload.serviceName());
        }
        if (version == 4) {
            task.put("FaultInjectionEnabled", false);
        }
        ArrayNode containers = task.putArray("Containers");
        for (ContainerPayload container : TaskState.containersOf(payload)) {
            if (state.container(container.name()).id().isPresent()) {
                containers.add(container(runner, container, version));
            }
        }
        return task;
    }

    private static String known(TaskState state) {
        return switch (state.status()) {
            case PENDING -> "PENDING";
            case RUNNING -> "RUNNING";
            case STOPPED -> "STOPPED";
        };
    }

    ObjectNode container(TaskRunner runner, ContainerPayload container, int version) {
        TaskState state = runner.state();
        ContainerState known = state.container(container.name());
        Optional<ContainerFacts> facts = known.id().flatMap(engine::inspect);
        ObjectNode document = JSON.createObjectNode()
                .put("DockerId", known.id().orElse(""))
                .put("Name", container.name())
                .put("DockerName", runner.names().containers().get(container.name()))
                .put("Image", container.image())
                .put("ImageID", facts.map(ContainerFacts::imageId).orElse(""));
        ports(document, container, known);
        ObjectNode labels = document.putObject("Labels");
        facts.ifPresent(engineFacts -> engineFacts.labels().forEach((name, value) -> {
            if (!name.startsWith("dev.landfall.")) {
                labels.put(name, value);
            }
        }));
        document.put("DesiredStatus", state.stopping() ? "STOPPED" : "RUNNING").put("KnownStatus", status(known));
        known.exitCode().ifPresent(code -> document.put("ExitCode", code));
        document.putObject("Limits").put("CPU", Math.max(2, container.cpu())).put("Memory", container.memory());
        time(document, "CreatedAt", facts.flatMap(ContainerFacts::createdAt));
        time(document, "StartedAt", known.lastStartedAt());
        time(document, "FinishedAt", known.stoppedAt());
        document.put("Type", "NORMAL");
        if (known.health().status() != Health.Status.NONE) {
            ObjectNode health = document.putObject("Health").put("status", known.health().status().name());
            time(health, "statusSince", Optional.of(known.health().since()));
        }
        if (container.restartPolicy() != null && container.restartPolicy().enabled()) {
            document.put("RestartCount", known.restarts());
        }
        document.put("LogDriver", "json-file").put("ContainerARN", container.containerArn());
        networks(document, state, container, facts, version);
        return document;
    }

    private static String status(ContainerState known) {
        return switch (known.phase()) {
            case WAITING, PULLING -> "NONE";
            case PULLED, CREATING -> "PULLED";
            case CREATED, STARTING -> "CREATED";
            case RUNNING, STOPPING -> "RUNNING";
            case STOPPED -> "STOPPED";
        };
    }

    private static void ports(ObjectNode document, ContainerPayload container, ContainerState known) {
        var mappings = Objects.requireNonNullElse(container.portMappings(), List.<PortMapping>of());
        if (mappings.isEmpty()) {
            return;
        }
        ArrayNode ports = document.putArray("Ports");
        if (known.bindings().isEmpty()) {
            mappings.forEach(mapping -> ContainerDocument.ports(mapping).forEach(port -> ports.addObject()
                    .put("ContainerPort", port).put("Protocol", ContainerDocument.protocol(mapping))));
        }
        for (PortBinding binding : known.bindings()) {
            if (!binding.isRange()) {
                ports.addObject().put("ContainerPort", binding.containerPort()).put("Protocol", binding.protocol())
                        .put("HostPort", binding.hostPort()).put("HostIp", binding.bindIp());
            }
        }
    }

    private static void networks(ObjectNode document, TaskState state, ContainerPayload container,
            Optional<ContainerFacts> facts, int version) {
        ArrayNode networks = document.putArray("Networks");
        ObjectNode network = networks.addObject();
        if (!state.awsvpc()) {
            network.put("NetworkMode", ContainerDocument.networkMode(state.payload(), container));
            ArrayNode addresses = network.putArray("IPv4Addresses");
            facts.ifPresent(engineFacts -> engineFacts.addresses().values().stream()
                    .filter(address -> !address.isEmpty()).forEach(addresses::add));
            return;
        }
        network.put("NetworkMode", "awsvpc");
        ArrayNode addresses = network.putArray("IPv4Addresses");
        TaskNetwork.address(state.payload()).ifPresent(addresses::add);
        if (version == 4) {
            state.payload().elasticNetworkInterfaces().stream().findFirst().ifPresent(card -> {
                network.put("AttachmentIndex", 0);
                network.put("MACAddress", card.macAddress());
                network.put("IPv4SubnetCIDRBlock", card.subnetGatewayIpv4Address());
                network.put("PrivateDNSName", card.privateDnsName());
                network.put("SubnetGatewayIpv4Address", card.subnetGatewayIpv4Address());
            });
        }
    }

    JsonNode stats(TaskRunner runner, ContainerPayload container) {
        return runner.state().container(container.name()).id().flatMap(engine::stats)
                .orElseGet(JSON::createObjectNode);
    }

    ObjectNode taskStats(TaskRunner runner) {
        ObjectNode all = JSON.createObjectNode();
        for (ContainerPayload container : TaskState.containersOf(runner.state().payload())) {
            runner.state().container(container.name()).id()
                    .ifPresent(id -> all.set(id, stats(runner, container)));
        }
        return all;
    }

    private static void time(ObjectNode document, String name, Optional<Instant> at) {
        at.ifPresent(instant -> document.put(name, instant.toString()));
    }
}
