package dev.landfall.ecs.agents;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.landfall.ecs.Scope;
import dev.landfall.ecs.deployment.PinnedImages;
import dev.landfall.ecs.instance.InstanceRow;
import dev.landfall.ecs.placement.AddressBlock;
import dev.landfall.ecs.placement.Demand;
import dev.landfall.ecs.task.TaskRow;
import dev.landfall.protocol.TaskPayload;
import dev.landfall.protocol.TaskPayload.Association;
import dev.landfall.protocol.TaskPayload.ContainerPayload;
import dev.landfall.protocol.TaskPayload.Dependency;
import dev.landfall.protocol.TaskPayload.DockerConfig;
import dev.landfall.protocol.TaskPayload.ElasticNetworkInterface;
import dev.landfall.protocol.TaskPayload.HostVolume;
import dev.landfall.protocol.TaskPayload.Ipv4Address;
import dev.landfall.protocol.TaskPayload.MountPoint;
import dev.landfall.protocol.TaskPayload.PortMapping;
import dev.landfall.protocol.TaskPayload.RestartPolicy;
import dev.landfall.protocol.TaskPayload.VolumeFrom;
import dev.landfall.protocol.TaskPayload.VolumePayload;
import dev.landfall.wire.SdkJson;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.services.ecs.model.Attachment;
import software.amazon.awssdk.services.ecs.model.Container;
import software.amazon.awssdk.services.ecs.model.ContainerDefinition;
import software.amazon.awssdk.services.ecs.model.ContainerOverride;
import software.amazon.awssdk.services.ecs.model.KeyValuePair;
import software.amazon.awssdk.services.ecs.model.Task;
import software.amazon.awssdk.services.ecs.model.TaskDefinition;
import software.amazon.awssdk.services.ecs.model.Volume;

/**
 * Turns a task into what its agent needs to run it. What tasks of the same definition have in common is made once and
 * kept for the next. Safe for any thread.
 */
public final class Payloads {
    private static final double CPU_UNITS_PER_VCPU = 1024;
    private static final ObjectMapper JSON = new ObjectMapper();

    /** For each definition what its containers have in common, in their order. */
    private final Cache<TaskDefinition, List<Common>> known = new Cache<>();

    /** What does not depend on the task, where no override changes it. */
    private record Common(
            Map<String, String> environment,
            List<PortMapping> portMappings,
            List<MountPoint> mountPoints,
            List<VolumeFrom> volumesFrom,
            List<Dependency> dependsOn,
            RestartPolicy restartPolicy,
            Optional<DockerConfig> dockerConfig) {

        static Common of(ContainerDefinition container, TaskDefinition definition, Task task) {
            var none = ContainerOverride.builder().build();
            return new Common(
                    Payloads.environment(container, none),
                    container.portMappings().stream().map(Payloads::portMapping).toList(),
                    container.mountPoints().stream().map(mount ->
                            new MountPoint(mount.sourceVolume(), mount.containerPath(), mount.readOnly())).toList(),
                    container.volumesFrom().stream().map(from ->
                            new VolumeFrom(from.sourceContainer(), from.readOnly())).toList(),
                    container.dependsOn().stream().map(dependency ->
                            new Dependency(dependency.containerName(), dependency.conditionAsString())).toList(),
                    Payloads.restartPolicy(container),
                    DockerDocuments.namesTask(container) ? Optional.empty()
                            : Optional.of(DockerDocuments.of(container, none, definition, task)));
        }
    }

    TaskPayload of(TaskRow row, TaskDefinition definition, InstanceRow instance) {
        Task task = row.task();
        if (!row.wanted()) {
            return TaskPayload.stop(row.arn(), task.clusterArn());
        }
        return new TaskPayload(
                row.arn(),
                task.clusterArn(),
                definition.family(),
                String.valueOf(definition.revision()),
                task.desiredStatus(),
                task.launchTypeAsString(),
                definition.networkModeAsString() == null ? "bridge" : definition.networkModeAsString(),
                task.cpu() == null ? null : Integer.parseInt(task.cpu()) / CPU_UNITS_PER_VCPU,
                task.memory() == null ? null : Integer.valueOf(task.memory()),
                definition.pidModeAsString(),
                definition.ipcModeAsString(),
                task.group(),
                task.group().startsWith("service:") ? task.group().substring("service:".length()) : null,
                Scope.of(row.arn()).accountId(),
                "{}",
                containers(definition, row),
                definition.volumes().stream().map(Payloads::volume).toList(),
                row.address().isEmpty() ? List.of() : List.of(networkInterface(row, instance)),
                task.containers().stream().flatMap(each -> each.gpuIds().stream()
                        .map(id -> Association.gpu(id, each.name()))).toList(),
                null,
                null);
    }

    private List<ContainerPayload> containers(TaskDefinition definition, TaskRow row) {
        List<ContainerDefinition> containers = definition.containerDefinitions();
        List<Common> common = known.get(definition, () ->
                containers.stream().map(each -> Common.of(each, definition, row.task())).toList());
        return IntStream.range(0, containers.size())
                .mapToObj(i -> container(containers.get(i), common.get(i), definition, row)).toList();
    }

    private static ContainerPayload container(
            ContainerDefinition container, Common common, TaskDefinition definition, TaskRow row) {
        Task task = row.task();
        ContainerOverride override = Demand.override(row.overrides(), container.name());
        Integer cpu = override.cpu() != null ? override.cpu() : container.cpu();
        Integer memory = override.memory() != null ? override.memory() : container.memory();
        return new ContainerPayload(
                container.name(),
                task.containers().stream().filter(each -> each.name().equals(container.name()))
                        .map(Container::containerArn).findFirst().orElseThrow(),
                image(container, task),
                !Boolean.FALSE.equals(container.essential()),
                cpu == null ? 0 : cpu,
                memory == null ? 0 : memory,
                container.hasEntryPoint() ? container.entryPoint() : null,
                override.hasCommand() ? override.command() : container.hasCommand() ? container.command() : null,
                environment(common, container, override, task),
                common.portMappings,
                common.mountPoints,
                common.volumesFrom,
                container.links(),
                common.dependsOn,
                container.startTimeout(),
                container.stopTimeout(),
                common.restartPolicy,
                container.healthCheck() == null ? null : "docker",
                "{}",
                common.dockerConfig.filter(any -> override.memoryReservation() == null)
                        .orElseGet(() -> DockerDocuments.of(container, override, definition, task)));
    }

    /** A task that begins with a digest is one of a service whose other tasks run that image. */
    private static String image(ContainerDefinition container, Task task) {
        return task.containers().stream().filter(each -> each.name().equals(container.name()))
                .map(Container::imageDigest).filter(Objects::nonNull).findFirst()
                .map(digest -> PinnedImages.reference(container.image(), digest))
                .orElse(container.image());
    }

    /** The definition's variables, over them the caller's, and the one by which programs recognise ECS. */
    private static Map<String, String> environment(
            Common common, ContainerDefinition container, ContainerOverride override, Task task) {
        var environment = override.hasEnvironment()
                ? environment(container, override) : new TreeMap<>(common.environment);
        environment.put("AWS_EXECUTION_ENV", "AWS_ECS_" + task.launchTypeAsString());
        return environment;
    }

    private static Map<String, String> environment(ContainerDefinition container, ContainerOverride override) {
        var environment = new TreeMap<String, String>();
        container.environment().forEach(pair -> put(environment, pair));
        override.environment().forEach(pair -> put(environment, pair));
        return environment;
    }

    private static void put(Map<String, String> environment, KeyValuePair pair) {
        if (pair.name() != null) {
            environment.put(pair.name(), pair.value() == null ? "" : pair.value());
        }
    }

    private static PortMapping portMapping(software.amazon.awssdk.services.ecs.model.PortMapping mapping) {
        return new PortMapping(mapping.containerPort(), mapping.hostPort(), mapping.containerPortRange(),
                mapping.protocol() == null ? "tcp" : mapping.protocolAsString());
    }

    private static RestartPolicy restartPolicy(ContainerDefinition container) {
        var policy = container.restartPolicy();
        return policy == null ? null
                : new RestartPolicy(Boolean.TRUE.equals(policy.enabled()), policy.ignoredExitCodes(),
                        policy.restartAttemptPeriod());
    }

    private static VolumePayload volume(Volume volume) {
        if (volume.dockerVolumeConfiguration() != null) {
            return new VolumePayload(volume.name(), "docker", null, document(volume.dockerVolumeConfiguration()), null);
        }
        if (volume.efsVolumeConfiguration() != null) {
            return new VolumePayload(volume.name(), "efs", null, null, document(volume.efsVolumeConfiguration()));
        }
        String sourcePath = volume.host() == null ? null : volume.host().sourcePath();
        return new VolumePayload(volume.name(), "host", new HostVolume(sourcePath), null, null);
    }

    private static JsonNode document(SdkPojo pojo) {
        try {
            return JSON.readTree(SdkJson.write(pojo));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static ElasticNetworkInterface networkInterface(TaskRow row, InstanceRow instance) {
        Attachment attachment = row.task().attachments().getFirst();
        return new ElasticNetworkInterface(
                detail(attachment, "networkInterfaceId"),
                Scope.of(row.arn()).arn("attachment/" + attachment.id()),
                detail(attachment, "macAddress"),
                List.of(new Ipv4Address(true, row.address())),
                AddressBlock.parse(instance.addressBlock()).gateway(),
                List.of(),
                List.of(),
                detail(attachment, "privateDnsName"));
    }

    private static String detail(Attachment attachment, String name) {
        return attachment.details().stream().filter(pair -> pair.name().equals(name))
                .map(KeyValuePair::value).findFirst().orElse("");
    }
}
