package dev.landfall.ecs.service;

import dev.landfall.state.Context;
import java.util.ArrayList;
import java.util.function.Predicate;
import software.amazon.awssdk.services.ecs.model.Deployment;
import software.amazon.awssdk.services.ecs.model.DeploymentRolloutState;
import software.amazon.awssdk.services.ecs.model.Service;

/** Makes and replaces the deployments of a service. */
final class Deployments {
    private Deployments() {}

    /** The service with a new PRIMARY deployment of what it now wants, on top of those that still have tasks. */
    static Service begin(Service service, Context context) {
        String id = Services.deploymentId(context);
        var deployments = new ArrayList<Deployment>();
        deployments.add(Deployment.builder()
                .id(id)
                .status("PRIMARY")
                .taskDefinition(service.taskDefinition())
                .desiredCount(service.desiredCount())
                .failedTasks(0)
                .createdAt(context.now())
                .updatedAt(context.now())
                .capacityProviderStrategy(service.capacityProviderStrategy())
                .launchType(service.launchType())
                .platformVersion(service.platformVersion())
                .platformFamily(service.platformFamily())
                .networkConfiguration(service.networkConfiguration())
                .rolloutState(DeploymentRolloutState.IN_PROGRESS)
                .rolloutStateReason("ECS deployment " + id + " in progress.")
                .build());
        service.deployments().forEach(old -> deployments.add(old.toBuilder()
                .status("ACTIVE").updatedAt(context.now()).build()));
        return service.toBuilder().deployments(deployments).build();
    }

    /** The service with its PRIMARY deployment replaced. */
    static Service withPrimary(Service service, Deployment primary) {
        var deployments = new ArrayList<>(service.deployments());
        deployments.set(0, primary);
        return service.toBuilder().deployments(deployments).build();
    }

    static Deployment completed(Deployment deployment, Context context) {
        return deployment.toBuilder()
                .rolloutState(DeploymentRolloutState.COMPLETED)
                .rolloutStateReason("ECS deployment " + deployment.id() + " completed.")
                .updatedAt(context.now())
                .build();
    }

    /** The service without the deployments that are over and have no tasks left. */
    static Service withoutEmpty(Service service, Predicate<Deployment> inUse) {
        var kept = service.deployments().stream()
                .filter(each -> "PRIMARY".equals(each.status()) || inUse.test(each)).toList();
        return kept.size() == service.deployments().size() ? service
                : service.toBuilder().deployments(kept).build();
    }
}
