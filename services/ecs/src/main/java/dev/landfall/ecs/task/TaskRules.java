package dev.landfall.ecs.task;

import dev.landfall.ecs.EcsErrors;
import dev.landfall.ecs.cluster.CapacityProviders;
import dev.landfall.ecs.cluster.ClusterRow;
import dev.landfall.ecs.taskdef.TaskDefinitionRow;
import java.util.ArrayList;
import java.util.List;
import software.amazon.awssdk.services.ecs.model.AwsVpcConfiguration;
import software.amazon.awssdk.services.ecs.model.CapacityProviderStrategyItem;
import software.amazon.awssdk.services.ecs.model.Compatibility;
import software.amazon.awssdk.services.ecs.model.ContainerOverride;
import software.amazon.awssdk.services.ecs.model.LaunchType;
import software.amazon.awssdk.services.ecs.model.NetworkConfiguration;
import software.amazon.awssdk.services.ecs.model.NetworkMode;
import software.amazon.awssdk.services.ecs.model.TaskDefinition;
import software.amazon.awssdk.services.ecs.model.TaskOverride;

/** What RunTask, StartTask and the service operations demand alike of a request that starts tasks. */
public final class TaskRules {
    private static final int SUBNETS_MAX = 16;
    private static final int SECURITY_GROUPS_MAX = 5;

    private TaskRules() {}

    /**
     * The network configuration of the tasks. AWS refuses awsvpc tasks without one; here they get the default subnet, as the
     * documents people learn ECS from leave it out (docs/adr/0003).
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
        if (given.isEmpty()) {
            return launchType == null ? cluster.cluster().defaultCapacityProviderStrategy() : List.of();
        }
        var usable = new ArrayList<>(cluster.cluster().capacityProviders());
        usable.addAll(List.of(Launch.FARGATE, Launch.FARGATE_SPOT));
        for (var item : given) {
            if (item.capacityProvider() == null || !usable.contains(item.capacityProvider())) {
                throw EcsErrors.invalidParameter("The specified capacity provider was not found. Specify a valid name "
                        + "or ARN and try again.");
            }
        }
        return CapacityProviders.validated(given, usable);
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
            return TaskOverride.builder().containerOverrides(List.of()).build();
        }
        for (ContainerOverride override : given.containerOverrides()) {
            if (override.name() == null || override.name().isEmpty()) {
                throw EcsErrors.invalidParameter("Container override name must not be empty.");
            }
            if (definition.containerDefinitions().stream().noneMatch(c -> c.name().equals(override.name()))) {
                throw EcsErrors.invalidParameter("Override for container named " + override.name()
                        + " is not a container in the TaskDefinition.");
            }
        }
        number("cpu", given.cpu());
        number("memory", given.memory());
        return given;
    }

    private static void number(String what, String value) {
        if (value != null && !value.matches("[1-9][0-9]{0,6}")) {
            throw EcsErrors.invalidParameter("Invalid '" + what + "' setting for task.");
        }
    }

    public static void active(TaskDefinitionRow row) {
        if (!"ACTIVE".equals(row.definition().statusAsString())) {
            throw EcsErrors.client("TaskDefinition is inactive");
        }
    }
}
