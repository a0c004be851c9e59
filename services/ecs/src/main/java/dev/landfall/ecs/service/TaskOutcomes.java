package dev.landfall.ecs.service;

import dev.landfall.ecs.EcsTables;
import dev.landfall.ecs.Uuids;
import dev.landfall.ecs.deployment.CircuitBreaker;
import dev.landfall.ecs.deployment.ServiceDeploymentRow;
import dev.landfall.ecs.deployment.ServiceDeployments;
import dev.landfall.ecs.task.TaskRow;
import dev.landfall.state.Context;
import dev.landfall.state.Draft;
import dev.landfall.state.Image;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import software.amazon.awssdk.services.ecs.model.Deployment;
import software.amazon.awssdk.services.ecs.model.DeploymentRolloutState;
import software.amazon.awssdk.services.ecs.model.Task;
import software.amazon.awssdk.services.ecs.model.TaskStopCode;

/**
 * What a service learns from the end of its tasks: tasks that fail at once are started again ever more slowly, as ECS
 * throttles them (ECS Developer Guide, Service throttle logic), and counted, which the circuit breaker looks at. One
 * that ran for a while is replaced immediately.
 */
public final class TaskOutcomes {
    private static final Duration LONGEST_DELAY = Duration.ofMinutes(15);

    /** With the rounds before it the delay is still short; from here on people should know. */
    private static final int ANNOUNCED_ROUND = 4;

    private TaskOutcomes() {}

    public static void stopped(Draft draft, TaskRow stopped, Context context) {
        Task task = stopped.task();
        boolean own = task.stopCode() == TaskStopCode.TASK_FAILED_TO_START
                || task.stopCode() == TaskStopCode.ESSENTIAL_CONTAINER_EXITED;
        if (!own) {
            return;
        }
        Optional<ServiceRow> withTaskSets = draft.image().get(EcsTables.SERVICES, stopped.serviceArn())
                .filter(row -> row.active() && row.usesTaskSets());
        if (withTaskSets.isPresent()) {
            TaskSetOutcomes.stopped(draft, withTaskSets.get(), stopped, context);
        } else {
            service(draft.image(), stopped).ifPresent(row -> draft.put(EcsTables.SERVICES, ran(task, context)
                    ? row.withFailedStarts(0, Instant.EPOCH) : failed(draft.image(), row, task, context)));
            Shifting.stopped(draft, stopped, context);
        }
    }

    /** The service of a task of its PRIMARY deployment. */
    private static Optional<ServiceRow> service(Image image, TaskRow task) {
        return task.serviceArn().isEmpty() ? Optional.empty()
                : image.get(EcsTables.SERVICES, task.serviceArn())
                        .filter(row -> row.active() && ofPrimary(row, task));
    }

    private static boolean ofPrimary(ServiceRow row, TaskRow task) {
        return row.service().deployments().stream().findFirst()
                .filter(primary -> primary.id().equals(task.deploymentId())).isPresent();
    }

    static boolean ran(Task task, Context context) {
        return task.startedAt() != null && !task.startedAt().plus(Steadiness.RAN).isAfter(context.now());
    }

    /** Tasks that were started together fail together: within the delay of a round its other failures do not count. */
    private static ServiceRow failed(Image image, ServiceRow row, Task task, Context context) {
        ServiceRow next = counts(image, row) ? withOneMore(row, context) : row;
        next = failureTold(next, task, context);
        if (context.now().isBefore(row.notBefore())) {
            return next;
        }
        int rounds = row.failedStarts() + 1;
        return roundTold(next, rounds, context).withFailedStarts(rounds, context.now().plus(delay(rounds)));
    }

    static ServiceRow failureTold(ServiceRow row, Task task, Context context) {
        if (task.stopCode() != TaskStopCode.TASK_FAILED_TO_START) {
            return row;
        }
        String reason = task.stoppedReason();
        return row.withEventOnce("was unable to place a task. Reason: " + reason + (reason.endsWith(".") ? "" : "."),
                Uuids.of(context), context.now());
    }

    static ServiceRow roundTold(ServiceRow row, int rounds, Context context) {
        return rounds < ANNOUNCED_ROUND ? row
                : row.withEventOnce("is unable to consistently start tasks successfully. For more information, see "
                        + "the Troubleshooting section of the Amazon ECS Developer Guide.", Uuids.of(context),
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

    /**
     * Whether a task that does not come to run is one of the deployment's failures: until the deployment is over, or
     * a task of its has stayed up. "Once a service deployment has one or more successfully running tasks, the failed
     * task count resets to zero and stops being evaluated" (ECS API Reference, Deployment), unless the circuit breaker
     * is told to go on.
     */
    static boolean counts(Image image, ServiceRow row) {
        boolean proven = ServiceDeployments.current(image, row).filter(ServiceDeploymentRow::proven).isPresent();
        return row.primary().rolloutState() == DeploymentRolloutState.IN_PROGRESS
                && !(proven && CircuitBreaker.resets(row.service().deploymentConfiguration()));
    }

    /** What a service learns when it stops a task of its for its health checks: that counts in both stages. */
    static ServiceRow unhealthy(ServiceRow row, TaskRow task, Context context) {
        boolean counted = ofPrimary(row, task)
                && row.primary().rolloutState() == DeploymentRolloutState.IN_PROGRESS;
        return counted ? withOneMore(row, context) : row;
    }

    /** A task that becomes healthy makes up for those that failed before it, unless the service wants it otherwise. */
    public static void healthy(Draft draft, TaskRow task) {
        service(draft.image(), task)
                .filter(row -> row.primary().failedTasks() > 0
                        && row.primary().rolloutState() == DeploymentRolloutState.IN_PROGRESS
                        && CircuitBreaker.resets(row.service().deploymentConfiguration()))
                .ifPresent(row -> draft.put(EcsTables.SERVICES, row.with(Deployments.withPrimary(
                        row.service(), row.primary().toBuilder().failedTasks(0).build()))));
    }

    static ServiceRow withOneMore(ServiceRow row, Context context) {
        Deployment primary = row.primary();
        return row.with(Deployments.withPrimary(row.service(), primary.toBuilder()
                .failedTasks(primary.failedTasks() + 1).updatedAt(context.now()).build()));
    }
}
