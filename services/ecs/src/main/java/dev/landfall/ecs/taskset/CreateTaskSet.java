package dev.landfall.ecs.taskset;

import dev.landfall.ecs.EcsErrors;
import dev.landfall.ecs.EcsTables;
import dev.landfall.ecs.RequestDigest;
import dev.landfall.ecs.Scope;
import dev.landfall.ecs.balance.KnownTargetGroups;
import dev.landfall.ecs.balance.LoadBalancerRules;
import dev.landfall.ecs.cluster.ClusterRow;
import dev.landfall.ecs.service.ServiceRow;
import dev.landfall.ecs.service.ServiceRules;
import dev.landfall.ecs.service.Services;
import dev.landfall.ecs.tag.Tags;
import dev.landfall.ecs.task.Launch;
import dev.landfall.ecs.task.TaskRules;
import dev.landfall.ecs.taskdef.TaskDefinitionRow;
import dev.landfall.ecs.taskdef.TaskDefinitions;
import dev.landfall.state.Context;
import dev.landfall.state.Decision;
import dev.landfall.state.Image;
import dev.landfall.state.Write;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.services.ecs.model.CreateTaskSetRequest;
import software.amazon.awssdk.services.ecs.model.CreateTaskSetResponse;
import software.amazon.awssdk.services.ecs.model.LaunchType;
import software.amazon.awssdk.services.ecs.model.Scale;
import software.amazon.awssdk.services.ecs.model.TaskSet;

/**
 * Makes a task set in a service with the EXTERNAL deployment controller. It is ACTIVE; how many tasks it gets is worked
 * out by the scheduler, which hears of the new row.
 */
public final class CreateTaskSet {
    private static final int TOKEN_MAX = 36;

    /** AWS's own words for the sixth; the quota itself is not documented. */
    private static final int TASK_SETS_MAX = 5;

    private CreateTaskSet() {}

    /** @param groups those that the request names */
    public static Decision<CreateTaskSetResponse> decide(Image image, CreateTaskSetRequest request,
            KnownTargetGroups groups, Scope scope, Context context) {
        var place = TaskSetRules.external(image, scope, request.cluster(), request.service());
        TaskRules.token(TOKEN_MAX, request.clientToken());
        List<TaskSetRow> others = TaskSets.of(image, place.service().arn());
        Optional<TaskSetRow> before = others.stream().filter(row -> request.clientToken() != null
                && request.clientToken().equals(row.createToken())).findFirst();
        if (before.isPresent()) {
            return Decision.of(repeated(image, before.get(), request));
        }
        if (request.taskDefinition() == null || request.taskDefinition().isBlank()) {
            throw EcsErrors.invalidParameter("TaskDefinition can not be blank.");
        }
        TaskSetRules.loadBalancers(request.loadBalancers());
        ServiceRules.registries(request.serviceRegistries());
        TaskDefinitionRow definition = TaskDefinitions.require(image, scope, request.taskDefinition());
        LoadBalancerRules.check(request.loadBalancers(), definition.definition(), groups);
        if (others.size() >= TASK_SETS_MAX) {
            throw EcsErrors.invalidParameter(others.size() + " deployments exist on the service. Unable to create new "
                    + "TaskSet since this exceeds the maximum limit.");
        }
        var row = new TaskSetRow(taskSet(request, place.cluster(), place.service(), definition, context), 0,
                Instant.EPOCH, request.clientToken() == null ? "" : request.clientToken(), RequestDigest.of(request));
        return Decision.of(
                CreateTaskSetResponse.builder().taskSet(TaskSets.describe(image, row)).build(),
                Write.put(EcsTables.TASK_SETS, row));
    }

    private static CreateTaskSetResponse repeated(Image image, TaskSetRow row, CreateTaskSetRequest request) {
        if (!row.createPrint().equals(RequestDigest.of(request))) {
            throw EcsErrors.invalidParameter("Creation of task set was not idempotent.");
        }
        return CreateTaskSetResponse.builder().taskSet(TaskSets.describe(image, row)).build();
    }

    private static TaskSet taskSet(CreateTaskSetRequest request, ClusterRow cluster, ServiceRow service,
            TaskDefinitionRow definition, Context context) {
        var strategy = TaskRules.strategy(cluster, request.launchType(), request.capacityProviderStrategy());
        LaunchType launchType = request.launchType() == null ? LaunchType.EC2 : request.launchType();
        Launch launch = strategy.isEmpty()
                ? Launch.of(launchType) : Launch.by(strategy.getFirst().capacityProvider());
        TaskRules.compatible(definition.definition(), launch);
        TaskRules.network(definition.definition(), request.networkConfiguration());
        TaskRules.platform(request.platformVersion(), launch);
        TaskRules.platformSupports(definition.definition(), request.platformVersion());
        TaskRules.placement(definition.definition(), service.service().placementConstraints(),
                service.service().placementStrategy(), launch);
        var taskSet = TaskSets.begun(service.arn(), Services.deploymentId(context), context)
                .clusterArn(cluster.arn())
                .externalId(request.externalId())
                .status(TaskSetStatus.ACTIVE.name())
                .taskDefinition(definition.arn())
                .networkConfiguration(TaskSetRules.network(request.networkConfiguration()))
                .loadBalancers(List.copyOf(request.loadBalancers()))
                .serviceRegistries(List.of())
                .scale(TaskSetRules.scale(request.scale() == null ? Scale.builder().build() : request.scale()))
                .tags(Tags.validated(request.tags()));
        if (strategy.isEmpty()) {
            taskSet.launchType(launchType);
        } else {
            taskSet.capacityProviderStrategy(strategy);
        }
        if (launch.managed()) {
            taskSet.platformVersion(TaskRules.platformVersion(request.platformVersion())).platformFamily("Linux");
        }
        return taskSet.build();
    }
}
