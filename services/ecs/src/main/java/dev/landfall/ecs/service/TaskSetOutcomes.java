package dev.landfall.ecs.service;

import dev.landfall.ecs.EcsTables;
import dev.landfall.ecs.task.TaskRow;
import dev.landfall.ecs.taskset.TaskSetRow;
import dev.landfall.ecs.taskset.TaskSets;
import dev.landfall.state.Context;
import dev.landfall.state.Draft;
import java.time.Instant;

/** What a task set learns from the end of its tasks, as {@link TaskOutcomes} for a deployment: each set by itself. */
final class TaskSetOutcomes {
    private TaskSetOutcomes() {}

    static void stopped(Draft draft, ServiceRow service, TaskRow task, Context context) {
        TaskSets.of(draft.image(), service.arn(), task.deploymentId()).ifPresent(set -> {
            if (TaskOutcomes.ran(task.task(), context)) {
                if (set.failedStarts() > 0) {
                    draft.put(EcsTables.TASK_SETS, set.withFailedStarts(0, Instant.EPOCH));
                }
                return;
            }
            ServiceRow told = TaskOutcomes.failureTold(service, task.task(), context);
            if (!context.now().isBefore(set.notBefore())) {
                int rounds = set.failedStarts() + 1;
                told = TaskOutcomes.roundTold(told, rounds, context);
                draft.put(EcsTables.TASK_SETS, throttled(set, rounds, context));
            }
            if (!told.equals(service)) {
                draft.put(EcsTables.SERVICES, told);
            }
        });
    }

    private static TaskSetRow throttled(TaskSetRow set, int rounds, Context context) {
        return set.withFailedStarts(rounds, context.now().plus(TaskOutcomes.delay(rounds)));
    }
}
