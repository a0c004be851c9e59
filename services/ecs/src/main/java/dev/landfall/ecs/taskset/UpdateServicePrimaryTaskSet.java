package dev.landfall.ecs.taskset;

import dev.landfall.ecs.EcsErrors;
import dev.landfall.ecs.EcsTables;
import dev.landfall.ecs.Scope;
import dev.landfall.state.Context;
import dev.landfall.state.Decision;
import dev.landfall.state.Draft;
import dev.landfall.state.Image;
import java.util.List;
import software.amazon.awssdk.services.ecs.model.LaunchType;
import software.amazon.awssdk.services.ecs.model.NetworkConfiguration;
import software.amazon.awssdk.services.ecs.model.Service;
import software.amazon.awssdk.services.ecs.model.TaskSet;
import software.amazon.awssdk.services.ecs.model.UpdateServicePrimaryTaskSetRequest;
import software.amazon.awssdk.services.ecs.model.UpdateServicePrimaryTaskSetResponse;

/** Makes a task set the PRIMARY one and the one before ACTIVE; the service shows what its primary set is made of. */
public final class UpdateServicePrimaryTaskSet {
    private UpdateServicePrimaryTaskSet() {}

    public static Decision<UpdateServicePrimaryTaskSetResponse> decide(
            Image image, UpdateServicePrimaryTaskSetRequest request, Scope scope, Context context) {
        var place = TaskSetRules.external(image, scope, request.cluster(), request.service());
        if (request.primaryTaskSet() == null || request.primaryTaskSet().isBlank()) {
            throw EcsErrors.invalidParameter("PrimaryTaskSet can not be blank.");
        }
        TaskSetRow row = TaskSets.require(image, place.service(), request.primaryTaskSet());
        TaskSetRules.notDraining(row);
        var draft = new Draft(image);
        TaskSetRow next = row;
        if (!row.primary()) {
            for (TaskSetRow other : TaskSets.of(image, place.service().arn())) {
                if (other.primary()) {
                    draft.put(EcsTables.TASK_SETS, other.withStatus(TaskSetStatus.ACTIVE, context.now()));
                }
            }
            next = row.withStatus(TaskSetStatus.PRIMARY, context.now());
            draft.put(EcsTables.TASK_SETS, next);
            draft.put(EcsTables.SERVICES,
                    place.service().with(withPrimary(place.service().service(), next.taskSet())));
        }
        return draft.reply(UpdateServicePrimaryTaskSetResponse.builder()
                .taskSet(TaskSets.describe(image, next)).build());
    }

    /** "Any parameters that are updated on the primary task set in a service will transition to the service." */
    private static Service withPrimary(Service service, TaskSet primary) {
        return service.toBuilder()
                .taskDefinition(primary.taskDefinition())
                .launchType(primary.launchType())
                .capacityProviderStrategy(primary.capacityProviderStrategy())
                .platformVersion(primary.platformVersion())
                .platformFamily(primary.platformFamily())
                .networkConfiguration(primary.networkConfiguration())
                .loadBalancers(primary.loadBalancers())
                .serviceRegistries(primary.serviceRegistries())
                .build();
    }

    /** "If no primary task set is defined for a service, when describing the service, the task set fields are null." */
    static Service withoutPrimary(Service service) {
        return service.toBuilder()
                .taskDefinition(null)
                .launchType(LaunchType.EC2) // what a service without a primary task set shows all the same
                .capacityProviderStrategy(List.of())
                .platformVersion(null)
                .platformFamily(null)
                .networkConfiguration((NetworkConfiguration) null)
                .loadBalancers(List.of())
                .serviceRegistries(List.of())
                .build();
    }
}
