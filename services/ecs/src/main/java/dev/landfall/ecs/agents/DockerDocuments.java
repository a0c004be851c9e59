package dev.landfall.ecs.agents;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.landfall.protocol.TaskPayload.DockerConfig;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.services.ecs.model.ContainerDefinition;
import software.amazon.awssdk.services.ecs.model.ContainerOverride;
import software.amazon.awssdk.services.ecs.model.Device;
import software.amazon.awssdk.services.ecs.model.HealthCheck;
import software.amazon.awssdk.services.ecs.model.LinuxParameters;
import software.amazon.awssdk.services.ecs.model.LogConfiguration;
import software.amazon.awssdk.services.ecs.model.LogDriver;
import software.amazon.awssdk.services.ecs.model.NetworkMode;
import software.amazon.awssdk.services.ecs.model.Task;
import software.amazon.awssdk.services.ecs.model.TaskDefinition;

/**
 * The {@code Config} and {@code HostConfig} documents of the Docker Engine API that the agent protocol carries for what
 * it has no members of its own: labels, user, health check, limits, log driver and so on.
 */
final class DockerDocuments {
    private static final long MIB = 1024L * 1024;
    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    // ECS's defaults (ECS API Reference, HealthCheck)
    private static final int HEALTH_INTERVAL_SECONDS = 30;
    private static final int HEALTH_TIMEOUT_SECONDS = 5;
    private static final int HEALTH_RETRIES = 3;

    private static final String STREAM_PREFIX = "awslogs-stream-prefix";

    private DockerDocuments() {}

    /** Whether the documents differ from task to task. */
    static boolean namesTask(ContainerDefinition container) {
        return container.logConfiguration() != null
                && container.logConfiguration().options().containsKey(STREAM_PREFIX);
    }

    static DockerConfig of(
            ContainerDefinition container, ContainerOverride override, TaskDefinition definition, Task task) {
        return new DockerConfig(
                config(container).toString(), hostConfig(container, override, definition, task).toString(), "1.17");
    }

    private static ObjectNode config(ContainerDefinition container) {
        ObjectNode config = JsonNodeFactory.instance.objectNode();
        map(config, "Labels", container.dockerLabels());
        text(config, "WorkingDir", container.workingDirectory());
        text(config, "User", container.user());
        text(config, "Hostname", container.hostname());
        flag(config, "Tty", container.pseudoTerminal());
        flag(config, "OpenStdin", container.interactive());
        if (Boolean.TRUE.equals(container.disableNetworking())) {
            config.put("NetworkDisabled", true);
        }
        if (container.healthCheck() != null) {
            config.set("Healthcheck", healthCheck(container.healthCheck()));
        }
        return config;
    }

    private static ObjectNode healthCheck(HealthCheck check) {
        ObjectNode document = JsonNodeFactory.instance.objectNode();
        list(document, "Test", check.command());
        document.put("Interval", or(check.interval(), HEALTH_INTERVAL_SECONDS) * NANOS_PER_SECOND);
        document.put("Timeout", or(check.timeout(), HEALTH_TIMEOUT_SECONDS) * NANOS_PER_SECOND);
        document.put("Retries", or(check.retries(), HEALTH_RETRIES));
        document.put("StartPeriod", or(check.startPeriod(), 0) * NANOS_PER_SECOND);
        return document;
    }

    private static ObjectNode hostConfig(
            ContainerDefinition container, ContainerOverride override, TaskDefinition definition, Task task) {
        ObjectNode host = JsonNodeFactory.instance.objectNode();
        String mode = definition.networkModeAsString();
        if (definition.networkMode() != NetworkMode.AWSVPC) {
            host.put("NetworkMode", mode == null ? "bridge" : mode);
        }
        host.set("LogConfig", logConfig(container, task));
        flag(host, "Privileged", container.privileged());
        flag(host, "ReadonlyRootfs", container.readonlyRootFilesystem());
        list(host, "Dns", container.dnsServers());
        list(host, "DnsSearch", container.dnsSearchDomains());
        list(host, "ExtraHosts", container.extraHosts().stream()
                .map(entry -> entry.hostname() + ":" + entry.ipAddress()).toList());
        list(host, "SecurityOpt", container.dockerSecurityOptions());
        if (!container.ulimits().isEmpty()) {
            ArrayNode limits = host.putArray("Ulimits");
            container.ulimits().forEach(limit -> limits.addObject()
                    .put("Name", limit.nameAsString()).put("Soft", limit.softLimit()).put("Hard", limit.hardLimit()));
        }
        if (!container.systemControls().isEmpty()) {
            ObjectNode sysctls = host.putObject("Sysctls");
            container.systemControls().forEach(control -> sysctls.put(control.namespace(), control.value()));
        }
        Integer reservation = override.memoryReservation() != null
                ? override.memoryReservation() : container.memoryReservation();
        if (reservation != null) {
            host.put("MemoryReservation", reservation * MIB);
        }
        if (container.linuxParameters() != null) {
            linuxParameters(host, container.linuxParameters());
        }
        return host;
    }

    private static void linuxParameters(ObjectNode host, LinuxParameters linux) {
        if (linux.capabilities() != null) {
            list(host, "CapAdd", linux.capabilities().add());
            list(host, "CapDrop", linux.capabilities().drop());
        }
        flag(host, "Init", linux.initProcessEnabled());
        if (linux.sharedMemorySize() != null) {
            host.put("ShmSize", linux.sharedMemorySize() * MIB);
        }
        if (linux.swappiness() != null) {
            host.put("MemorySwappiness", linux.swappiness());
        }
        if (linux.maxSwap() != null) {
            host.put("MemorySwap", linux.maxSwap() < 0 ? -1 : linux.maxSwap() * MIB);
        }
        if (!linux.devices().isEmpty()) {
            ArrayNode devices = host.putArray("Devices");
            linux.devices().forEach(device -> devices.addObject()
                    .put("PathOnHost", device.hostPath())
                    .put("PathInContainer", device.containerPath() == null ? device.hostPath() : device.containerPath())
                    .put("CgroupPermissions", permissions(device)));
        }
        if (!linux.tmpfs().isEmpty()) {
            ObjectNode tmpfs = host.putObject("Tmpfs");
            linux.tmpfs().forEach(mount -> tmpfs.put(mount.containerPath(),
                    String.join(",", mount.mountOptions()) + (mount.mountOptions().isEmpty() ? "" : ",")
                            + "size=" + mount.size() + "m"));
        }
    }

    /** Read, write and mknod are Docker's r, w and m; all three where none is named. */
    private static String permissions(Device device) {
        if (device.permissionsAsStrings().isEmpty()) {
            return "rwm";
        }
        var letters = new StringBuilder();
        device.permissionsAsStrings().forEach(permission -> letters.append(permission.charAt(0)));
        return letters.toString();
    }

    private static ObjectNode logConfig(ContainerDefinition container, Task task) {
        ObjectNode document = JsonNodeFactory.instance.objectNode();
        LogConfiguration log = container.logConfiguration();
        if (log == null) {
            document.put("Type", "json-file").putObject("Config");
            return document;
        }
        document.put("Type", log.logDriverAsString());
        ObjectNode options = document.putObject("Config");
        log.options().forEach(options::put);
        String prefix = log.options().get(STREAM_PREFIX);
        if (log.logDriver() == LogDriver.AWSLOGS && prefix != null) {
            options.remove(STREAM_PREFIX);
            String taskId = task.taskArn().substring(task.taskArn().lastIndexOf('/') + 1);
            options.put("awslogs-stream", prefix + "/" + container.name() + "/" + taskId);
        }
        return document;
    }

    private static long or(Integer value, int otherwise) {
        return value == null ? otherwise : value;
    }

    private static void text(ObjectNode node, String name, String value) {
        if (value != null) {
            node.put(name, value);
        }
    }

    private static void flag(ObjectNode node, String name, Boolean value) {
        if (value != null) {
            node.put(name, value);
        }
    }

    private static void list(ObjectNode node, String name, List<String> values) {
        if (!values.isEmpty()) {
            ArrayNode array = node.putArray(name);
            values.forEach(array::add);
        }
    }

    private static void map(ObjectNode node, String name, Map<String, String> values) {
        if (!values.isEmpty()) {
            ObjectNode object = node.putObject(name);
            values.forEach(object::put);
        }
    }
}
