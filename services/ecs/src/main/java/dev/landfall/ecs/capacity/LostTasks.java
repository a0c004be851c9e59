package dev.landfall.ecs.capacity;

import dev.landfall.ecs.EcsTables;
import dev.landfall.ecs.instance.Absence;
import dev.landfall.ecs.task.TaskRow;
import dev.landfall.ecs.task.Tasks;
import dev.landfall.state.Context;
import dev.landfall.state.Draft;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import software.amazon.awssdk.services.ecs.model.TaskStopCode;

/**
 * Gives up the tasks of an agent that has been gone for too long, so that services replace them. Nobody knows whether
 * their containers run; an agent that does come back learns that the tasks are over, from the manifest of what it
 * should run, and stops what is left of them. ECS itself never does this, hence only where a user asked for it.
 */
final class LostTasks {
    private LostTasks() {}

    /** Replies with when to look again, if only time will tell. */
    static Optional<Duration> giveUp(Draft draft, String instanceArn, CapacityPolicy policy, Context context) {
        Optional<Absence> absence = draft.image().get(EcsTables.ABSENCES, instanceArn);
        if (absence.isEmpty() || policy.replaceLostTasksAfter().isEmpty()) {
            return Optional.empty();
        }
        Duration patience = policy.replaceLostTasksAfter().get();
        Instant end = absence.get().since().plus(patience);
        if (context.now().isBefore(end)) {
            return Optional.of(Duration.between(context.now(), end));
        }
        for (TaskRow task : draft.image().find(EcsTables.TASKS, EcsTables.TASKS_BY_INSTANCE, instanceArn)) {
            Tasks.stopped(draft, task, TaskStopCode.TERMINATION_NOTICE,
                    "The task was lost: the agent of its container instance has been disconnected for more than "
                            + patience.toSeconds() + " seconds.", context);
        }
        return Optional.empty();
    }
}
