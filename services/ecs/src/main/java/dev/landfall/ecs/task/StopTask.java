package dev.landfall.ecs.task;

import dev.landfall.ecs.EcsErrors;
import dev.landfall.ecs.Scope;
import dev.landfall.ecs.cluster.ClusterRow;
import dev.landfall.ecs.cluster.Clusters;
import dev.landfall.state.Context;
import dev.landfall.state.Decision;
import dev.landfall.state.Draft;
import dev.landfall.state.Image;
import software.amazon.awssdk.services.ecs.model.StopTaskRequest;
import software.amazon.awssdk.services.ecs.model.StopTaskResponse;
import software.amazon.awssdk.services.ecs.model.TaskStopCode;

/**
 * Asks for the end of one task: SIGTERM, then SIGKILL after the containers' stop timeout. As with ECS, the answer has
 * none of the task's tags.
 */
public final class StopTask {
    private static final int REASON_MAX = 255;

    private StopTask() {}

    public static Decision<StopTaskResponse> decide(
            Image image, StopTaskRequest request, Scope scope, Context context) {
        ClusterRow cluster = Clusters.require(image, scope, request.cluster());
        if (request.task() == null || request.task().isBlank()) {
            throw EcsErrors.invalidParameter("taskId cannot be empty.");
        }
        TaskRules.atMost(REASON_MAX, "reason", request.reason());
        TaskRow row = Tasks.find(image, scope, cluster, request.task())
                .orElseThrow(() -> EcsErrors.invalidParameter("The referenced task was not found."));
        var draft = new Draft(image);
        TaskRow next = Tasks.stop(draft, row, TaskStopCode.USER_INITIATED,
                request.reason() == null ? "Task stopped by user" : request.reason(), context);
        return draft.reply(StopTaskResponse.builder()
                .task(ShownTask.withoutTags(next)).build());
    }
}
