package dev.landfall.ecs.taskset;

import dev.landfall.ecs.EcsErrors;
import dev.landfall.ecs.EcsTables;
import dev.landfall.ecs.Scope;
import dev.landfall.state.Context;
import dev.landfall.state.Decision;
import dev.landfall.state.Image;
import dev.landfall.state.Write;
import software.amazon.awssdk.services.ecs.model.UpdateTaskSetRequest;
import software.amazon.awssdk.services.ecs.model.UpdateTaskSetResponse;

/** Gives a task set another share of its service's tasks. */
public final class UpdateTaskSet {
    private UpdateTaskSet() {}

    public static Decision<UpdateTaskSetResponse> decide(
            Image image, UpdateTaskSetRequest request, Scope scope, Context context) {
        var place = TaskSetRules.external(image, scope, request.cluster(), request.service());
        TaskSetRow row = TaskSets.require(image, place.service(), request.taskSet());
        if (request.scale() == null || request.scale().value() == null) {
            throw EcsErrors.invalidParameter("Scale can not be blank.");
        }
        TaskSetRules.notDraining(row);
        TaskSetRow next = TaskSets.stabilizing(row, context);
        next = next.with(next.taskSet().toBuilder()
                .scale(TaskSetRules.scale(request.scale())).updatedAt(context.now()).build());
        return Decision.of(
                UpdateTaskSetResponse.builder().taskSet(TaskSets.describe(image, next)).build(),
                Write.put(EcsTables.TASK_SETS, next));
    }
}
