package dev.landfall.ecs.service;

import dev.landfall.ecs.deployment.CircuitBreaker;
import dev.landfall.ecs.task.TaskRow;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a rollout that the circuit breaker watches may stop now: a healthy task of an older deployment goes only for a
 * new one that has shown that it stays up. Else a revision that crashes a moment after its start would have taken the
 * place of the last good one before anyone could notice. Reads nothing but its arguments.
 *
 * @param again when the next of the new tasks has stayed up, if some task waits for it
 */
record GuardedStops(List<TaskRow> now, Optional<Duration> again) {

    /** @param planned the tasks to be stopped if nobody watched, in that order */
    static GuardedStops of(ServiceRow row, List<TaskRow> planned, List<TaskRow> live, Instant now) {
        if (!CircuitBreaker.enabled(row.service().deploymentConfiguration())) {
            return new GuardedStops(planned, Optional.empty());
        }
        String primary = row.primary().id();
        List<Duration> missing = live.stream()
                .filter(task -> task.deploymentId().equals(primary) && task.healthy())
                .map(task -> Steadiness.missing(task, now))
                .filter(Duration::isPositive)
                .toList();
        long replaced = planned.stream().filter(task -> replaced(task, primary)).count();
        long allowed = Math.max(0, replaced - missing.size());
        if (allowed == replaced) {
            return new GuardedStops(planned, Optional.empty());
        }
        var stops = new ArrayList<TaskRow>();
        for (TaskRow task : planned) {
            if (!replaced(task, primary) || allowed-- > 0) {
                stops.add(task);
            }
        }
        return new GuardedStops(List.copyOf(stops), missing.stream().min(Duration::compareTo));
    }

    private static boolean replaced(TaskRow task, String primary) {
        return !task.deploymentId().equals(primary) && task.healthy();
    }
}
