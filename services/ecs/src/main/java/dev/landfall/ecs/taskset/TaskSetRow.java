package dev.landfall.ecs.taskset;

import java.time.Instant;
import software.amazon.awssdk.services.ecs.model.TaskSet;

/**
 * A task set as the API shows it, without the counts of its tasks, and its scheduler's memory. It is there until it was
 * deleted and the last of its tasks has stopped.
 *
 * @param taskSet its {@code computedDesiredCount} is what the scheduler last worked out
 * @param failedStarts rounds of starting tasks that failed, since the last that did not
 * @param notBefore no task is started before this moment; the epoch when nothing holds it back
 * @param createToken the client token it was created with, or empty
 * @param createPrint tells another request under the same token
 */
public record TaskSetRow(
        TaskSet taskSet, int failedStarts, Instant notBefore, String createToken, String createPrint) {

    public String arn() {
        return taskSet.taskSetArn();
    }

    public TaskSetStatus status() {
        return TaskSetStatus.valueOf(taskSet.status());
    }

    public boolean primary() {
        return status() == TaskSetStatus.PRIMARY;
    }

    public boolean draining() {
        return status() == TaskSetStatus.DRAINING;
    }

    public TaskSetRow with(TaskSet next) {
        return new TaskSetRow(next, failedStarts, notBefore, createToken, createPrint);
    }

    /** The set on its next step in life. */
    TaskSetRow withStatus(TaskSetStatus next, Instant now) {
        if (!status().canBecome(next)) {
            throw new IllegalStateException(arn() + " cannot go from " + status() + " to " + next);
        }
        return with(taskSet.toBuilder().status(next.name()).updatedAt(now).build());
    }

    public TaskSetRow withFailedStarts(int failed, Instant until) {
        return new TaskSetRow(taskSet, failed, until, createToken, createPrint);
    }
}
