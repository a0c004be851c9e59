package dev.landfall.ecs.express;

import dev.landfall.ecs.EcsErrors;
import dev.landfall.ecs.EcsTables;
import dev.landfall.ecs.Quotas;
import dev.landfall.ecs.Scope;
import dev.landfall.ecs.account.LongArns;
import dev.landfall.ecs.cluster.ClusterRow;
import dev.landfall.ecs.cluster.Clusters;
import dev.landfall.ecs.cluster.CreateCluster;
import dev.landfall.ecs.service.ManagedService;
import dev.landfall.ecs.service.ServiceRow;
import dev.landfall.ecs.service.ServiceRules;
import dev.landfall.ecs.service.Services;
import dev.landfall.ecs.taskdef.RegisterTaskDefinition;
import dev.landfall.ecs.taskdef.TaskDefinitionRow;
import dev.landfall.ecs.taskdef.TaskDefinitions;
import dev.landfall.state.Context;
import dev.landfall.state.Decision;
import dev.landfall.state.Draft;
import dev.landfall.state.Image;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.services.ecs.model.AvailabilityZoneRebalancing;
import software.amazon.awssdk.services.ecs.model.CapacityProviderStrategyItem;
import software.amazon.awssdk.services.ecs.model.CreateExpressGatewayServiceRequest;
import software.amazon.awssdk.services.ecs.model.CreateExpressGatewayServiceResponse;
import software.amazon.awssdk.services.ecs.model.CreateServiceRequest;
import software.amazon.awssdk.services.ecs.model.DeploymentConfiguration;
import software.amazon.awssdk.services.ecs.model.DeploymentStrategy;
import software.amazon.awssdk.services.ecs.model.ExpressGatewayScalingTarget;
import software.amazon.awssdk.services.ecs.model.PropagateTags;
import software.amazon.awssdk.services.ecs.model.TaskDefinition;

/**
 * Makes an Express service: its task definition, its ECS service, and a row that says what {@link ExpressLooks} has to
 * make. No task is started before that is there.
 */
public final class CreateExpressGatewayService {
    /** "After 3 minutes bake time, 100% of traffic is shifted" (Developer Guide, Updating an Express Mode service). */
    private static final int BAKE_MINUTES = 3;
    private static final double CANARY_PERCENT = 5;
    private static final int GRACE_SECONDS = 300;

    private CreateExpressGatewayService() {}

    public static Decision<CreateExpressGatewayServiceResponse> decide(
            Image image, CreateExpressGatewayServiceRequest request, Scope scope, Context context) {
        ExpressRules.check(request);
        ExpressGatewayScalingTarget scaling =
                ExpressRules.scaling(ExpressRules.SCALING_DEFAULT, request.scalingTarget());
        var draft = new Draft(image);
        ClusterRow cluster = request.cluster() == null ? CreateCluster.orDefault(draft, scope, context)
                : Clusters.require(image, scope, request.cluster());
        String nonce = context.ids().next();
        String name = name(image, request, nonce, scope);
        ServiceRules.name(name);
        LongArns.require(image, scope, "service", LongArns.Use.of(request.tags(), PropagateTags.SERVICE, true));
        Services.find(draft.image(), scope, cluster, name).filter(row -> !row.inactive()).ifPresent(row -> {
            throw EcsErrors.invalidParameter(row.active() ? "Creation of service was not idempotent."
                    : "Unable to Start a service that is still Draining.");
        });
        Quotas.requireRoom(draft.image().count(EcsTables.SERVICES, EcsTables.SERVICES_BY_CLUSTER, cluster.arn()),
                Quotas.SERVICES_PER_CLUSTER, "services per cluster");
        TaskDefinitionRow definition = definition(draft, request, cluster, name, nonce, scope, context);
        List<String> subnets = Gateways.subnets(request.networkConfiguration() == null
                ? List.of() : request.networkConfiguration().subnets());
        ServiceRow service = ManagedService.create(draft,
                service(request, name, definition, subnets, scaling.minTaskCount()), cluster, definition, scope,
                context);
        GatewayRow gateway = Gateways.join(draft, subnets, scope, context);
        var probe = new Probe(request.healthCheckPath() == null ? ExpressRules.PATH_DEFAULT
                : request.healthCheckPath(), ExpressDefinition.port(definition.definition()));
        var row = new ExpressRow(service.arn(), request.infrastructureRoleArn(), gateway.key(),
                ExpressNames.host(name, nonce, scope), nonce, service.service().deployments().getFirst().id(), probe,
                scaling, Phase.PROVISIONING, Ingress.planned(probe), context.now());
        draft.put(EcsTables.EXPRESS_SERVICES, row);
        return draft.reply(CreateExpressGatewayServiceResponse.builder()
                .service(ExpressShapes.withTags(ExpressShapes.described(draft.image(), service, row),
                        service.service().tags())).build());
    }

    private static String name(
            Image image, CreateExpressGatewayServiceRequest request, String nonce, Scope scope) {
        if (request.serviceName() != null) {
            return request.serviceName();
        }
        String container = request.primaryContainer() != null ? request.primaryContainer().image()
                : Optional.ofNullable(ExpressDefinition.container(TaskDefinitions.require(
                        image, scope, request.taskDefinitionArn()).definition()).image()).orElse("");
        return ExpressNames.service(container, nonce);
    }

    private static TaskDefinitionRow definition(Draft draft, CreateExpressGatewayServiceRequest request,
            ClusterRow cluster, String name, String nonce, Scope scope, Context context) {
        if (!ExpressRules.blank(request.taskDefinitionArn())) {
            TaskDefinitionRow given = TaskDefinitions.require(draft.image(), scope, request.taskDefinitionArn());
            ExpressDefinition.requireMain(given.definition());
            return given;
        }
        String clusterName = cluster.cluster().clusterName();
        TaskDefinition wanted = ExpressDefinition.changed(
                ExpressDefinition.initial(ExpressDefinition.family(clusterName, name),
                        ExpressNames.logGroup(clusterName, name, nonce), scope),
                new ExpressDefinition.Change(request.primaryContainer(), request.executionRoleArn(),
                        request.taskRoleArn(), request.cpu(), request.memory()));
        return RegisterTaskDefinition.register(draft, ExpressDefinition.request(wanted), scope, context);
    }

    private static CreateServiceRequest service(CreateExpressGatewayServiceRequest request, String name,
            TaskDefinitionRow definition, List<String> subnets, int desired) {
        List<String> securityGroups = request.networkConfiguration() == null
                ? List.of() : request.networkConfiguration().securityGroups();
        return CreateServiceRequest.builder()
                .serviceName(name)
                .taskDefinition(definition.arn())
                .desiredCount(desired)
                .capacityProviderStrategy(CapacityProviderStrategyItem.builder()
                        .capacityProvider("FARGATE").base(1).weight(1).build())
                .deploymentConfiguration(DeploymentConfiguration.builder()
                        .strategy(DeploymentStrategy.CANARY)
                        .canaryConfiguration(canary -> canary.canaryPercent(CANARY_PERCENT)
                                .canaryBakeTimeInMinutes(BAKE_MINUTES))
                        .bakeTimeInMinutes(BAKE_MINUTES)
                        .deploymentCircuitBreaker(breaker -> breaker.enable(true).rollback(true))
                        .build())
                .networkConfiguration(network -> network.awsvpcConfiguration(vpc -> vpc
                        .subnets(subnets).securityGroups(securityGroups).assignPublicIp("ENABLED")))
                .healthCheckGracePeriodSeconds(GRACE_SECONDS)
                .availabilityZoneRebalancing(AvailabilityZoneRebalancing.ENABLED)
                .enableECSManagedTags(true)
                .propagateTags(PropagateTags.SERVICE)
                .tags(request.tags())
                .build();
    }
}
