package dev.landfall.agent.engine;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.landfall.protocol.TaskPayload;
import dev.landfall.protocol.TaskPayload.ContainerPayload;
import dev.landfall.protocol.TaskPayload.MountPoint;
import dev.landfall.protocol.TaskPayload.PortMapping;
import dev.landfall.protocol.TaskPayload.VolumeFrom;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The Engine's create document of a task's container: what the payload says, with its dockerConfig documents merged
 * over. Stateless.
 */
public final class ContainerDocument {
    /** The least the kernel takes; ECS gives it to containers that ask for nothing. */
    private static final int MIN_CPU_SHARES = 2;

    /** Members of hostConfig that belong to the owner of a network namespace; others may not have them. */
    private static final List<String> NAMESPACE_HOST_MEMBERS =
            List.of("Dns", "DnsSearch", "DnsOptions", "ExtraHosts", "Links", "PortBindings", "PublishAllPorts");

    private static final List<String> NAMESPACE_MEMBERS = List.of("Hostname", "Domainname", "MacAddress",
            "ExposedPorts");
    /** By this the NVIDIA runtime knows which GPUs to hand to a container. */
    private static final String VISIBLE_GPUS = "NVIDIA_VISIBLE_DEVICES";

    /** What Amazon's agent calls this runtime unless it is told otherwise; it comes with NVIDIA's container toolkit. */
    private static final String GPU_RUNTIME = "nvidia";

    private static final ObjectMapper JSON = EngineHttp.JSON;

    private ContainerDocument() {}

    /**
     * What a container's document depends on beside its payload.
     *
     * @param dockerNames the Docker name of each container of the task
     * @param sources a volume name or host path for each volume of the task
     * @param pauseId the container that holds the namespaces which the task's containers share
     * @param own the network place of a container that needs no pause container to have it
     * @param hostPorts host ports chosen for containers' ports, by {@code port/protocol}
     */
    public record Context(
            Map<String, String> dockerNames,
            Map<String, String> sources,
            Optional<String> pauseId,
            Optional<NetworkPlace> own,
            Map<String, String> environment,
            Map<String, String> labels,
            Optional<String> cgroupParent,
            Map<String, Integer> hostPorts) {}

    /** An address on one of the engine's networks. */
    public record NetworkPlace(String network, String ipv4Address) {
        public void enter(ObjectNode document) {
            document.withObject("/HostConfig").put("NetworkMode", network);
            document.putObject("NetworkingConfig").putObject("EndpointsConfig").putObject(network)
                    .putObject("IPAMConfig").put("IPv4Address", ipv4Address);
        }
    }

    /** What the namespaces' owner has to be made with, gathered from the containers that will join it. */
    public record NamespaceNeeds(ObjectNode config, ObjectNode hostConfig) {
        public boolean none() {
            return config.isEmpty() && hostConfig.isEmpty();
        }
    }

    public static ObjectNode of(TaskPayload task, ContainerPayload container, Context context) {
        ObjectNode document = JSON.createObjectNode().put("Image", container.image());
        List<String> command = overriddenCommand(container);
        strings(document, "Cmd", command);
        strings(document, "Entrypoint", container.entryPoint());
        ObjectNode host = document.putObject("HostConfig");
        List<String> gpus = task.gpus(container.name());
        document.set("Env", environment(container, gpus, context));
        limits(task, container, host, context.cgroupParent());
        mounts(container, host, context);
        String mode = networkMode(task, container);
        host.put("NetworkMode", mode);
        // In awsvpc mode a port is the task's own address's, and none of the host's.
        if (mode.equals("bridge") && !"awsvpc".equals(task.networkMode())) {
            ports(container, document, host, context.hostPorts());
            links(container, host, context);
        }
        merge(document, dockerConfig(container), "HostConfig");
        merge(host, dockerHostConfig(container), "");
        // The merged documents may name a mode; the task's own decides.
        host.put("NetworkMode", mode);
        if ("awsvpc".equals(task.networkMode()) && context.pauseId().isPresent()) {
            host.put("NetworkMode", "container:" + context.pauseId().get());
            host.remove(NAMESPACE_HOST_MEMBERS);
            document.remove(NAMESPACE_MEMBERS);
        }
        context.own().ifPresent(place -> place.enter(document));
        sharedNamespace(task.pidMode(), "PidMode", host, context);
        sharedNamespace(task.ipcMode(), "IpcMode", host, context);
        if (!gpus.isEmpty()) {
            host.put("Runtime", GPU_RUNTIME);
        }
        logging(host);
        ObjectNode labels = document.withObject("/Labels");
        context.labels().forEach(labels::put);
        return document;
    }

    public static NamespaceNeeds namespaceNeeds(TaskPayload task) {
        ObjectNode config = JSON.createObjectNode();
        ObjectNode hostConfig = JSON.createObjectNode();
        for (ContainerPayload container : Objects.requireNonNullElse(task.containers(), List.<ContainerPayload>of())) {
            for (String name : List.of("Hostname", "Domainname")) {
                JsonNode value = dockerConfig(container).path(name);
                if (!value.asText("").isEmpty()) {
                    config.set(name, value);
                }
            }
            for (String name : List.of("Dns", "DnsSearch", "DnsOptions", "ExtraHosts")) {
                JsonNode values = dockerHostConfig(container).path(name);
                if (!values.isEmpty()) {
                    values.forEach(hostConfig.withArrayProperty(name)::add);
                }
            }
        }
        return new NamespaceNeeds(config, hostConfig);
    }

    /** bridge, host or none; for awsvpc tasks the answer is overruled by the pause container. */
    public static String networkMode(TaskPayload task, ContainerPayload container) {
        String own = dockerHostConfig(container).path("NetworkMode").asText("");
        String mode = Objects.requireNonNullElse(task.networkMode(), "");
        return !mode.isEmpty() && !mode.equals("awsvpc") ? mode : !own.isEmpty() ? own : "bridge";
    }

    private static List<String> overriddenCommand(ContainerPayload container) {
        JsonNode command = read(container.overrides()).path("command");
        if (!command.isArray() || command.isEmpty()) {
            return container.command();
        }
        var words = new java.util.ArrayList<String>();
        command.forEach(word -> words.add(word.asText()));
        return words;
    }

    private static ArrayNode environment(ContainerPayload container, List<String> gpus, Context context) {
        var all = new TreeMap<String, String>(context.environment());
        all.putAll(Objects.requireNonNullElse(container.environment(), Map.of()));
        if (!gpus.isEmpty()) {
            all.put(VISIBLE_GPUS, String.join(",", gpus)); // no container may help itself to another's
        }
        ArrayNode list = JSON.createArrayNode();
        all.forEach((name, value) -> list.add(name + "=" + value));
        return list;
    }

    /**
     * A task-level limit binds the task as a whole where the task has its own cgroup; else every container gets it,
     * which bounds each but not their sum.
     */
    private static void limits(
            TaskPayload task, ContainerPayload container, ObjectNode host, Optional<String> cgroupParent) {
        host.put("CpuShares", Math.max(container.cpu(), MIN_CPU_SHARES));
        if (container.memory() > 0) {
            host.put("Memory", (long) container.memory() << 20);
        }
        if (cgroupParent.isPresent()) {
            host.put("CgroupParent", cgroupParent.get());
            return;
        }
        if (task.memory() != null && task.memory() > 0 && container.memory() <= 0) {
            host.put("Memory", (long) task.memory() << 20);
        }
        if (task.cpu() != null && task.cpu() > 0) {
            host.put("NanoCpus", Math.round(task.cpu() * 1_000_000_000L));
        }
    }

    private static void mounts(ContainerPayload container, ObjectNode host, Context context) {
        ArrayNode binds = JSON.createArrayNode();
        for (MountPoint mount : Objects.requireNonNullElse(container.mountPoints(), List.<MountPoint>of())) {
            String source = context.sources().get(mount.sourceVolume());
            if (source != null) {
                binds.add(source + ":" + mount.containerPath() + (Boolean.TRUE.equals(mount.readOnly()) ? ":ro" : ""));
            }
        }
        if (!binds.isEmpty()) {
            host.set("Binds", binds);
        }
        ArrayNode from = JSON.createArrayNode();
        for (VolumeFrom source : Objects.requireNonNullElse(container.volumesFrom(), List.<VolumeFrom>of())) {
            from.add(context.dockerNames().getOrDefault(source.sourceContainer(), source.sourceContainer())
                    + (Boolean.TRUE.equals(source.readOnly()) ? ":ro" : ""));
        }
        if (!from.isEmpty()) {
            host.set("VolumesFrom", from);
        }
    }

    private static void ports(
            ContainerPayload container, ObjectNode document, ObjectNode host, Map<String, Integer> chosen) {
        ObjectNode exposed = JSON.createObjectNode();
        ObjectNode bindings = JSON.createObjectNode();
        for (PortMapping mapping : Objects.requireNonNullElse(container.portMappings(), List.<PortMapping>of())) {
            String protocol = protocol(mapping);
            for (int port : ports(mapping)) {
                String key = port + "/" + protocol;
                exposed.putObject(key);
                int hostPort = chosen.getOrDefault(key, Objects.requireNonNullElse(mapping.hostPort(), 0));
                bindings.withArrayProperty(key).addObject().put("HostPort", hostPort == 0 ? "" : "" + hostPort);
            }
        }
        if (!exposed.isEmpty()) {
            document.set("ExposedPorts", exposed);
            host.set("PortBindings", bindings);
        }
    }

    public static String protocol(PortMapping mapping) {
        return Objects.requireNonNullElse(mapping.protocol(), "tcp").toLowerCase(java.util.Locale.ROOT);
    }

    /** The container ports of a mapping: one, or those of its range. */
    public static List<Integer> ports(PortMapping mapping) {
        if (mapping.containerPortRange() == null) {
            return mapping.containerPort() == null ? List.of() : List.of(mapping.containerPort());
        }
        String[] ends = mapping.containerPortRange().split("-", 2);
        return java.util.stream.IntStream.rangeClosed(Integer.parseInt(ends[0]),
                Integer.parseInt(ends[ends.length - 1]))
                .boxed().toList();
    }

    private static void links(ContainerPayload container, ObjectNode host, Context context) {
        ArrayNode links = JSON.createArrayNode();
        for (String link : Objects.requireNonNullElse(container.links(), List.<String>of())) {
            String[] parts = link.split(":", 2);
            links.add(context.dockerNames().getOrDefault(parts[0], parts[0]) + ":" + parts[parts.length - 1]);
        }
        if (!links.isEmpty()) {
            host.set("Links", links);
        }
    }

    private static void sharedNamespace(String mode, String member, ObjectNode host, Context context) {
        if ("task".equals(mode)) {
            context.pauseId().ifPresent(id -> host.put(member, "container:" + id));
        } else if (mode != null && !mode.isEmpty()) {
            host.put(member, mode);
        }
    }

    /** awslogs is kept by the engine as files: the agent reads them. Files are rotated unless the task says how. */
    private static void logging(ObjectNode host) {
        ObjectNode log = host.withObject("/LogConfig");
        String type = log.path("Type").asText("");
        if (type.isEmpty() || type.equals("awslogs")) {
            log.put("Type", "json-file").putObject("Config").put("max-size", "10m").put("max-file", "2");
        } else if (type.equals("json-file") && !log.path("Config").has("max-size")) {
            log.withObject("/Config").put("max-size", "10m");
        }
    }

    private static void merge(ObjectNode target, JsonNode over, String except) {
        for (var member : over.properties()) {
            boolean objects = member.getValue().isObject() && target.path(member.getKey()).isObject();
            if (member.getValue().isNull() || member.getKey().equals(except)) {
                continue;
            }
            if (objects) {
                ((ObjectNode) target.get(member.getKey())).setAll((ObjectNode) member.getValue());
            } else {
                target.set(member.getKey(), member.getValue());
            }
        }
    }

    private static JsonNode dockerConfig(ContainerPayload container) {
        return container.dockerConfig() == null ? read(null) : read(container.dockerConfig().config());
    }

    private static JsonNode dockerHostConfig(ContainerPayload container) {
        return container.dockerConfig() == null ? read(null) : read(container.dockerConfig().hostConfig());
    }

    private static JsonNode read(String text) {
        try {
            return text == null || text.isBlank() ? JSON.createObjectNode() : JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw EngineError.refused(400, "dockerConfig is no JSON: " + e.getOriginalMessage());
        }
    }

    private static void strings(ObjectNode document, String name, List<String> values) {
        if (values != null && !values.isEmpty()) {
            ArrayNode array = document.putArray(name);
            values.forEach(array::add);
        }
    }
}
