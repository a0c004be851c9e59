package dev.landfall.ecs.taskdef;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import software.amazon.awssdk.services.ecs.model.ContainerDefinition;
import software.amazon.awssdk.services.ecs.model.LinuxParameters;
import software.amazon.awssdk.services.ecs.model.LogDriver;
import software.amazon.awssdk.services.ecs.model.NetworkMode;
import software.amazon.awssdk.services.ecs.model.OSFamily;
import software.amazon.awssdk.services.ecs.model.PidMode;
import software.amazon.awssdk.services.ecs.model.TaskDefinition;
import software.amazon.awssdk.services.ecs.model.Volume;

/**
 * What Fargate does not offer. A definition that asks for FARGATE is refused with the first reason found; any other is
 * merely not compatible.
 *
 * <p>AWS also wants an execution role where a task logs to CloudWatch or pulls from ECR. Here neither needs one: the
 * documents users bring leave it out, and no permission stands between a task and the logs and images of its machine.
 */
final class FargateRules {
    private static final List<LogDriver> LOG_DRIVERS =
            List.of(LogDriver.AWSLOGS, LogDriver.SPLUNK, LogDriver.AWSFIRELENS);

    private static final List<OSFamily> WINDOWS = List.of(
            OSFamily.WINDOWS_SERVER_2019_FULL, OSFamily.WINDOWS_SERVER_2019_CORE,
            OSFamily.WINDOWS_SERVER_2022_FULL, OSFamily.WINDOWS_SERVER_2022_CORE,
            OSFamily.WINDOWS_SERVER_2025_FULL, OSFamily.WINDOWS_SERVER_2025_CORE);

    private static final int STOP_TIMEOUT_MAX = 120;

    private static final List<Function<TaskDefinition, Optional<String>>> TASK = List.of(
            task -> when(task.networkMode() != NetworkMode.AWSVPC, "Fargate only supports network mode ‘awsvpc’."),
            FargateRules::sizeRefusal,
            task -> when(task.ipcMode() != null, "Tasks using the Fargate launch type do not support ipcMode."),
            task -> when(task.pidMode() == PidMode.HOST,
                    "Tasks using the Fargate launch type do not support pidMode 'host'."),
            task -> when(!task.placementConstraints().isEmpty(),
                    "Fargate compatible task definitions do not support placementConstraints."),
            task -> when(!task.inferenceAccelerators().isEmpty(),
                    "Fargate compatible task definitions do not support inferenceAccelerators."),
            task -> when(!offersPlatform(task),
                    "Fargate compatible task definitions do not support the specified runtimePlatform."));

    private static final List<Function<Volume, Optional<String>>> VOLUME = List.of(
            volume -> when(volume.host() != null && volume.host().sourcePath() != null,
                    "Fargate compatible task definitions do not support sourcePath"),
            volume -> when(volume.dockerVolumeConfiguration() != null,
                    "Fargate compatible task definitions do not support dockerVolumeConfiguration"),
            volume -> when(volume.fsxWindowsFileServerVolumeConfiguration() != null,
                    "Fargate compatible task definitions do not support fsxWindowsFileServerVolumeConfiguration"));

    private static final List<Function<ContainerDefinition, Optional<String>>> CONTAINER = List.of(
            container -> unsupported(Boolean.TRUE.equals(container.privileged()), "privileged"),
            container -> unsupported(!container.links().isEmpty(), "links"),
            container -> unsupported(!container.extraHosts().isEmpty(), "extraHosts"),
            container -> unsupported(!container.dnsServers().isEmpty(), "dnsServers"),
            container -> unsupported(!container.dnsSearchDomains().isEmpty(), "dnsSearchDomains"),
            container -> unsupported(!container.dockerSecurityOptions().isEmpty(), "dockerSecurityOptions"),
            container -> unsupported(Boolean.TRUE.equals(container.disableNetworking()), "disableNetworking"),
            container -> unsupported(!container.resourceRequirements().isEmpty(), "resourceRequirements"),
            container -> linuxRefusal(container.linuxParameters()),
            container -> when(container.logConfiguration() != null
                            && !LOG_DRIVERS.contains(container.logConfiguration().logDriver()),
                    "Fargate only supports log drivers awslogs, splunk, and awsfirelens."),
            container -> when(exceeds(container.stopTimeout()) || exceeds(container.startTimeout()),
                    "Fargate only supports startTimeout and stopTimeout values of up to 120 seconds."));

    private FargateRules() {}

    /** Why Fargate cannot run it; empty if it can. Sizes are expected to be plain numbers. */
    static Optional<String> refusal(TaskDefinition definition) {
        return Stream.of(
                        refusals(TASK, List.of(definition)),
                        refusals(VOLUME, definition.volumes()),
                        refusals(CONTAINER, definition.containerDefinitions()))
                .flatMap(found -> found)
                .findFirst();
    }

    private static <T> Stream<String> refusals(List<Function<T, Optional<String>>> rules, List<T> parts) {
        return parts.stream().flatMap(part -> rules.stream().flatMap(rule -> rule.apply(part).stream()));
    }

    private static Optional<String> sizeRefusal(TaskDefinition task) {
        if (task.cpu() == null || task.memory() == null) {
            return Optional.of("Fargate requires that '" + (task.cpu() == null ? "cpu" : "memory")
                    + "' be defined at the task level.");
        }
        return TaskSize.fargateRefusal(Integer.parseInt(task.cpu()), Integer.parseInt(task.memory()));
    }

    private static boolean offersPlatform(TaskDefinition task) {
        if (task.runtimePlatform() == null || task.runtimePlatform().operatingSystemFamily() == null) {
            return true;
        }
        OSFamily system = task.runtimePlatform().operatingSystemFamily();
        return system == OSFamily.LINUX || WINDOWS.contains(system);
    }

    private static Optional<String> linuxRefusal(LinuxParameters linux) {
        if (linux == null) {
            return Optional.empty();
        }
        boolean addsCapabilities = linux.capabilities() != null
                && linux.capabilities().add().stream().anyMatch(added -> !added.equals("SYS_PTRACE"));
        return Stream.of(
                        unsupported(addsCapabilities, "capabilities other than SYS_PTRACE to be added"),
                        unsupported(!linux.devices().isEmpty(), "devices"),
                        unsupported(linux.sharedMemorySize() != null, "sharedMemorySize"),
                        unsupported(!linux.tmpfs().isEmpty(), "tmpfs"),
                        unsupported(linux.maxSwap() != null, "maxSwap"),
                        unsupported(linux.swappiness() != null, "swappiness"))
                .flatMap(Optional::stream)
                .findFirst();
    }

    private static boolean exceeds(Integer timeoutSeconds) {
        return timeoutSeconds != null && timeoutSeconds > STOP_TIMEOUT_MAX;
    }

    private static Optional<String> unsupported(boolean asked, String what) {
        return when(asked, "Fargate compatible task definitions do not support " + what);
    }

    private static Optional<String> when(boolean refused, String message) {
        return refused ? Optional.of(message) : Optional.empty();
    }
}
