package dev.landfall.ecs.service;

import dev.landfall.ecs.task.TaskRow;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;

/**
 * What a service has to start and stop now: desired minus actual, within the bounds of its deployment configuration.
 * Reads nothing but its arguments.
 *
 * <p>With desired count d the tasks that are wanted to run never exceed ⌊d·max/100⌋ through starts, and the healthy
 * ones never fall below ⌈d·min/100⌉ through stops of healthy ones. For example d = 3 with 50 % and 150 %: up to 4 run
 * and at least 2 are healthy, so a rollout starts one task, stops one old, and so on.
 *
 * <ol>
 *   <li>Tasks of the newest deployment that are not unhealthy, nor on an instance that is being drained, are current,
 *       all others are outdated.
 *   <li>Missing current tasks are started as far as the upper bound allows.
 *   <li>Excess current tasks are stopped: those not running first, then the youngest.
 *   <li>Outdated tasks that do not run healthily are stopped: they hold up nothing. A task that turned unhealthy waits
 *       for its replacement while there is room for one.
 *   <li>Healthy outdated tasks are stopped, oldest first, as far as the lower bound allows.
 * </ol>
 */
record RolloutPlan(int start, List<TaskRow> stop, boolean complete) {

    static RolloutPlan of(int desired, int minPercent, int maxPercent, String deploymentId, List<TaskRow> live,
            Predicate<TaskRow> leaving) {
        long ceiling = Math.floorDiv((long) desired * maxPercent, 100L);
        long floor = Math.ceilDiv((long) desired * minPercent, 100L);
        var current = new ArrayList<TaskRow>();
        var outdated = new ArrayList<TaskRow>();
        for (TaskRow task : live) {
            (task.deploymentId().equals(deploymentId) && !task.unhealthy() && !leaving.test(task) ? current : outdated)
                    .add(task);
        }
        int missing = Math.max(0, desired - current.size());
        int start = Math.clamp(ceiling - live.size(), 0, missing);
        var stop = new ArrayList<TaskRow>();
        current.sort(Comparator.comparing(TaskRow::healthy).thenComparing(
                Comparator.comparing((TaskRow task) -> task.task().createdAt()).reversed()));
        stop.addAll(current.subList(0, Math.max(0, current.size() - desired)));
        long healthy = live.stream().filter(TaskRow::healthy).count()
                - stop.stream().filter(TaskRow::healthy).count();
        boolean roomForReplacements = start >= missing;
        long currentHealthy = current.stream().filter(TaskRow::healthy).count();
        outdated.sort(Comparator.comparing((TaskRow task) -> task.task().createdAt()));
        for (TaskRow task : outdated) {
            boolean own = task.deploymentId().equals(deploymentId);
            if (own && task.unhealthy() && roomForReplacements && currentHealthy < desired) {
                continue; // unhealthy, its replacement is on the way
            }
            if (!task.healthy()) {
                stop.add(task);
            } else if (healthy > floor) {
                healthy--;
                stop.add(task);
            }
        }
        boolean complete = outdated.isEmpty() && current.size() == desired && currentHealthy == desired;
        return new RolloutPlan(start, List.copyOf(stop), complete);
    }
}
