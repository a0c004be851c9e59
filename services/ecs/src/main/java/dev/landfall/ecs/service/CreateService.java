package dev.landfall.ecs.service;

import dev.landfall.ecs.EcsErrors;
import dev.landfall.ecs.EcsTables;
import dev.landfall.ecs.Quotas;
import dev.landfall.ecs.RequestDigest;
import dev.landfall.ecs.Scope;
import dev.landfall.ecs.account.LongArns;
import dev.landfall.ecs.balance.KnownTargetGroups;
import dev.landfall.ecs.balance.LoadBalancerRules;
import dev.landfall.ecs.cluster.ClusterRow;
import dev.landfall.ecs.cluster.Clusters;
import dev.landfall.ecs.connect.ServiceConnect;
import dev.landfall.ecs.placement.Rules;
import dev.landfall.ecs.tag.Tags;
import dev.landfall.ecs.task.Launch;
import dev.landfall.ecs.task.LaunchVolumes;
import dev.landfall.ecs.task.TaskRules;
import dev.landfall.ecs.taskdef.TaskDefinitionRow;
import dev.landfall.ecs.taskdef.TaskDefinitions;
import dev.landfall.state.Context;
import dev.landfall.state.Decision;
import dev.landfall.state.Draft;
import dev.landfall.state.Image;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.services.ecs.model.CapacityProviderStrategyItem;
import software.amazon.awssdk.services.ecs.model.CreateServiceRequest;
import software.amazon.awssdk.services.ecs.model.CreateServiceResponse;
import software.amazon.awssdk.services.ecs.model.DeploymentController;
import software.amazon.awssdk.services.ecs.model.DeploymentControllerType;
import software.amazon.awssdk.services.ecs.model.LaunchType;
import software.amazon.awssdk.services.ecs.model.PropagateTags;
import software.amazon.awssdk.services.ecs.model.SchedulingStrategy;
import software.amazon.awssdk.services.ecs.model.Service;

/** Makes a service; its tasks are started by {@link ReconcileService}, which hears of the new row. */
public final class CreateService {
    private static final int TOKEN_MAX = 36;

    private CreateService() {}

    /** @param groups those that the request names */
    public static Decision<CreateServiceResponse> decide(Image image, CreateServiceRequest request,
            KnownTargetGroups groups, Scope scope, Context context) {
        ClusterRow cluster = Clusters.require(image, scope, request.cluster());
        ServiceRules.name(request.serviceName());
        LongArns.require(image, scope, "service", LongArns.Use.of(
                request.tags(), request.propagateTags(), request.enableECSManagedTags()));
        TaskRules.token(TOKEN_MAX, request.clientToken());
        Optional<ServiceRow> existing = Services.find(image, scope, cluster, request.serviceName())
                .filter(row -> !row.inactive());
        if (existing.isPresent()) {
            return Decision.of(repeated(image, existing.get(), request));
        }
        Quotas.requireRoom(image.count(EcsTables.SERVICES, EcsTables.SERVICES_BY_CLUSTER, cluster.arn()),
                Quotas.SERVICES_PER_CLUSTER, "services per cluster");
        if (TaskSetService.wanted(request.deploymentController())) {
            return TaskSetService.create(image, request, groups, scope, cluster, context);
        }
        if (request.schedulingStrategy() == SchedulingStrategy.DAEMON) {
            DaemonRules.shape(request.desiredCount(), request.placementStrategy(), request.deploymentConfiguration());
            DaemonRules.volumes(request.volumeConfigurations());
        }
        if (request.desiredCount() == null && request.schedulingStrategy() != SchedulingStrategy.DAEMON) {
            throw EcsErrors.invalidParameter("DesiredCount is missing");
        }
        int desired = request.desiredCount() == null ? 0 : request.desiredCount();
        ServiceRules.desiredCount("DesiredCount", desired);
        ServiceRules.registries(request.serviceRegistries());
        ServiceRules.gracePeriod(request.healthCheckGracePeriodSeconds());
        TaskDefinitionRow definition = definition(image, request, scope);
        Service service = service(request, scope, cluster, definition, desired, context);
        LoadBalancerRules.check(service.deploymentConfiguration().strategy(), request.loadBalancers(),
                definition.definition(), groups);
        var draft = new Draft(image);
        ServiceRow row = Deployments.begin(draft, new ServiceRow(service, List.of(), 0, Instant.EPOCH, false,
                        tokenAndDigest(request)),
                ServiceConnect.wanted(image, scope, cluster, service, request.serviceConnectConfiguration()), context);
        row = Deployments.withVolumes(row, request.volumeConfigurations());
        draft.put(EcsTables.SERVICES, row);
        return draft.reply(
                CreateServiceResponse.builder().service(Services.describe(draft.image(), row)).build());
    }

    private static CreateServiceResponse repeated(Image image, ServiceRow row, CreateServiceRequest request) {
        if (!row.active()) {
            throw EcsErrors.invalidParameter("Unable to Start a service that is still Draining.");
        }
        if (request.clientToken() == null || !tokenAndDigest(request).equals(row.createToken())) {
            throw EcsErrors.invalidParameter("Creation of service was not idempotent.");
        }
        return CreateServiceResponse.builder().service(Services.describe(image, row)).build();
    }

    /** What a repeated request must have in common with the first: all but its tags. */
    static String tokenAndDigest(CreateServiceRequest request) {
        return request.clientToken() == null ? "" : request.clientToken() + ' '
                + RequestDigest.of(request.toBuilder().tags(List.of()).build());
    }

    static TaskDefinitionRow definition(Image image, CreateServiceRequest request, Scope scope) {
        if (request.taskDefinition() == null || request.taskDefinition().isBlank()) {
            throw EcsErrors.invalidParameter("TaskDefinition can not be blank.");
        }
        TaskDefinitionRow definition = TaskDefinitions.require(image, scope, request.taskDefinition());
        TaskRules.active(definition);
        return definition;
    }

    static Service service(CreateServiceRequest request, Scope scope, ClusterRow cluster,
            TaskDefinitionRow definition, int desired, Context context) {
        List<CapacityProviderStrategyItem> strategy =
                TaskRules.strategy(cluster, request.launchType(), request.capacityProviderStrategy());
        if (request.schedulingStrategy() == SchedulingStrategy.DAEMON) {
            DaemonRules.capacity(request.launchType(), strategy);
        }
        LaunchType launchType = request.launchType() == null ? LaunchType.EC2 : request.launchType();
        Launch launch = strategy.isEmpty()
                ? Launch.of(launchType) : Launch.by(strategy.getFirst().capacityProvider());
        TaskRules.compatible(definition.definition(), launch);
        LaunchVolumes.ofService(definition.definition(), request.volumeConfigurations());
        TaskRules.network(definition.definition(), request.networkConfiguration());
        TaskRules.platform(request.platformVersion(), launch);
        TaskRules.platformSupports(definition.definition(), request.platformVersion());
        TaskRules.placement(definition.definition(), request.placementConstraints(), request.placementStrategy(),
                launch);
        var service = Service.builder()
                .serviceArn(Services.arn(scope, cluster, request.serviceName()))
                .serviceName(request.serviceName())
                .clusterArn(cluster.arn())
                .status("ACTIVE")
                .desiredCount(desired)
                .taskDefinition(definition.arn())
                .deploymentConfiguration(ServiceRules.deployment(
                        ServiceRules.deploymentDefaults(request.schedulingStrategy()),
                        request.deploymentConfiguration()))
                .deploymentController(request.deploymentController() == null
                        ? DeploymentController.builder().type(DeploymentControllerType.ECS).build()
                        : request.deploymentController())
                .loadBalancers(List.copyOf(request.loadBalancers()))
                .serviceRegistries(List.of())
                .placementConstraints(request.placementConstraints())
                .placementStrategy(Rules.shown(request.placementStrategy()))
                .networkConfiguration(request.networkConfiguration())
                .healthCheckGracePeriodSeconds(
                        request.healthCheckGracePeriodSeconds() == null ? 0 : request.healthCheckGracePeriodSeconds())
                .schedulingStrategy(request.schedulingStrategy() == null
                        ? SchedulingStrategy.REPLICA : request.schedulingStrategy())
                .createdAt(context.now())
                .createdBy("arn:aws:iam::" + scope.accountId() + ":root")
                .enableECSManagedTags(Boolean.TRUE.equals(request.enableECSManagedTags()))
                .propagateTags(request.propagateTags() == null ? PropagateTags.NONE : request.propagateTags())
                .enableExecuteCommand(Boolean.TRUE.equals(request.enableExecuteCommand()))
                .availabilityZoneRebalancing(RebalancingRules.initially(request))
                .roleArn(request.role())
                .tags(Tags.validated(request.tags()));
        if (strategy.isEmpty()) {
            service.launchType(launchType);
        } else {
            service.capacityProviderStrategy(strategy);
        }
        if (launch.managed()) {
            service.platformVersion(request.platformVersion() == null ? "LATEST" : request.platformVersion())
                    .platformFamily("Linux");
        }
        RebalancingRules.check(service.build());
        return service.build();
    }
}
