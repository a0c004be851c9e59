package dev.landfall.ecs.task;

import static java.util.EnumSet.noneOf;
import static java.util.EnumSet.of;

import java.util.EnumSet;

/**
 * A task's {@code lastStatus} and where it may lead (ECS Developer Guide, Task lifecycle). A task may stop from
 * anywhere; no task comes back.
 */
public enum TaskStatus {
    PROVISIONING,
    PENDING,
    ACTIVATING,
    RUNNING,
    DEACTIVATING,
    STOPPING,
    DEPROVISIONING,
    STOPPED;

    public EnumSet<TaskStatus> next() {
        return switch (this) {
            case PROVISIONING -> of(PENDING, ACTIVATING, RUNNING, STOPPING, DEPROVISIONING, STOPPED);
            case PENDING -> of(ACTIVATING, RUNNING, DEACTIVATING, STOPPING, STOPPED);
            case ACTIVATING -> of(RUNNING, DEACTIVATING, STOPPING, STOPPED);
            case RUNNING -> of(DEACTIVATING, STOPPING, STOPPED);
            case DEACTIVATING -> of(STOPPING, STOPPED);
            case STOPPING -> of(DEPROVISIONING, STOPPED);
            case DEPROVISIONING -> of(STOPPED);
            case STOPPED -> noneOf(TaskStatus.class);
        };
    }

    public boolean canBecome(TaskStatus status) {
        return next().contains(status);
    }
}
