package dev.landfall.ecs.taskdef;

import dev.landfall.ecs.EcsErrors;
import dev.landfall.ecs.placement.Rules;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Pattern;
import software.amazon.awssdk.services.ecs.model.CPUArchitecture;
import software.amazon.awssdk.services.ecs.model.ContainerDefinition;
import software.amazon.awssdk.services.ecs.model.InferenceAccelerator;
import software.amazon.awssdk.services.ecs.model.IpcMode;
import software.amazon.awssdk.services.ecs.model.NetworkMode;
import software.amazon.awssdk.services.ecs.model.OSFamily;
import software.amazon.awssdk.services.ecs.model.PidMode;
import software.amazon.awssdk.services.ecs.model.ProxyConfiguration;
import software.amazon.awssdk.services.ecs.model.ProxyConfigurationType;
import software.amazon.awssdk.services.ecs.model.TaskDefinition;
import software.amazon.awssdk.services.ecs.model.TaskDefinitionPlacementConstraint;
import software.amazon.awssdk.services.ecs.model.TaskDefinitionPlacementConstraintType;

/** The rules for a task definition as a whole, whatever it is compatible with. Sizes are plain numbers by now. */
final class TaskRules {
    /** Of families, containers and volumes. */
    static final Pattern NAME = Pattern.compile("[a-zA-Z0-9_-]{1,255}");

    private static final Pattern ROLE = Pattern.compile(
            "arn:aws[a-z-]*:iam::[^:]*:role/[\\w+=,.@/-]+|[\\w+=,.@-]+", Pattern.UNICODE_CHARACTER_CLASS);

    private static final int CONTAINERS_MAX = 10;
    private static final int CONSTRAINTS_MAX = 10;
    private static final int STORAGE_GIB_MIN = 21;
    private static final int STORAGE_GIB_MAX = 200;

    private TaskRules() {}

    static void require(TaskDefinition task) {
        requireFamily(task.family());
        requireRole(task.taskRoleArn());
        requireRole(task.executionRoleArn());
        refuseWhen(task.networkMode() == NetworkMode.UNKNOWN_TO_SDK_VERSION,
                "Invalid value for networkMode. The valid values are: bridge, host, awsvpc, none");
        refuseWhen(task.pidMode() == PidMode.UNKNOWN_TO_SDK_VERSION,
                "Invalid value for pidMode. The valid values are: host, task");
        refuseWhen(task.ipcMode() == IpcMode.UNKNOWN_TO_SDK_VERSION,
                "Invalid value for ipcMode. The valid values are: host, task, none");
        requireConstraints(task.placementConstraints());
        requirePlatform(task);
        if (task.ephemeralStorage() != null) {
            Integer size = task.ephemeralStorage().sizeInGiB();
            refuseWhen(size == null || size < STORAGE_GIB_MIN || size > STORAGE_GIB_MAX,
                    "Invalid 'ephemeralStorage' setting for task. sizeInGiB must be between 21 and 200.");
        }
        requireContainers(task);
        requireAccelerators(task.inferenceAccelerators());
        VolumeRules.require(task);
        for (ContainerDefinition container : task.containerDefinitions()) {
            ContainerRules.require(task, container);
        }
        DependencyRules.require(task);
        requireTaskMemory(task);
        if (task.proxyConfiguration() != null) {
            requireProxy(task, task.proxyConfiguration());
        }
        LogRules.requireRouter(task);
    }

    static void requireFamily(String family) {
        refuseWhen(family == null || family.isBlank(), "Family can not be blank.");
        refuseWhen(!NAME.matcher(family).matches(), "Family contains invalid characters.");
    }

    private static void requireRole(String role) {
        refuseWhen(role != null && !role.isEmpty() && !ROLE.matcher(role).matches(), "Role is not valid");
    }

    private static void requireContainers(TaskDefinition task) {
        List<ContainerDefinition> containers = task.containerDefinitions();
        refuseWhen(containers.isEmpty(), "Container list cannot be empty.");
        refuseWhen(containers.size() > CONTAINERS_MAX, "Too many containers.");
        var names = new TreeSet<String>();
        boolean essential = false;
        for (ContainerDefinition container : containers) {
            refuseWhen(isBlank(container.name()), "Container.name should not be null or empty.");
            refuseWhen(!NAME.matcher(container.name()).matches(), "Container.name contains invalid characters.");
            refuseWhen(!names.add(container.name()), "Container names must be unique: '" + container.name() + "'.");
            essential |= !Boolean.FALSE.equals(container.essential());
        }
        refuseWhen(!essential, "Task definition doesn't have any essential container.");
    }

    /** Containers together, and each alone, must fit the size of the task. */
    private static void requireTaskMemory(TaskDefinition task) {
        int cpu = 0;
        int reserved = 0;
        for (ContainerDefinition container : task.containerDefinitions()) {
            cpu += container.cpu() == null ? 0 : container.cpu();
            Integer memory = container.memory();
            Integer reservation = container.memoryReservation();
            reserved += reservation != null ? reservation : memory != null ? memory : 0;
            if (task.memory() != null) {
                int most = Integer.parseInt(task.memory());
                refuseWhen(memory != null && memory > most, "The 'memory' setting for container '" + container.name()
                        + "' is greater than for the task.");
                refuseWhen(reservation != null && reservation > most, "The 'memoryReservation' setting for container '"
                        + container.name() + "' is greater than for the task.");
            }
        }
        refuseWhen(task.cpu() != null && cpu > Integer.parseInt(task.cpu()),
                "The sum of all container 'cpu' values cannot be greater than the value of the task 'cpu'.");
        refuseWhen(task.memory() != null && reserved > Integer.parseInt(task.memory()),
                "The sum of all container 'memory' values cannot be greater than the value of the task 'memory'.");
    }

    private static void requireConstraints(List<TaskDefinitionPlacementConstraint> constraints) {
        refuseWhen(constraints.size() > CONSTRAINTS_MAX, "Too many placement constraints.");
        for (TaskDefinitionPlacementConstraint constraint : constraints) {
            refuseWhen(constraint.type() != TaskDefinitionPlacementConstraintType.MEMBER_OF,
                    "constraint.type '" + constraint.typeAsString() + "' is not supported.");
            Rules.refusal(constraint.expression()).ifPresent(message -> {
                throw EcsErrors.client(message);
            });
        }
    }

    private static void requirePlatform(TaskDefinition task) {
        if (task.runtimePlatform() == null) {
            return;
        }
        refuseWhen(task.runtimePlatform().cpuArchitecture() == CPUArchitecture.UNKNOWN_TO_SDK_VERSION,
                "Invalid value for cpuArchitecture. The valid values are: X86_64, ARM64");
        OSFamily system = task.runtimePlatform().operatingSystemFamily();
        refuseWhen(system == OSFamily.UNKNOWN_TO_SDK_VERSION, "Invalid value for operatingSystemFamily: "
                + task.runtimePlatform().operatingSystemFamilyAsString());
        refuseWhen(system != null && system != OSFamily.LINUX
                        && task.runtimePlatform().cpuArchitecture() == CPUArchitecture.ARM64,
                "The ARM64 CPU architecture is only supported for the LINUX operating system family.");
    }

    private static void requireAccelerators(List<InferenceAccelerator> accelerators) {
        var names = new TreeSet<String>();
        for (InferenceAccelerator accelerator : accelerators) {
            refuseWhen(isBlank(accelerator.deviceName()) || isBlank(accelerator.deviceType()),
                    "An inference accelerator must have a deviceName and a deviceType.");
            refuseWhen(!names.add(accelerator.deviceName()),
                    "Inference accelerator names must be unique: '" + accelerator.deviceName() + "'.");
        }
    }

    private static void requireProxy(TaskDefinition task, ProxyConfiguration proxy) {
        refuseWhen(task.networkMode() != NetworkMode.AWSVPC,
                "Proxy configuration is only supported when networkMode=awsvpc.");
        refuseWhen(proxy.type() == ProxyConfigurationType.UNKNOWN_TO_SDK_VERSION,
                "Invalid value for the type of the proxy configuration. The valid value is: APPMESH");
        requireContainer(task, proxy.containerName());
    }

    /** Refuses the name of a container that is not there. */
    static void requireContainer(TaskDefinition task, String name) {
        refuseWhen(task.containerDefinitions().stream().noneMatch(container -> container.name().equals(name)),
                "Unknown container '" + name + "'.");
    }

    static boolean isBlank(String text) {
        return text == null || text.isBlank();
    }

    static void refuseWhen(boolean refused, String message) {
        if (refused) {
            throw EcsErrors.client(message);
        }
    }
}
