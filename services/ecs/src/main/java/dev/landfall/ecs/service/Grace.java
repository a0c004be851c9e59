package dev.landfall.ecs.service;

import dev.landfall.ecs.EcsTables;
import dev.landfall.ecs.task.TaskRow;
import dev.landfall.state.Image;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.services.ecs.model.Service;

/**
 * The time for which a service ignores that a task of its is unhealthy, from the task's start (ECS API Reference,
 * UpdateService, healthCheckGracePeriodSeconds). Lives within one look at the service.
 */
final class Grace {
    private final Duration period;
    private final Instant now;
    private Optional<Duration> again = Optional.empty();

    private Grace(Duration period, Instant now) {
        this.period = period;
        this.now = now;
    }

    static Grace of(Service service, Instant now) {
        Integer seconds = service.healthCheckGracePeriodSeconds();
        return new Grace(Duration.ofSeconds(seconds == null ? 0 : seconds), now);
    }

    /** The tasks as the service is to see them: no unhealthy one that still has time. */
    List<TaskRow> seen(List<TaskRow> tasks) {
        if (period.isZero()) {
            return tasks;
        }
        var seen = new ArrayList<TaskRow>(tasks.size());
        for (TaskRow task : tasks) {
            Duration left = left(task);
            if (left.isPositive()) {
                again = again.filter(each -> each.compareTo(left) < 0).or(() -> Optional.of(left));
            }
            seen.add(left.isPositive() ? task.undecided() : task);
        }
        return seen;
    }

    private Duration left(TaskRow task) {
        return task.unhealthy() && task.task().startedAt() != null
                ? Duration.between(now, task.task().startedAt().plus(period)) : Duration.ZERO;
    }

    /** The same tasks as they are. */
    List<TaskRow> unseen(Image image, List<TaskRow> seen) {
        return period.isZero() ? seen
                : seen.stream().map(task -> image.get(EcsTables.TASKS, task.arn()).orElseThrow()).toList();
    }

    /** When the first of the tasks seen runs out of time. */
    Optional<Duration> again() {
        return again;
    }
}
