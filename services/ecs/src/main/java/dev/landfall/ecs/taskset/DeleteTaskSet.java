package dev.landfall.ecs.taskset;

import dev.landfall.ecs.EcsErrors;
import dev.landfall.ecs.EcsTables;
import dev.landfall.ecs.Scope;
import dev.landfall.ecs.service.ServiceRow;
import dev.landfall.state.Context;
import dev.landfall.state.Decision;
import dev.landfall.state.Draft;
import dev.landfall.state.Image;
import software.amazon.awssdk.services.ecs.model.DeleteTaskSetRequest;
import software.amazon.awssdk.services.ecs.model.DeleteTaskSetResponse;

/** Ends a task set: it is DRAINING until its tasks have stopped, then gone. Repeating it meanwhile is no mistake. */
public final class DeleteTaskSet {
    private DeleteTaskSet() {}

    public static Decision<DeleteTaskSetResponse> decide(
            Image image, DeleteTaskSetRequest request, Scope scope, Context context) {
        var place = TaskSetRules.external(image, scope, request.cluster(), request.service());
        TaskSetRow row = TaskSets.require(image, place.service(), request.taskSet());
        var draft = new Draft(image);
        if (!row.draining()) {
            if (!Boolean.TRUE.equals(request.force())) {
                requireIdle(place.service(), row);
            }
            if (row.primary()) {
                draft.put(EcsTables.SERVICES, place.service().with(
                        UpdateServicePrimaryTaskSet.withoutPrimary(place.service().service())));
            }
            row = TaskSets.draining(row, context);
            draft.put(EcsTables.TASK_SETS, row);
        }
        return draft.reply(DeleteTaskSetResponse.builder().taskSet(TaskSets.describe(image, row)).build());
    }

    private static void requireIdle(ServiceRow service, TaskSetRow row) {
        if (row.primary()) {
            throw EcsErrors.invalidParameter("Primary TaskSet cannot be deleted");
        }
        if (TaskSets.desiredCount(row.taskSet(), service.service().desiredCount()) > 0) {
            throw EcsErrors.invalidParameter("The TaskSet cannot be deleted while it is scaled above 0.");
        }
    }
}
