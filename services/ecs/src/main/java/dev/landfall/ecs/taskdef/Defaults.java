package dev.landfall.ecs.taskdef;

import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.services.ecs.model.ContainerDefinition;
import software.amazon.awssdk.services.ecs.model.HealthCheck;
import software.amazon.awssdk.services.ecs.model.KeyValuePair;
import software.amazon.awssdk.services.ecs.model.MountPoint;
import software.amazon.awssdk.services.ecs.model.NetworkMode;
import software.amazon.awssdk.services.ecs.model.PortMapping;
import software.amazon.awssdk.services.ecs.model.ProxyConfigurationType;
import software.amazon.awssdk.services.ecs.model.Scope;
import software.amazon.awssdk.services.ecs.model.TaskDefinition;
import software.amazon.awssdk.services.ecs.model.TransportProtocol;
import software.amazon.awssdk.services.ecs.model.Volume;

/** Writes out what a definition left unsaid, as ECS does, so that callers and agents need not know the defaults. */
final class Defaults {
    private Defaults() {}

    static TaskDefinition applied(TaskDefinition task) {
        var completed = task.toBuilder()
                .containerDefinitions(task.containerDefinitions().stream()
                        .map(container -> container(task.networkMode(), container)).toList())
                .volumes(task.volumes().stream().map(Defaults::volume).toList())
                .placementConstraints(List.copyOf(task.placementConstraints()));
        if (task.proxyConfiguration() != null && task.proxyConfiguration().type() == null) {
            completed.proxyConfiguration(
                    task.proxyConfiguration().toBuilder().type(ProxyConfigurationType.APPMESH).build());
        }
        return completed.build();
    }

    private static ContainerDefinition container(NetworkMode networkMode, ContainerDefinition container) {
        var completed = container.toBuilder()
                .cpu(orElse(container.cpu(), 0))
                .essential(orElse(container.essential(), true))
                .portMappings(container.portMappings().stream().map(mapping -> port(networkMode, mapping)).toList())
                .environment(container.environment().stream().map(Defaults::variable).toList())
                .mountPoints(container.mountPoints().stream().map(Defaults::mountPoint).toList())
                .volumesFrom(List.copyOf(container.volumesFrom()))
                .systemControls(List.copyOf(container.systemControls()));
        if (container.healthCheck() != null) {
            completed.healthCheck(healthCheck(container.healthCheck()));
        }
        return completed.build();
    }

    /** Outside bridge mode a container's port is the host's; within it, 0 asks the agent for any free port. */
    private static PortMapping port(NetworkMode networkMode, PortMapping mapping) {
        var completed = mapping.toBuilder();
        if (mapping.protocol() == null) {
            completed.protocol(TransportProtocol.TCP);
        }
        if (mapping.containerPortRange() == null) {
            completed.hostPort(networkMode == NetworkMode.BRIDGE
                    ? orElse(mapping.hostPort(), 0)
                    : mapping.containerPort());
        }
        return completed.build();
    }

    private static KeyValuePair variable(KeyValuePair variable) {
        return variable.value() == null ? variable.toBuilder().value("").build() : variable;
    }

    private static MountPoint mountPoint(MountPoint mount) {
        return mount.readOnly() == null ? mount.toBuilder().readOnly(false).build() : mount;
    }

    private static HealthCheck healthCheck(HealthCheck check) {
        return check.toBuilder()
                .interval(orElse(check.interval(), 30))
                .timeout(orElse(check.timeout(), 5))
                .retries(orElse(check.retries(), 3))
                .build();
    }

    private static Volume volume(Volume volume) {
        var completed = volume.toBuilder();
        if (volume.efsVolumeConfiguration() != null && volume.efsVolumeConfiguration().rootDirectory() == null) {
            completed.efsVolumeConfiguration(
                    volume.efsVolumeConfiguration().toBuilder().rootDirectory("/").build());
        }
        if (volume.dockerVolumeConfiguration() != null && volume.dockerVolumeConfiguration().scope() == null) {
            completed.dockerVolumeConfiguration(
                    volume.dockerVolumeConfiguration().toBuilder().scope(Scope.TASK).build());
        }
        return completed.build();
    }

    /** The wire leaves a member out as null. */
    private static <T> T orElse(T value, T initial) {
        return Optional.ofNullable(value).orElse(initial);
    }
}
