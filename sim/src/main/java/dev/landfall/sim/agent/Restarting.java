package dev.landfall.sim.agent;

import dev.landfall.protocol.TaskPayload.ContainerPayload;

/** When an agent starts a container of a running task again that has ended by itself. */
public enum Restarting {
    /** Where its restart policy says so. */
    BY_POLICY,

    /** Whatever its policy says: a bug for tests to find. */
    ALWAYS,

    /** Likewise. */
    NEVER,

    /** Where its policy says so, and the control plane is told that it has ended: likewise. */
    TELLING;

    boolean restarts(ContainerPayload container, Docker.Facts ended) {
        return switch (this) {
            case BY_POLICY, TELLING -> container.restartPolicy() != null
                    && container.restartPolicy().restarts(ended.exitCode(), ended.sinceStart());
            case ALWAYS -> true;
            case NEVER -> false;
        };
    }
}
