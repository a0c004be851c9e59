package dev.landfall.agent.supervise;

import dev.landfall.agent.task.TaskReport;

/** Tells the control plane of a task. Blocks; safe for any thread. */
public interface Reports {
    enum Answer {
        ACCEPTED,
        /** The control plane will never take it, such as for a task it does not know. */
        REFUSED,
        /** Not now; try again. */
        FAILED
    }

    Answer submit(String taskArn, String clusterArn, TaskReport report);
}
