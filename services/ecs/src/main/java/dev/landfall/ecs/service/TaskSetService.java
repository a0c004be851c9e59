package dev.landfall.ecs.service;

import dev.landfall.ecs.EcsErrors;
import dev.landfall.ecs.EcsTables;
import dev.landfall.ecs.Scope;
import dev.landfall.ecs.balance.KnownTargetGroups;
import dev.landfall.ecs.balance.LoadBalancerRules;
import dev.landfall.ecs.cluster.ClusterRow;
import dev.landfall.ecs.tag.Tags;
import dev.landfall.ecs.placement.Rules;
import dev.landfall.ecs.task.Launch;
import dev.landfall.ecs.task.TaskRules;
import dev.landfall.ecs.taskdef.TaskDefinitionRow;
import dev.landfall.ecs.taskset.TaskSetRow;
import dev.landfall.ecs.taskset.TaskSets;
import dev.landfall.state.Context;
import dev.landfall.state.Decision;
import dev.landfall.state.Draft;
import dev.landfall.state.Image;
import java.time.Instant;
import java.util.List;
import software.amazon.awssdk.services.ecs.model.AvailabilityZoneRebalancing;
import software.amazon.awssdk.services.ecs.model.CreateServiceRequest;
import software.amazon.awssdk.services.ecs.model.CreateServiceResponse;
import software.amazon.awssdk.services.ecs.model.DeploymentConfiguration;
import software.amazon.awssdk.services.ecs.model.DeploymentController;
import software.amazon.awssdk.services.ecs.model.DeploymentControllerType;
import software.amazon.awssdk.services.ecs.model.DeploymentStrategy;
import software.amazon.awssdk.services.ecs.model.LaunchType;
import software.amazon.awssdk.services.ecs.model.PropagateTags;
import software.amazon.awssdk.services.ecs.model.SchedulingStrategy;
import software.amazon.awssdk.services.ecs.model.Service;
import software.amazon.awssdk.services.ecs.model.ServiceConnectConfiguration;
import software.amazon.awssdk.services.ecs.model.TaskSet;
import software.amazon.awssdk.services.ecs.model.UpdateServiceRequest;
import software.amazon.awssdk.services.ecs.model.UpdateServiceResponse;

/**
 * What CreateService and UpdateService make of a service with the EXTERNAL or CODE_DEPLOY deployment controller: its
 * tasks belong to task sets and it has no deployments. A caller makes the sets of an EXTERNAL one; a CODE_DEPLOY one
 * begins with a PRIMARY set of all of its tasks, and only CodeDeploy makes others.
 */
final class TaskSetService {
    private static final DeploymentConfiguration DEFAULT =
            DeploymentConfiguration.builder().minimumHealthyPercent(100).maximumPercent(200).build();

    private TaskSetService() {}

    static boolean wanted(DeploymentController controller) {
        return controller != null && (controller.type() == DeploymentControllerType.EXTERNAL
                || controller.type() == DeploymentControllerType.CODE_DEPLOY);
    }

    static Decision<CreateServiceResponse> create(Image image, CreateServiceRequest request,
            KnownTargetGroups groups, Scope scope, ClusterRow cluster, Context context) {
        var draft = new Draft(image);
        DeploymentControllerType type = request.deploymentController().type();
        ServiceRules.gracePeriod(request.healthCheckGracePeriodSeconds());
        refuse(request.schedulingStrategy() == SchedulingStrategy.DAEMON,
                "The DAEMON scheduling strategy is not supported with the " + type + " deployment controller.");
        requireRolling(type, request.serviceConnectConfiguration(), !request.volumeConfigurations().isEmpty(),
                !request.vpcLatticeConfigurations().isEmpty());
        int desired = request.desiredCount() == null ? 0 : request.desiredCount();
        ServiceRules.desiredCount("DesiredCount", desired);
        boolean external = type == DeploymentControllerType.EXTERNAL;
        Service service = external ? external(request, scope, cluster, desired, context)
                : byCodeDeploy(image, request, scope, cluster, desired, context);
        var row = new ServiceRow(service, List.of(), 0, Instant.EPOCH, false,
                CreateService.tokenAndDigest(request));
        draft.put(EcsTables.SERVICES, row);
        if (!external) {
            LoadBalancerRules.noClassic(request.loadBalancers());
            LoadBalancerRules.check(request.loadBalancers(),
                    CreateService.definition(image, request, scope).definition(), groups);
            draft.put(EcsTables.TASK_SETS, TaskSets.first(service, Services.deploymentId(context), context));
        }
        return draft.reply(CreateServiceResponse.builder().service(Services.describe(draft.image(), row)).build());
    }

    /** Only what is not said of its task sets may be said of the service; the name is enough. */
    private static Service external(CreateServiceRequest request, Scope scope, ClusterRow cluster, int desired,
            Context context) {
        refuse("".equals(request.taskDefinition()), "Family should not be null or empty.");
        refuse(request.taskDefinition() != null, "TaskDefinition must be blank.");
        refuse(request.networkConfiguration() != null, "NetworkConfiguration must be null.");
        refuse(!request.loadBalancers().isEmpty(), "LoadBalancers must be empty or null.");
        refuse(!request.serviceRegistries().isEmpty(), "ServiceRegistries must be empty or null.");
        refuse(request.launchType() != null, "LaunchType must be null.");
        refuse(request.platformVersion() != null, "PlatformVersion must be null.");
        refuse(!request.capacityProviderStrategy().isEmpty(), "CapacityProviderStrategy must be empty or null.");
        refuse(request.role() != null, "A role was passed, but no load balancers were present.");
        TaskRules.placement(request.placementConstraints(), request.placementStrategy(), Launch.of(LaunchType.EC2));
        return Service.builder()
                .serviceArn(Services.arn(scope, cluster, request.serviceName()))
                .serviceName(request.serviceName())
                .clusterArn(cluster.arn())
                .status("ACTIVE")
                .desiredCount(desired)
                .launchType(LaunchType.EC2)
                .deploymentConfiguration(percentages(DEFAULT, request.deploymentConfiguration()))
                .deploymentController(request.deploymentController())
                .deployments(List.of())
                .loadBalancers(List.of())
                .serviceRegistries(List.of())
                .placementConstraints(request.placementConstraints())
                .placementStrategy(Rules.shown(request.placementStrategy()))
                .healthCheckGracePeriodSeconds(
                        request.healthCheckGracePeriodSeconds() == null ? 0 : request.healthCheckGracePeriodSeconds())
                .schedulingStrategy(SchedulingStrategy.REPLICA)
                .createdAt(context.now())
                .createdBy("arn:aws:iam::" + scope.accountId() + ":root")
                .enableECSManagedTags(Boolean.TRUE.equals(request.enableECSManagedTags()))
                .propagateTags(request.propagateTags() == null ? PropagateTags.NONE : request.propagateTags())
                .enableExecuteCommand(Boolean.TRUE.equals(request.enableExecuteCommand()))
                .availabilityZoneRebalancing(rebalancing(request.availabilityZoneRebalancing()))
                .tags(Tags.validated(request.tags()))
                .build();
    }

    /**
     * As with the ECS controller, but for the deployment. AWS also demands a load balancer, to which CodeDeploy shifts
     * the traffic; here the service may do without, as there is no CodeDeploy yet (docs/features/notes.md).
     */
    private static Service byCodeDeploy(Image image, CreateServiceRequest request, Scope scope, ClusterRow cluster,
            int desired, Context context) {
        ServiceRules.registries(request.serviceRegistries());
        TaskDefinitionRow definition = CreateService.definition(image, request, scope);
        DeploymentConfiguration percentages = percentages(DEFAULT, request.deploymentConfiguration());
        Service service = CreateService.service(
                request.toBuilder().deploymentConfiguration((DeploymentConfiguration) null).build(),
                scope, cluster, definition, desired, context);
        // "the maximum percent value is set to the default value" for tasks that use the EC2 launch type
        boolean ownInstances = service.platformVersion() == null;
        return service.toBuilder()
                .deployments(List.of())
                .deploymentConfiguration(ownInstances ? DEFAULT : percentages)
                .availabilityZoneRebalancing(rebalancing(request.availabilityZoneRebalancing()))
                .build();
    }

    /** Tasks of task sets stay where they are unless a caller asks for it. */
    private static AvailabilityZoneRebalancing rebalancing(AvailabilityZoneRebalancing given) {
        return given == null ? AvailabilityZoneRebalancing.DISABLED : given;
    }

    /** The two percentages; all else in a deployment configuration is for rolling updates only. */
    private static DeploymentConfiguration percentages(
            DeploymentConfiguration before, DeploymentConfiguration given) {
        if (given == null) {
            return before;
        }
        refuse(given.deploymentCircuitBreaker() != null
                        && Boolean.TRUE.equals(given.deploymentCircuitBreaker().enable()),
                "Deployment circuit breaker feature is only supported with the ECS deployment controller.");
        refuse(given.alarms() != null && Boolean.TRUE.equals(given.alarms().enable()),
                "Deployment alarms feature is only supported with the ECS deployment controller.");
        refuse(given.strategy() != null && given.strategy() != DeploymentStrategy.ROLLING
                        || given.bakeTimeInMinutes() != null || !given.lifecycleHooks().isEmpty()
                        || given.linearConfiguration() != null || given.canaryConfiguration() != null,
                "Deployment strategies are only supported with the ECS deployment controller.");
        DeploymentConfiguration merged = ServiceRules.deployment(before, DeploymentConfiguration.builder()
                .minimumHealthyPercent(given.minimumHealthyPercent()).maximumPercent(given.maximumPercent()).build());
        return DeploymentConfiguration.builder()
                .minimumHealthyPercent(merged.minimumHealthyPercent()).maximumPercent(merged.maximumPercent()).build();
    }

    static Decision<UpdateServiceResponse> update(
            Image image, UpdateServiceRequest request, ClusterRow cluster, ServiceRow row, Context context) {
        Service before = row.service();
        requireOfService(request, cluster, before);
        ServiceRules.gracePeriod(request.healthCheckGracePeriodSeconds());
        var next = before.toBuilder();
        if (request.desiredCount() != null) {
            ServiceRules.desiredCount("Task count", request.desiredCount());
            next.desiredCount(request.desiredCount());
        }
        next.deploymentConfiguration(
                percentages(before.deploymentConfiguration(), request.deploymentConfiguration()));
        UpdateService.settings(request, next);
        Service changed = next.build();
        RebalancingRules.check(changed);
        var draft = new Draft(image);
        List<TaskSetRow> sets = TaskSets.of(image, row.arn());
        TaskRules.placement(changed.placementConstraints(), changed.placementStrategy(), Launch.of(LaunchType.EC2));
        for (TaskSetRow set : sets) {
            TaskRules.placement(changed.placementConstraints(), changed.placementStrategy(), launch(set.taskSet()));
            if (TaskSets.desiredCount(set.taskSet(), changed.desiredCount()) != set.taskSet().computedDesiredCount()) {
                draft.put(EcsTables.TASK_SETS, TaskSets.stabilizing(set, context));
            }
        }
        ServiceRow updated = row.with(changed)
                .withSteady(row.steady() && changed.desiredCount().equals(before.desiredCount()));
        draft.put(EcsTables.SERVICES, updated);
        return draft.reply(UpdateServiceResponse.builder().service(Services.describe(draft.image(), updated)).build());
    }

    private static Launch launch(TaskSet taskSet) {
        return taskSet.capacityProviderStrategy().isEmpty() ? Launch.of(taskSet.launchType())
                : Launch.by(taskSet.capacityProviderStrategy().getFirst().capacityProvider());
    }

    /** What the tasks are made of is said of task sets; a service is told only what is left. */
    private static void requireOfService(UpdateServiceRequest request, ClusterRow cluster, Service before) {
        DeploymentControllerType type = before.deploymentController().type();
        String where = " on services with a " + type + " deployment controller."
                + (type == DeploymentControllerType.CODE_DEPLOY
                        ? " Use AWS CodeDeploy to trigger a new deployment." : "");
        refuse(Boolean.TRUE.equals(request.forceNewDeployment()), "Cannot force a new deployment" + where);
        refuse(request.taskDefinition() != null, "Unable to update task definition" + where);
        refuse(request.networkConfiguration() != null, "Unable to update network parameters" + where);
        refuse(request.platformVersion() != null, "Unable to update platform version" + where);
        refuse(request.hasLoadBalancers() && !request.loadBalancers().equals(before.loadBalancers()),
                "Unable to update load balancers" + where);
        refuse(request.hasServiceRegistries() && !request.serviceRegistries().equals(before.serviceRegistries()),
                "Unable to update service registries" + where);
        refuse(request.deploymentController() != null && request.deploymentController().type() != type,
                "Unable to update deployment controller" + where);
        requireRolling(type, request.serviceConnectConfiguration(), !request.volumeConfigurations().isEmpty(),
                !request.vpcLatticeConfigurations().isEmpty());
        if (request.hasCapacityProviderStrategy()) {
            var strategy = request.capacityProviderStrategy().isEmpty() ? request.capacityProviderStrategy()
                    : TaskRules.strategy(cluster, null, request.capacityProviderStrategy());
            refuse(!strategy.equals(before.capacityProviderStrategy()),
                    "When switching from launch type to capacity provider strategy on an existing service, or making a "
                    + "change to a capacity provider strategy on a service that is already using one, you must force "
                    + "a new deployment.");
        }
    }

    /** What only rolling updates bring with them (ECS Developer Guide, Service Connect, Amazon EBS, VPC Lattice). */
    private static void requireRolling(DeploymentControllerType type, ServiceConnectConfiguration connect,
            boolean volumes, boolean lattice) {
        String where = " not supported with the " + type + " deployment controller.";
        refuse(connect != null && Boolean.TRUE.equals(connect.enabled()), "Service Connect is" + where);
        refuse(volumes, "Volume configurations are" + where);
        refuse(lattice, "VPC Lattice configurations are" + where);
    }

    private static void refuse(boolean wrong, String message) {
        if (wrong) {
            throw EcsErrors.invalidParameter(message);
        }
    }
}
