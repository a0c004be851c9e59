package dev.landfall.ecs.service;

import java.util.List;
import software.amazon.awssdk.services.ecs.model.CapacityProviderStrategyItem;
import software.amazon.awssdk.services.ecs.model.Deployment;
import software.amazon.awssdk.services.ecs.model.LaunchType;
import software.amazon.awssdk.services.ecs.model.NetworkConfiguration;

/**
 * What the tasks of one deployment are made of.
 *
 * @param deploymentId also what their {@code startedBy} says
 * @param strategy empty where the launch type counts
 */
record Recipe(
        String deploymentId,
        String taskDefinition,
        LaunchType launchType,
        List<CapacityProviderStrategyItem> strategy,
        NetworkConfiguration network) {

    static Recipe of(Deployment deployment) {
        return new Recipe(deployment.id(), deployment.taskDefinition(), deployment.launchType(),
                deployment.capacityProviderStrategy(), deployment.networkConfiguration());
    }
}
