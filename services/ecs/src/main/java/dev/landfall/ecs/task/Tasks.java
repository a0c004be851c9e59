package dev.landfall.ecs.task;

import dev.landfall.ecs.EcsEffect;
import dev.landfall.ecs.EcsErrors;
import dev.landfall.ecs.EcsTables;
import dev.landfall.ecs.Scope;
import dev.landfall.ecs.cluster.ClusterRow;
import dev.landfall.ecs.placement.Demand;
import dev.landfall.ecs.placement.Placement;
import dev.landfall.ecs.taskdef.TaskDefinitionRow;
import dev.landfall.ecs.taskdef.TaskDefinitions;
import dev.landfall.state.Context;
import dev.landfall.state.Draft;
import dev.landfall.state.Image;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.services.ecs.model.Attachment;
import software.amazon.awssdk.services.ecs.model.Task;
import software.amazon.awssdk.services.ecs.model.TaskStopCode;

/** Looks tasks up and takes them through the end of their life. */
public final class Tasks {
    private static final int ID_LENGTH = 32;

    /** Task ids were UUIDs once. */
    private static final int OLD_ID_LENGTH = 36;

    private Tasks() {}

    /** The task named by its id or ARN in a cluster. */
    public static Optional<TaskRow> find(Image image, Scope scope, ClusterRow cluster, String idOrArn) {
        return image.get(EcsTables.TASKS, arn(scope, cluster, idOrArn))
                .filter(row -> row.task().clusterArn().equals(cluster.arn()));
    }

    public static String arn(Scope scope, ClusterRow cluster, String idOrArn) {
        if (idOrArn.startsWith("arn:")) {
            return idOrArn;
        }
        if (idOrArn.length() != ID_LENGTH && idOrArn.length() != OLD_ID_LENGTH) {
            throw EcsErrors.invalidParameter("taskId length should be one of [32,36]");
        }
        return scope.arn("task/" + cluster.cluster().clusterName() + "/" + idOrArn);
    }

    /**
     * Asks the task's agent to stop it, or if a target group may have it, for its targets to be drained first: "tasks
     * are deregistered from target groups" while they are DEACTIVATING (ECS Developer Guide, Task lifecycle). A task
     * that is already on its way out keeps its first reason.
     */
    public static TaskRow stop(Draft draft, TaskRow row, TaskStopCode code, String reason, Context context) {
        if (!row.wanted()) {
            return row;
        }
        boolean drains = row.running() && row.targeted();
        TaskRow next = row.with(changed(row.task())
                .desiredStatus(TaskStatus.STOPPED.name())
                .lastStatus(drains ? TaskStatus.DEACTIVATING.name() : row.task().lastStatus())
                .stopCode(code)
                .stoppedReason(reason)
                .stoppingAt(context.now())
                .build());
        draft.put(EcsTables.TASKS, next);
        if (!drains) {
            draft.emit(new EcsEffect.Deliver(next.instanceArn(), next.arn()));
        }
        return next;
    }

    /** Tells the task's agent to stop it, now that nothing holds it any more. */
    public static void release(Draft draft, TaskRow row) {
        draft.put(EcsTables.TASKS, row.with(changed(row.task()).lastStatus(TaskStatus.STOPPING.name()).build()));
        draft.emit(new EcsEffect.Deliver(row.instanceArn(), row.arn()));
    }

    /** Notes that nothing of the task runs any more, and gives back what it took of its instance. */
    public static TaskRow stopped(Draft draft, TaskRow row, TaskStopCode code, String reason, Context context) {
        Task task = row.task();
        var next = changed(task)
                .desiredStatus(TaskStatus.STOPPED.name())
                .lastStatus(TaskStatus.STOPPED.name())
                .stoppedAt(context.now())
                .stoppingAt(task.stoppingAt() == null ? context.now() : task.stoppingAt())
                .executionStoppedAt(task.executionStoppedAt() == null ? context.now() : task.executionStoppedAt())
                .containers(task.containers().stream()
                        .map(each -> each.toBuilder().lastStatus(TaskStatus.STOPPED.name()).build()).toList());
        if (task.hasAttachments()) {
            next.attachments(task.attachments().stream().map(Tasks::deleted).toList());
        }
        if (task.stopCode() == null) {
            next.stopCode(code).stoppedReason(reason);
        }
        TaskRow stopped = row.with(next.build());
        draft.put(EcsTables.TASKS, stopped);
        giveBack(draft, row);
        return stopped;
    }

    private static void giveBack(Draft draft, TaskRow row) {
        draft.image().get(EcsTables.LOADS, row.instanceArn()).ifPresent(load -> {
            Demand demand = Demand.of(definition(draft.image(), row).definition(), row.overrides());
            List<String> gpus = row.task().containers().stream().flatMap(each -> each.gpuIds().stream()).toList();
            draft.put(EcsTables.LOADS, Placement.without(load, demand, gpus));
        });
    }

    /** The definition a task was made from; it cannot be deleted while the task is live. */
    public static TaskDefinitionRow definition(Image image, TaskRow row) {
        return TaskDefinitions.byArn(image, row.task().taskDefinitionArn())
                .orElseThrow(() -> new IllegalStateException("the task definition of " + row.arn() + " is gone"));
    }

    /** The builder of the next state, with the version that comes with it. */
    public static Task.Builder changed(Task task) {
        return task.toBuilder().version(task.version() + 1);
    }

    private static Attachment deleted(Attachment attachment) {
        return attachment.toBuilder().status("DELETED").build();
    }
}
