package dev.landfall.ecs.service;

import dev.landfall.ecs.EcsErrors;
import dev.landfall.ecs.EcsTables;
import dev.landfall.ecs.Scope;
import dev.landfall.ecs.balance.KnownTargetGroups;
import dev.landfall.ecs.balance.LoadBalancerRules;
import dev.landfall.ecs.cluster.ClusterRow;
import dev.landfall.ecs.cluster.Clusters;
import dev.landfall.ecs.connect.ServiceConnect;
import dev.landfall.ecs.express.ExpressServices;
import dev.landfall.ecs.placement.Rules;
import dev.landfall.ecs.shift.ShiftRules;
import dev.landfall.ecs.task.Launch;
import dev.landfall.ecs.task.LaunchVolumes;
import dev.landfall.ecs.task.TaskRules;
import dev.landfall.ecs.taskdef.TaskDefinitionRow;
import dev.landfall.ecs.taskdef.TaskDefinitions;
import dev.landfall.state.Context;
import dev.landfall.state.Decision;
import dev.landfall.state.Draft;
import dev.landfall.state.Image;
import java.util.List;
import java.util.Objects;
import software.amazon.awssdk.services.ecs.model.CapacityProviderStrategyItem;
import software.amazon.awssdk.services.ecs.model.DeploymentConfiguration;
import software.amazon.awssdk.services.ecs.model.LaunchType;
import software.amazon.awssdk.services.ecs.model.Service;
import software.amazon.awssdk.services.ecs.model.TaskDefinition;
import software.amazon.awssdk.services.ecs.model.UpdateServiceRequest;
import software.amazon.awssdk.services.ecs.model.UpdateServiceResponse;

/**
 * Changes a service. What its tasks are made of begins a new deployment: the task definition, network, platform and
 * load balancers, or the caller's wish for one, which a change of the capacity providers needs. All else changes the
 * deployment that is there (ECS API Reference, UpdateService, says of each parameter whether it triggers a new service
 * deployment).
 */
public final class UpdateService {
    private static final String FORCE_NEEDED = "When switching from launch type to capacity provider strategy on an "
            + "existing service, or making a change to a capacity provider strategy on a service that is already using "
            + "one, you must force a new deployment.";

    private UpdateService() {}

    /** @param groups those that the request names */
    public static Decision<UpdateServiceResponse> decide(Image image, UpdateServiceRequest request,
            KnownTargetGroups groups, Scope scope, Context context) {
        ClusterRow cluster = Clusters.require(image, scope, request.cluster());
        ServiceRow row = Services.requireActive(image, scope, cluster, request.service());
        if (row.usesTaskSets()) {
            return TaskSetService.update(image, request, cluster, row, context);
        }
        ManagedService.check(row.service(), request);
        ServiceRules.registries(request.serviceRegistries());
        ServiceRules.gracePeriod(request.healthCheckGracePeriodSeconds());
        Service before = row.service();
        if (DaemonRules.applies(before)) {
            DaemonRules.shape(request.desiredCount(), request.placementStrategy(), request.deploymentConfiguration());
            DaemonRules.capacity(null, request.capacityProviderStrategy());
            DaemonRules.volumes(request.volumeConfigurations());
        }
        Service changed = changed(image, request, groups, scope, cluster, before);
        var volumes = request.hasVolumeConfigurations()
                ? request.volumeConfigurations() : Deployments.volumes(before);
        boolean newDeployment = Boolean.TRUE.equals(request.forceNewDeployment()) || madeOtherwise(before, changed)
                || !volumes.equals(Deployments.volumes(before))
                || ServiceConnect.differs(before, request.serviceConnectConfiguration());
        var draft = new Draft(image);
        ServiceRow next;
        if (newDeployment) {
            var connect = ServiceConnect.wanted(
                    image, scope, cluster, changed, request.serviceConnectConfiguration());
            next = Deployments.renewed(draft, row, changed, volumes, connect, context);
        } else {
            next = Deployments.resized(image, row, changed, context);
        }
        draft.put(EcsTables.SERVICES, next);
        if (newDeployment) {
            ExpressServices.deploying(draft, before, next.service());
        }
        return draft.reply(
                UpdateServiceResponse.builder().service(Services.describe(draft.image(), next)).build());
    }

    private static Service changed(Image image, UpdateServiceRequest request, KnownTargetGroups groups, Scope scope,
            ClusterRow cluster, Service before) {
        var next = before.toBuilder();
        TaskDefinitionRow definition = TaskDefinitions.require(image, scope,
                request.taskDefinition() == null ? before.taskDefinition() : request.taskDefinition());
        if (request.taskDefinition() != null) {
            TaskRules.active(definition);
            next.taskDefinition(definition.arn());
        }
        next.deploymentConfiguration(
                ServiceRules.deployment(before.deploymentConfiguration(), request.deploymentConfiguration()));
        balancers(request, groups, definition.definition(), before, next);
        if (request.desiredCount() != null) {
            ServiceRules.desiredCount("Task count", request.desiredCount());
            next.desiredCount(request.desiredCount());
        }
        if (request.hasCapacityProviderStrategy()) {
            capacity(request, cluster, before, next);
        }
        if (request.networkConfiguration() != null) {
            next.networkConfiguration(request.networkConfiguration());
        }
        if (request.platformVersion() != null) {
            next.platformVersion(request.platformVersion());
        }
        settings(request, next);
        Service changed = next.build();
        Launch launch = changed.capacityProviderStrategy().isEmpty()
                ? Launch.of(changed.launchType())
                : Launch.by(changed.capacityProviderStrategy().getFirst().capacityProvider());
        TaskRules.compatible(definition.definition(), launch);
        LaunchVolumes.ofService(definition.definition(), request.hasVolumeConfigurations()
                ? request.volumeConfigurations() : Deployments.volumes(before));
        TaskRules.network(definition.definition(), changed.networkConfiguration());
        TaskRules.platform(request.platformVersion(), launch);
        if (launch.managed()) {
            TaskRules.platformSupports(definition.definition(), changed.platformVersion());
        }
        TaskRules.placement(definition.definition(), changed.placementConstraints(),
                changed.placementStrategy(), launch);
        changed = changed.toBuilder().placementStrategy(Rules.shown(changed.placementStrategy())).build();
        RebalancingRules.check(changed);
        return platform(changed, launch);
    }

    /** Those that are given take the place of all that were there; none are given to have none. */
    private static void balancers(UpdateServiceRequest request, KnownTargetGroups groups, TaskDefinition definition,
            Service before, Service.Builder next) {
        DeploymentConfiguration deployment = next.build().deploymentConfiguration();
        if (request.hasLoadBalancers() && !request.loadBalancers().equals(before.loadBalancers())) {
            LoadBalancerRules.check(deployment.strategy(), request.loadBalancers(), definition, groups);
            next.loadBalancers(request.loadBalancers());
            return;
        }
        LoadBalancerRules.checkContainers(before.loadBalancers(), definition);
        if (ShiftRules.shifts(deployment)) {
            ShiftRules.balancers(deployment.strategy(), before.loadBalancers());
        }
    }

    /** A strategy takes the place of the one before or of the launch type; an empty one leads back to the latter. */
    private static void capacity(
            UpdateServiceRequest request, ClusterRow cluster, Service before, Service.Builder next) {
        List<CapacityProviderStrategyItem> was = before.capacityProviderStrategy();
        List<CapacityProviderStrategyItem> strategy = request.capacityProviderStrategy().isEmpty()
                ? List.of() : TaskRules.strategy(cluster, null, request.capacityProviderStrategy());
        if (!strategy.equals(was) && !Boolean.TRUE.equals(request.forceNewDeployment())) {
            throw EcsErrors.invalidParameter(FORCE_NEEDED);
        }
        LaunchType otherwise = was.isEmpty()
                ? before.launchType() : Launch.by(was.getFirst().capacityProvider()).type();
        next.capacityProviderStrategy(strategy).launchType(strategy.isEmpty() ? otherwise : null);
    }

    /** Only managed capacity has a platform; a service may have come to it, or left it. */
    private static Service platform(Service service, Launch launch) {
        if (!launch.managed()) {
            return service.toBuilder().platformVersion(null).platformFamily(null).build();
        }
        return service.platformVersion() != null ? service
                : service.toBuilder().platformVersion("LATEST").platformFamily("Linux").build();
    }

    static void settings(UpdateServiceRequest request, Service.Builder next) {
        if (request.hasPlacementConstraints()) {
            next.placementConstraints(request.placementConstraints());
        }
        if (request.hasPlacementStrategy()) {
            next.placementStrategy(Rules.shown(request.placementStrategy()));
        }
        if (request.healthCheckGracePeriodSeconds() != null) {
            next.healthCheckGracePeriodSeconds(request.healthCheckGracePeriodSeconds());
        }
        if (request.enableExecuteCommand() != null) {
            next.enableExecuteCommand(request.enableExecuteCommand());
        }
        if (request.enableECSManagedTags() != null) {
            next.enableECSManagedTags(request.enableECSManagedTags());
        }
        if (request.propagateTags() != null) {
            next.propagateTags(request.propagateTags());
        }
        if (request.availabilityZoneRebalancing() != null) {
            next.availabilityZoneRebalancing(request.availabilityZoneRebalancing());
        }
    }

    private static boolean madeOtherwise(Service before, Service after) {
        return !Objects.equals(before.taskDefinition(), after.taskDefinition())
                || !Objects.equals(before.loadBalancers(), after.loadBalancers())
                || !Objects.equals(before.networkConfiguration(), after.networkConfiguration())
                || !Objects.equals(before.platformVersion(), after.platformVersion());
    }
}
