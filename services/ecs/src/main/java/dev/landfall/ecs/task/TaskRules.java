package dev.landfall.ecs.task;

import dev.landfall.ecs.EcsErrors;
import dev.landfall.ecs.capacity.CapacityProviders;
import dev.landfall.ecs.cluster.ClusterRow;
import dev.landfall.ecs.placement.Rules;
import dev.landfall.ecs.tag.Tags;
import dev.landfall.ecs.taskdef.TaskDefinitionRow;
import dev.landfall.ecs.taskdef.TaskSize;
import java.util.ArrayList;
import java.util.List;
import software.amazon.awssdk.services.ecs.model.AwsVpcConfiguration;
import software.amazon.awssdk.services.ecs.model.CapacityProviderStrategyItem;
import software.amazon.awssdk.services.ecs.model.ClientException;
import software.amazon.awssdk.services.ecs.model.Compatibility;
import software.amazon.awssdk.services.ecs.model.ContainerOverride;
import software.amazon.awssdk.services.ecs.model.LaunchType;
import software.amazon.awssdk.services.ecs.model.NetworkConfiguration;
import software.amazon.awssdk.services.ecs.model.NetworkMode;
import software.amazon.awssdk.services.ecs.model.PlacementConstraint;
import software.amazon.awssdk.services.ecs.model.PlacementStrategy;
import software.amazon.awssdk.services.ecs.model.PropagateTags;
import software.amazon.awssdk.services.ecs.model.ResourceRequirement;
import software.amazon.awssdk.services.ecs.model.ResourceType;
import software.amazon.awssdk.services.ecs.model.Tag;
import software.amazon.awssdk.services.ecs.model.TaskDefinition;
import software.amazon.awssdk.services.ecs.model.TaskOverride;

/** What RunTask, StartTask and the service operations demand alike of a request that starts tasks. */
public final class TaskRules {
    private static final int SUBNETS_MAX = 16;
    private static final int SECURITY_GROUPS_MAX = 5;
    private static final int STARTED_BY_MAX = 128;

    /** Those that AWS ever had for Linux (ECS Developer Guide, Fargate platform versions). */
    private static final List<String> PLATFORM_VERSIONS =
            List.of("LATEST", "1.4.0", "1.3.0", "1.2.0", "1.1.0", "1.0.0");

    private static final String PLATFORM_LATEST = "1.4.0";

    private static final int GROUP_MAX = 255;

    /** Docker's own minimum (ECS API Reference, ContainerDefinition.memory). */
    private static final int MEMORY_MIN = 4;

    /** More than any machine has; sums of a task's ten containers stay within an int. */
    private static final int CONTAINER_SIZE_MAX = 100_000_000;

    private TaskRules() {}

    /**
     * The network configuration of the tasks. AWS refuses awsvpc tasks without one; here they get the default subnet,
     * as the documents people learn ECS from leave it out (docs/adr/0003).
     */
    public static AwsVpcConfiguration network(TaskDefinition definition, NetworkConfiguration given) {
        boolean awsvpc = definition.networkMode() == NetworkMode.AWSVPC;
        if (given == null || given.awsvpcConfiguration() == null) {
            return AwsVpcConfiguration.builder().build();
        }
        if (!awsvpc) {
            throw EcsErrors.invalidParameter(
                    "Network Configuration is not valid for the given networkMode of this task definition.");
        }
        AwsVpcConfiguration network = given.awsvpcConfiguration();
        if (network.subnets().isEmpty()) {
            throw EcsErrors.invalidParameter("subnets can not be empty.");
        }
        if (network.subnets().size() > SUBNETS_MAX) {
            throw EcsErrors.invalidParameter("subnets can have at most " + SUBNETS_MAX + " items.");
        }
        if (network.securityGroups().size() > SECURITY_GROUPS_MAX) {
            throw EcsErrors.invalidParameter("securityGroups can have at most " + SECURITY_GROUPS_MAX + " items.");
        }
        return network;
    }

    /** The strategy that applies: the caller's, else the cluster's default where no launch type is given, else none. */
    public static List<CapacityProviderStrategyItem> strategy(
            ClusterRow cluster, LaunchType launchType, List<CapacityProviderStrategyItem> given) {
        if (launchType != null && !given.isEmpty()) {
            throw EcsErrors.invalidParameter("Specifying both a launch type and capacity provider strategy is not "
                    + "supported. Remove one and try again.");
        }
        if (launchType == LaunchType.UNKNOWN_TO_SDK_VERSION) {
            throw EcsErrors.invalidParameter("Launch type must be one of [EC2, FARGATE, EXTERNAL].");
        }
        List<CapacityProviderStrategyItem> strategy = launchType == null && given.isEmpty()
                ? cluster.cluster().defaultCapacityProviderStrategy() : given;
        // In AWS also these two must be associated; people who learn from guides have not done that.
        var associated = new ArrayList<>(List.of(Launch.FARGATE, Launch.FARGATE_SPOT));
        associated.addAll(cluster.cluster().capacityProviders());
        return CapacityProviders.requirePlaceable(CapacityProviders.validated(strategy, associated));
    }

    /** That a definition can run where it is to run. */
    public static void compatible(TaskDefinition definition, Launch launch) {
        Compatibility needed = Compatibility.fromValue(launch.type().toString());
        if (!definition.compatibilities().contains(needed)) {
            throw EcsErrors.invalidParameter("Task definition does not support launch_type " + needed + ".");
        }
    }

    /** Overrides must name containers of the definition; an absent override is an empty one. */
    public static TaskOverride overrides(TaskDefinition definition, TaskOverride given) {
        if (given == null) {
            return TaskRow.NOTHING_OVERRIDDEN;
        }
        for (ContainerOverride override : given.containerOverrides()) {
            if (override.name() == null || override.name().isEmpty()) {
                throw EcsErrors.invalidParameter("Container override name must not be empty.");
            }
            if (definition.containerDefinitions().stream().noneMatch(c -> c.name().equals(override.name()))) {
                throw EcsErrors.invalidParameter("Override for container named " + override.name()
                        + " is not a container in the TaskDefinition.");
            }
            OverrideRules.check(override);
            atLeast(0, "cpu", override.cpu(), override.name());
            atLeast(MEMORY_MIN, "memory", override.memory(), override.name());
            atLeast(MEMORY_MIN, "memoryReservation", override.memoryReservation(), override.name());
            gpus(override);
        }
        OverrideRules.check(given);
        var sized = given.toBuilder();
        try {
            if (given.cpu() != null) {
                sized.cpu(String.valueOf(TaskSize.cpu(given.cpu())));
            }
            if (given.memory() != null) {
                sized.memory(String.valueOf(TaskSize.memory(given.memory())));
            }
        } catch (ClientException e) {
            throw EcsErrors.invalidParameter(e.awsErrorDetails().errorMessage());
        }
        return sized.build();
    }

    /** "The only supported resource is a GPU" (ECS API, ContainerOverride.resourceRequirements). */
    private static void gpus(ContainerOverride override) {
        for (ResourceRequirement resource : override.resourceRequirements()) {
            if (resource.type() != ResourceType.GPU || resource.value() == null
                    || !resource.value().matches("[1-9][0-9]{0,3}")) {
                throw EcsErrors.invalidParameter(
                        "Invalid 'resourceRequirements' setting for container '" + override.name() + "'.");
            }
        }
    }

    private static void atLeast(int min, String what, Integer value, String container) {
        if (value != null && (value < min || value > CONTAINER_SIZE_MAX)) {
            throw EcsErrors.invalidParameter("Invalid '" + what + "' setting for container '" + container + "'.");
        }
    }

    /** Only Fargate has platform versions. */
    public static void platform(String version, Launch launch) {
        if (version == null || version.isEmpty()) {
            return;
        }
        if (!launch.managed()) {
            throw EcsErrors.invalidParameter(
                    "The platform version must be null when specifying an EC2 launch type.");
        }
        if (!PLATFORM_VERSIONS.contains(version)) {
            throw EcsErrors.platformUnknown();
        }
    }

    /** The version that tasks get: what LATEST, or nothing, stands for now. */
    public static String platformVersion(String given) {
        return given == null || given.isEmpty() || given.equals("LATEST") ? PLATFORM_LATEST : given;
    }

    /**
     * That the platform has what the definition asks for: EFS volumes, a size of the ephemeral storage and added
     * capabilities came with 1.4.0 (ECS Developer Guide, Fargate Linux platform versions).
     */
    public static void platformSupports(TaskDefinition definition, String version) {
        if (platformVersion(version).equals(PLATFORM_LATEST)) {
            return;
        }
        boolean needsLatest = definition.ephemeralStorage() != null
                || definition.volumes().stream().anyMatch(volume -> volume.efsVolumeConfiguration() != null)
                || definition.containerDefinitions().stream().anyMatch(container -> container.linuxParameters() != null
                        && container.linuxParameters().capabilities() != null
                        && !container.linuxParameters().capabilities().add().isEmpty());
        if (needsLatest) {
            throw EcsErrors.platformIncompatible();
        }
    }

    /** Where tasks may be placed; Fargate decides that by itself. */
    public static void placement(TaskDefinition definition, List<PlacementConstraint> constraints,
            List<PlacementStrategy> strategy, Launch launch) {
        Rules.require(definition, constraints, strategy);
        if (launch.managed() && !constraints.isEmpty()) {
            throw EcsErrors.invalidParameter("Placement constraints are not supported with FARGATE launch type.");
        }
        if (launch.managed() && !strategy.isEmpty()) {
            throw EcsErrors.invalidParameter("Placement strategies are not supported with FARGATE launch type.");
        }
    }

    /** As the other, for a service whose tasks' definitions are those of its task sets. */
    public static void placement(
            List<PlacementConstraint> constraints, List<PlacementStrategy> strategy, Launch launch) {
        placement(TaskDefinition.builder().build(), constraints, strategy, launch);
    }

    /** That a task of the definition's size, or the size that overrides it, is one that Fargate offers. */
    public static void size(TaskDefinition definition, TaskOverride overrides, Launch launch) {
        if (launch.managed() && (overrides.cpu() != null || overrides.memory() != null)) {
            int cpu = Integer.parseInt(overrides.cpu() != null ? overrides.cpu() : definition.cpu());
            int memory = Integer.parseInt(overrides.memory() != null ? overrides.memory() : definition.memory());
            TaskSize.fargateRefusal(cpu, memory).ifPresent(refusal -> {
                throw EcsErrors.invalidParameter(refusal);
            });
        }
    }

    /** What the caller named, if it is not too long. */
    public static void atMost(int length, String what, String value) {
        if (value != null && value.length() > length) {
            throw EcsErrors.invalidParameter(what + " longer than " + length + ".");
        }
    }

    /** A client token: printable ASCII characters. */
    public static void token(int length, String token) {
        atMost(length, "clientToken", token);
        if (token != null && !token.matches("[!-~]+")) {
            throw EcsErrors.invalidParameter("clientToken should have characters in the range of 33-126 only.");
        }
    }

    /** A task's own tags, those of its definition where they are wanted, and ECS's own. */
    public static List<Tag> tags(
            List<Tag> own, PropagateTags propagate, boolean managedTags,
            TaskDefinitionRow definition, ClusterRow cluster) {
        if (propagate == PropagateTags.SERVICE) {
            throw EcsErrors.invalidParameter("propagateTags cannot be SERVICE when running a task.");
        }
        var tags = new ArrayList<>(Tags.validated(own));
        if (propagate == PropagateTags.TASK_DEFINITION) {
            definition.tags().stream()
                    .filter(tag -> own.stream().noneMatch(mine -> mine.key().equals(tag.key())))
                    .forEach(tags::add);
        }
        Tags.requireCount(tags);
        if (managedTags) {
            tags.add(Tag.builder().key("aws:ecs:clusterName").value(cluster.cluster().clusterName()).build());
        }
        return tags;
    }

    /** What RunTask and StartTask let callers say about a task's origin. */
    static void origin(String startedBy, String group) {
        atMost(STARTED_BY_MAX, "startedBy", startedBy);
        atMost(GROUP_MAX, "group", group);
        if (group != null && group.startsWith("service:")) {
            throw EcsErrors.invalidParameter("Group name may not start with 'service:'.");
        }
    }

    public static void active(TaskDefinitionRow row) {
        if (!"ACTIVE".equals(row.definition().statusAsString())) {
            throw EcsErrors.client("TaskDefinition is inactive");
        }
    }
}
