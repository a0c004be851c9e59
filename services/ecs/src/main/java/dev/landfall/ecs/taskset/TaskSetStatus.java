package dev.landfall.ecs.taskset;

import static java.util.EnumSet.noneOf;
import static java.util.EnumSet.of;

import java.util.EnumSet;

/**
 * A task set's {@code status} and where it may lead (ECS API Reference, TaskSet). A set that is draining does not come
 * back: it is gone once the last of its tasks has stopped.
 */
public enum TaskSetStatus {
    ACTIVE,
    PRIMARY,
    DRAINING;

    public EnumSet<TaskSetStatus> next() {
        return switch (this) {
            case ACTIVE -> of(PRIMARY, DRAINING);
            case PRIMARY -> of(ACTIVE, DRAINING);
            case DRAINING -> noneOf(TaskSetStatus.class);
        };
    }

    public boolean canBecome(TaskSetStatus status) {
        return next().contains(status);
    }
}
