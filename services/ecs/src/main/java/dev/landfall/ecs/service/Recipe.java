package dev.landfall.ecs.service;

import dev.landfall.ecs.deployment.ServiceDeployments;
import dev.landfall.ecs.task.TaskRow;
import dev.landfall.state.Image;
import java.util.List;
import software.amazon.awssdk.services.ecs.model.CapacityProviderStrategyItem;
import software.amazon.awssdk.services.ecs.model.Deployment;
import software.amazon.awssdk.services.ecs.model.LaunchType;
import software.amazon.awssdk.services.ecs.model.LoadBalancer;
import software.amazon.awssdk.services.ecs.model.NetworkConfiguration;
import software.amazon.awssdk.services.ecs.model.TaskSet;

/**
 * What the tasks of one deployment or task set are made of.
 *
 * @param deploymentId also what their {@code startedBy} says
 * @param subject what events put behind the service's name: nothing for a deployment
 * @param balancers whose target groups have them
 * @param strategy empty where the launch type counts
 */
record Recipe(
        String deploymentId,
        String subject,
        String taskDefinition,
        LaunchType launchType,
        List<CapacityProviderStrategyItem> strategy,
        NetworkConfiguration network,
        List<LoadBalancer> balancers) {

    /** What the newest deployment of a service is made of. */
    static Recipe of(Image image, ServiceRow row) {
        boolean plain = row.service().loadBalancers().stream()
                .allMatch(balancer -> balancer.advancedConfiguration() == null);
        return of(row.primary(), plain ? row.service().loadBalancers()
                : ServiceDeployments.balancers(image, row.arn(), row.primary().id()));
    }

    /** What one of a service's deployments is made of. */
    static Recipe of(Image image, ServiceRow row, Deployment deployment) {
        return of(deployment, ServiceDeployments.balancers(image, row.arn(), deployment.id()));
    }

    private static Recipe of(Deployment deployment, List<LoadBalancer> balancers) {
        return new Recipe(deployment.id(), "", deployment.taskDefinition(), deployment.launchType(),
                deployment.capacityProviderStrategy(), deployment.networkConfiguration(), balancers);
    }

    static Recipe of(TaskSet taskSet) {
        return new Recipe(taskSet.id(), ", taskSet " + taskSet.id(), taskSet.taskDefinition(), taskSet.launchType(),
                taskSet.capacityProviderStrategy(), taskSet.networkConfiguration(),
                taskSet.loadBalancers());
    }

    /** The same for tasks of the capacity provider that {@code task} has, if it has one. */
    Recipe like(TaskRow task) {
        return new Recipe(deploymentId, subject, taskDefinition, launchType, strategy.stream()
                .filter(item -> item.capacityProvider().equals(task.task().capacityProviderName())).toList(), network,
                balancers);
    }
}
