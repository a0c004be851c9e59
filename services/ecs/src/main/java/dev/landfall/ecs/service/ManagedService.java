package dev.landfall.ecs.service;

import dev.landfall.ecs.EcsErrors;
import dev.landfall.ecs.EcsTables;
import dev.landfall.ecs.Scope;
import dev.landfall.ecs.cluster.ClusterRow;
import dev.landfall.ecs.deployment.ServiceDeployments;
import dev.landfall.ecs.shift.Steps;
import dev.landfall.ecs.taskdef.TaskDefinitionRow;
import dev.landfall.state.Context;
import dev.landfall.state.Draft;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.services.ecs.model.CreateServiceRequest;
import software.amazon.awssdk.services.ecs.model.DeploymentConfiguration;
import software.amazon.awssdk.services.ecs.model.DeploymentStrategy;
import software.amazon.awssdk.services.ecs.model.LoadBalancer;
import software.amazon.awssdk.services.ecs.model.ResourceManagementType;
import software.amazon.awssdk.services.ecs.model.Service;
import software.amazon.awssdk.services.ecs.model.UpdateServiceRequest;

/** Services whose load balancers and all else ECS makes by itself, those of Express Mode: what is done with them. */
public final class ManagedService {
    private ManagedService() {}

    public static ResourceManagementType type(Service service) {
        return service.resourceManagementType() == null
                ? ResourceManagementType.CUSTOMER : service.resourceManagementType();
    }

    public static boolean is(Service service) {
        return service.resourceManagementType() == ResourceManagementType.ECS;
    }

    /** Refuses a service that has an action of its own to be deleted with; in ECS's words. */
    static void requireOthers(Service service) {
        if (is(service)) {
            throw EcsErrors.invalidParameter("Service " + service.serviceName()
                    + " has ResourceManagementType=ECS use DeleteExpressGatewayService");
        }
    }

    /**
     * What UpdateService may not change: "deployment strategy can not be updated on Express Mode services", nor can
     * their load balancers (ECS Developer Guide, Resources created by Amazon ECS Express Mode services).
     */
    static void check(Service before, UpdateServiceRequest request) {
        if (!is(before)) {
            return;
        }
        DeploymentConfiguration given = request.deploymentConfiguration();
        if (given != null && given.strategy() != null && given.strategy() != DeploymentStrategy.CANARY) {
            throw EcsErrors.invalidParameter("Updating to " + given.strategy()
                    + " deployment strategy is not supported for ExpressGatewayServices.");
        }
        if (request.hasLoadBalancers() && !request.loadBalancers().equals(before.loadBalancers())) {
            throw EcsErrors.invalidParameter("Updating loadBalancers is not supported for ExpressGatewayServices.");
        }
    }

    /** How the first revision of a service gets its traffic; one of Express Mode does not bake either. */
    static DeploymentConfiguration first(Service service) {
        DeploymentConfiguration configured = Steps.atOnce(service.deploymentConfiguration());
        return is(service) ? configured.toBuilder().bakeTimeInMinutes(0).build() : configured;
    }

    /** A new service with its first deployment, which has no load balancers yet. */
    public static ServiceRow create(Draft draft, CreateServiceRequest request, ClusterRow cluster,
            TaskDefinitionRow definition, Scope scope, Context context) {
        Service service = CreateService.service(
                        request, scope, cluster, definition, request.desiredCount(), context)
                .toBuilder().resourceManagementType(ResourceManagementType.ECS).build();
        ServiceRow row = Deployments.begin(draft,
                new ServiceRow(service, List.of(), 0, Instant.EPOCH, false, ""), Optional.empty(), context);
        draft.put(EcsTables.SERVICES, row);
        return row;
    }

    /**
     * The first deployment, or one that has overtaken it, gets the load balancers that were made for the service: its
     * traffic is shifted from here on.
     */
    public static void balance(Draft draft, ServiceRow row, List<LoadBalancer> balancers, Context context) {
        ServiceRow balanced = row.with(row.service().toBuilder().loadBalancers(balancers).build());
        draft.put(EcsTables.SERVICES, balanced);
        draft.image().get(EcsTables.SERVICE_REVISIONS, ServiceDeployments.revisionArn(row.arn(), row.primary()))
                .ifPresent(found -> draft.put(EcsTables.SERVICE_REVISIONS,
                        found.with(found.revision().toBuilder().loadBalancers(balancers).build())));
        Shifting.begin(draft, balanced, context);
    }

    /** Begins a deployment of what the service has become. */
    public static ServiceRow deploy(Draft draft, ServiceRow row, Service changed, Context context) {
        ServiceRow next = Deployments.renewed(
                draft, row, changed, Deployments.volumes(row.service()), Optional.empty(), context);
        draft.put(EcsTables.SERVICES, next);
        return next;
    }

    /** The service with another number of tasks. */
    public static ServiceRow scale(Draft draft, ServiceRow row, int desired, Context context) {
        if (row.service().desiredCount() == desired) {
            return row;
        }
        ServiceRow next = Deployments.resized(
                draft.image(), row, row.service().toBuilder().desiredCount(desired).build(), context);
        draft.put(EcsTables.SERVICES, next);
        return next;
    }

    /** Has all tasks of the service end. */
    public static ServiceRow drain(Draft draft, ServiceRow row) {
        ServiceRow draining = DeleteService.draining(row);
        draft.put(EcsTables.SERVICES, draining);
        return draining;
    }

    /** The end of a service that has drained. */
    public static void end(Draft draft, ServiceRow row) {
        ReconcileService.inactive(draft, row);
    }
}
