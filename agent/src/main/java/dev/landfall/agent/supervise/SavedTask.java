package dev.landfall.agent.supervise;

import dev.landfall.agent.task.TaskReport;
import dev.landfall.agent.task.TaskState;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What is kept of a task in the data directory.
 *
 * @param outbox reports that the control plane has not accepted yet, oldest first
 * @param releasedAt when the task's resources were freed: from then on its containers wait to be removed
 */
record SavedTask(
        TaskState state, TaskNames names, List<TaskReport> outbox, Optional<Instant> releasedAt,
        boolean containersRemoved) {
    SavedTask {
        outbox = List.copyOf(outbox);
    }
}
