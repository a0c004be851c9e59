package dev.landfall.ecs.service;

import dev.landfall.ecs.task.TaskRow;
import java.time.Duration;
import java.time.Instant;

/** Whether a task stays up: it has passed its health checks, or without any has run for a while. */
final class Steadiness {
    /** A task that ended before this counts as one that failed to start. */
    static final Duration RAN = Duration.ofSeconds(10);

    private Steadiness() {}

    /** What is missing until a healthy task has shown that it stays up; zero if it has. */
    static Duration missing(TaskRow healthy, Instant now) {
        if (healthy.healthChecked() || healthy.task().startedAt() == null) {
            return Duration.ZERO;
        }
        Duration missing = Duration.between(now, healthy.task().startedAt().plus(RAN));
        return missing.isNegative() ? Duration.ZERO : missing;
    }
}
