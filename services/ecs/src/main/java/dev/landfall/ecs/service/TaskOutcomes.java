package dev.landfall.ecs.service;

import dev.landfall.ecs.EcsTables;
import dev.landfall.ecs.Uuids;
import dev.landfall.ecs.task.TaskRow;
import dev.landfall.state.Context;
import dev.landfall.state.Draft;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import software.amazon.awssdk.services.ecs.model.Deployment;
import software.amazon.awssdk.services.ecs.model.Task;
import software.amazon.awssdk.services.ecs.model.TaskStopCode;

/**
 * What a service learns from the end of its tasks: tasks that fail at once are started again ever more slowly, as ECS
 * throttles them (ECS Developer Guide, Service throttle logic). One that ran for a while is replaced immediately.
 */
public final class TaskOutcomes {
    /** A task that ended before this counts as one that failed to start. */
    private static final Duration RAN = Duration.ofSeconds(10);

    private static final Duration LONGEST_DELAY = Duration.ofMinutes(15);

    /** With the rounds before it the delay is still short; from here on people should know. */
    private static final int ANNOUNCED_ROUND = 4;

    private TaskOutcomes() {}

    public static void stopped(Draft draft, TaskRow stopped, Context context) {
        if (stopped.serviceArn().isEmpty()) {
            return;
        }
        Optional<ServiceRow> service = draft.image().get(EcsTables.SERVICES, stopped.serviceArn())
                .filter(ServiceRow::active);
        if (service.isPresent() && service.get().usesTaskSets()) {
            if (failure(stopped.task())) {
                TaskSetOutcomes.stopped(draft, service.get(), stopped, context);
            }
            return;
        }
        service.filter(row -> row.primary().id().equals(stopped.deploymentId()))
                .ifPresent(row -> {
                    Task task = stopped.task();
                    if (failure(task)) {
                        draft.put(EcsTables.SERVICES, ran(task, context)
                                ? row.withFailedStarts(0, Instant.EPOCH) : failed(row, task, context));
                    }
                });
    }

    private static boolean failure(Task task) {
        return task.stopCode() == TaskStopCode.TASK_FAILED_TO_START
                || task.stopCode() == TaskStopCode.ESSENTIAL_CONTAINER_EXITED;
    }

    static boolean ran(Task task, Context context) {
        return task.startedAt() != null && !task.startedAt().plus(RAN).isAfter(context.now());
    }

    /** Tasks that were started together fail together: within the delay of a round its other failures do not count. */
    private static ServiceRow failed(ServiceRow row, Task task, Context context) {
        Deployment primary = row.primary();
        ServiceRow next = row.with(Deployments.withPrimary(row.service(),
                primary.toBuilder().failedTasks(primary.failedTasks() + 1).updatedAt(context.now()).build()));
        next = failureTold(next, task, context);
        if (context.now().isBefore(row.notBefore())) {
            return next;
        }
        int rounds = row.failedStarts() + 1;
        return roundTold(next, rounds, context).withFailedStarts(rounds, context.now().plus(delay(rounds)));
    }

    static ServiceRow failureTold(ServiceRow row, Task task, Context context) {
        return task.stopCode() != TaskStopCode.TASK_FAILED_TO_START ? row
                : row.withEventOnce("failed to launch a task with (error " + task.stoppedReason() + ").",
                        Uuids.of(context), context.now());
    }

    static ServiceRow roundTold(ServiceRow row, int rounds, Context context) {
        return rounds != ANNOUNCED_ROUND ? row
                : row.withEvent("is unable to consistently start tasks successfully. For more information, see the "
                        + "Troubleshooting section of the Amazon ECS Developer Guide.", Uuids.of(context),
                        context.now());
    }

    /** Nothing after the first round, then 1, 2, 4 … seconds up to a quarter of an hour. */
    static Duration delay(int rounds) {
        if (rounds < 2) {
            return Duration.ZERO;
        }
        Duration delay = Duration.ofSeconds(1L << Math.min(rounds - 2, 20));
        return delay.compareTo(LONGEST_DELAY) > 0 ? LONGEST_DELAY : delay;
    }
}
