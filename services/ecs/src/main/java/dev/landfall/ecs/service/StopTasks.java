package dev.landfall.ecs.service;

import dev.landfall.ecs.EcsTables;
import dev.landfall.ecs.Uuids;
import dev.landfall.ecs.task.TaskRow;
import dev.landfall.ecs.task.Tasks;
import dev.landfall.state.Context;
import dev.landfall.state.Draft;
import java.util.List;
import software.amazon.awssdk.services.ecs.model.TaskStopCode;

/** Stops tasks of a service, and says so in its events. */
final class StopTasks {
    private StopTasks() {}

    /** Stops tasks of deployments, for the sake of the newest, and says which of them were running. */
    static ServiceRow stop(Draft draft, ServiceRow row, List<TaskRow> tasks, Context context) {
        return stop(draft, row, Recipe.of(draft.image(), row), tasks, context);
    }

    /** Stops tasks for the sake of a deployment or task set, and says which of them were running. */
    static ServiceRow stop(Draft draft, ServiceRow row, Recipe recipe, List<TaskRow> tasks, Context context) {
        ServiceRow next = row;
        for (TaskRow task : tasks) {
            boolean unhealthy = task.unhealthy();
            Tasks.stop(draft, task, TaskStopCode.SERVICE_SCHEDULER_INITIATED,
                    unhealthy ? UnhealthyTask.stoppedReason(task)
                            : "Scaling activity initiated by (deployment " + recipe.deploymentId() + ")",
                    context);
            if (unhealthy) {
                next = TaskOutcomes.unhealthy(next, task, context)
                        .withEvent(UnhealthyTask.event(draft.image(), task), Uuids.of(context), context.now());
            }
        }
        if (!tasks.isEmpty()) {
            next = next.withSteady(false).withEvent(recipe.subject(),
                    "has stopped " + tasks.size() + " running tasks: " + TaskList.of(tasks) + ".",
                    Uuids.of(context), context.now());
            draft.put(EcsTables.SERVICES, next);
        }
        return next;
    }

    /** Says which tasks hold up the service, since they are protected; once as long as it holds. */
    static ServiceRow spare(ServiceRow row, List<TaskRow> tasks, Context context) {
        return tasks.isEmpty() ? row
                : row.withSteady(false).withEventOnce("was unable to reach steady state because (taskSet "
                        + tasks.getFirst().deploymentId() + ") was unable to scale in due to (reason " + tasks.size()
                        + " tasks under protection)", Uuids.of(context), context.now());
    }
}
