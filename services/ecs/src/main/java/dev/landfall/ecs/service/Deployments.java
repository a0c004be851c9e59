package dev.landfall.ecs.service;

import dev.landfall.ecs.deployment.ServiceDeployments;
import dev.landfall.state.Context;
import dev.landfall.state.Draft;
import dev.landfall.state.Image;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import software.amazon.awssdk.services.ecs.model.Deployment;
import software.amazon.awssdk.services.ecs.model.DeploymentRolloutState;
import software.amazon.awssdk.services.ecs.model.Service;
import software.amazon.awssdk.services.ecs.model.ServiceConnectConfiguration;
import software.amazon.awssdk.services.ecs.model.ServiceVolumeConfiguration;

/** Makes and replaces the deployments of a service. */
final class Deployments {
    private Deployments() {}

    /**
     * The service with a new PRIMARY deployment of what it now wants, on top of those that still have tasks or may be
     * rolled back to; the service deployment that this is, and its revision, are written down.
     */
    static ServiceRow begin(Draft draft, ServiceRow row, Optional<ServiceConnectConfiguration> connect,
            Context context) {
        Service service = row.service();
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
                .volumeConfigurations(volumes(service))
                .serviceConnectConfiguration(connect.orElse(null))
                .rolloutState(DeploymentRolloutState.IN_PROGRESS)
                .rolloutStateReason("ECS deployment " + id + " in progress.")
                .build());
        worthKeeping(draft.image(), row).forEach(old -> deployments.add(old.toBuilder()
                .status("ACTIVE").updatedAt(context.now()).build()));
        ServiceRow begun = ServiceDeployments.open(
                draft, row.with(service.toBuilder().deployments(deployments).build()), context);
        Shifting.begin(draft, begun, context);
        return begun;
    }

    /** The volumes configured for the newest deployment; they stand nowhere else, and hold until others are given. */
    static List<ServiceVolumeConfiguration> volumes(Service service) {
        return service.deployments().isEmpty() ? List.of() : service.deployments().getFirst().volumeConfigurations();
    }

    /** The service with those volumes in its newest deployment. */
    static ServiceRow withVolumes(ServiceRow row, List<ServiceVolumeConfiguration> volumes) {
        return volumes.isEmpty() && row.primary().volumeConfigurations().isEmpty() ? row
                : row.with(withPrimary(row.service(),
                        row.primary().toBuilder().volumeConfigurations(volumes).build()));
    }

    /** A service with a deployment of what it has become, those volumes with it. */
    static ServiceRow renewed(Draft draft, ServiceRow row, Service changed, List<ServiceVolumeConfiguration> volumes,
            Optional<ServiceConnectConfiguration> connect, Context context) {
        return withVolumes(begin(draft, row.with(changed), connect, context), volumes)
                .withFailedStarts(0, Instant.EPOCH).withSteady(false);
    }

    /** The service as it has become, without a deployment: the one that is there has another number of tasks. */
    static ServiceRow resized(Image image, ServiceRow row, Service changed, Context context) {
        boolean scaled = !changed.desiredCount().equals(row.service().desiredCount());
        Deployment primary = row.primary().toBuilder()
                .desiredCount(changed.desiredCount())
                .updatedAt(scaled ? context.now() : row.primary().updatedAt())
                .build();
        return row.with(Shifting.scaled(image, withPrimary(changed, primary))).withSteady(row.steady() && !scaled);
    }

    /** However often a service is updated before anything runs, its deployments stay few. */
    private static List<Deployment> worthKeeping(Image image, ServiceRow row) {
        Optional<Deployment> completed = lastCompleted(row.service().deployments());
        return row.service().deployments().stream()
                .filter(each -> "PRIMARY".equals(each.status()) || Services.inUse(image, row, each)
                        || completed.filter(each::equals).isPresent())
                .toList();
    }

    /** The newest deployment that has completed, to which a failed one may be rolled back. */
    static Optional<Deployment> lastCompleted(List<Deployment> deployments) {
        return deployments.stream()
                .filter(each -> each.rolloutState() == DeploymentRolloutState.COMPLETED).findFirst();
    }

    /** The service with its PRIMARY deployment replaced. */
    static Service withPrimary(Service service, Deployment primary) {
        var deployments = new ArrayList<>(service.deployments());
        deployments.set(0, primary);
        return service.toBuilder().deployments(deployments).build();
    }

    static Deployment completed(Deployment deployment, Context context) {
        return rolled(deployment, DeploymentRolloutState.COMPLETED,
                "ECS deployment " + deployment.id() + " completed.", context);
    }

    static Deployment rolled(Deployment deployment, DeploymentRolloutState state, String reason, Context context) {
        return deployment.toBuilder()
                .rolloutState(state)
                .rolloutStateReason(reason)
                .updatedAt(context.now())
                .build();
    }

    /** The service as it is once {@code target}, one of its deployments, is rolled back to. */
    static Service rolledBack(Service service, Deployment target, String reason, Context context) {
        var deployments = new ArrayList<Deployment>();
        deployments.add(rolled(target, DeploymentRolloutState.IN_PROGRESS, reason, context).toBuilder()
                .status("PRIMARY").failedTasks(0).desiredCount(service.desiredCount()).build());
        service.deployments().stream().filter(each -> !each.id().equals(target.id()))
                .forEach(each -> deployments.add(each.toBuilder().status("ACTIVE").build()));
        return service.toBuilder()
                .taskDefinition(target.taskDefinition())
                .launchType(target.launchType())
                .capacityProviderStrategy(target.capacityProviderStrategy())
                .platformVersion(target.platformVersion())
                .platformFamily(target.platformFamily())
                .networkConfiguration(target.networkConfiguration())
                .deployments(deployments)
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
