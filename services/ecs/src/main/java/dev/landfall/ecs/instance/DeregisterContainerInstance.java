package dev.landfall.ecs.instance;

import dev.landfall.ecs.EcsErrors;
import dev.landfall.ecs.EcsTables;
import dev.landfall.ecs.Scope;
import dev.landfall.ecs.cluster.ClusterRow;
import dev.landfall.ecs.cluster.Clusters;
import dev.landfall.ecs.task.TaskRow;
import dev.landfall.ecs.task.Tasks;
import dev.landfall.state.Context;
import dev.landfall.state.Decision;
import dev.landfall.state.Draft;
import dev.landfall.state.Image;
import java.util.List;
import software.amazon.awssdk.services.ecs.model.DeregisterContainerInstanceRequest;
import software.amazon.awssdk.services.ecs.model.DeregisterContainerInstanceResponse;
import software.amazon.awssdk.services.ecs.model.TaskStopCode;

/**
 * Takes an instance out of its cluster. With {@code force} its tasks are orphaned, as in ECS: their containers run on,
 * but ECS no longer knows them, and services start replacements.
 */
public final class DeregisterContainerInstance {
    private DeregisterContainerInstance() {}

    public static Decision<DeregisterContainerInstanceResponse> decide(
            Image image, DeregisterContainerInstanceRequest request, Scope scope, Context context) {
        ClusterRow cluster = Clusters.require(image, scope, request.cluster());
        InstanceRow row = Instances.require(image, scope, cluster, request.containerInstance());
        List<TaskRow> tasks = image.find(EcsTables.TASKS, EcsTables.TASKS_BY_INSTANCE, row.arn());
        if (!tasks.isEmpty() && !Boolean.TRUE.equals(request.force())) {
            throw EcsErrors.invalidParameter("Found running tasks on the instance.");
        }
        var draft = new Draft(image);
        InstanceRow gone = gone(draft, row, "Container instance deregistration forced by user.", context);
        return draft.reply(DeregisterContainerInstanceResponse.builder()
                .containerInstance(Instances.describe(draft.image(), gone)).build());
    }

    /** Notes that the instance is no more, and that its tasks have stopped for that reason. */
    public static InstanceRow gone(Draft draft, InstanceRow row, String reason, Context context) {
        for (TaskRow task : draft.image().find(EcsTables.TASKS, EcsTables.TASKS_BY_INSTANCE, row.arn())) {
            Tasks.stopped(draft, task, TaskStopCode.TERMINATION_NOTICE, reason, context);
        }
        InstanceRow gone = row.with(row.instance().toBuilder()
                .status("INACTIVE").agentConnected(false).version(row.instance().version() + 1).build());
        draft.put(EcsTables.INSTANCES, gone);
        draft.delete(EcsTables.LOADS, row.arn());
        draft.delete(EcsTables.ABSENCES, row.arn());
        draft.delete(EcsTables.INTERRUPTION_NOTICES, row.arn());
        return gone;
    }
}
