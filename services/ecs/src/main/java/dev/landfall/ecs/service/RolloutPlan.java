package dev.landfall.ecs.service;

import dev.landfall.ecs.task.TaskRow;
import java.util.ArrayList;
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
 *   <li>Tasks of the newest deployment that are not on an instance that is being drained are its own; of these the
 *       unhealthy ones are sick, the others current. All other tasks are outdated.
 *   <li>Missing current tasks are started as far as the upper bound allows.
 *   <li>Excess current tasks are stopped, chosen by {@link ScaleIn}; healthy ones as far as the lower bound allows,
 *       since it may choose these before others that are protected, or of capacity that has no more than its share.
 *   <li>Outdated tasks that do not run healthily are stopped: they hold up nothing.
 *   <li>Healthy outdated tasks are stopped as far as the lower bound allows.
 *   <li>Sick tasks wait for those that replace them: one goes for each that is healthy. If nothing can be started
 *       before something is stopped, they go one at a time (ECS Developer Guide, Amazon ECS services).
 *   <li>Spared tasks, which are protected from scale-in, are not stopped, unless they are sick.
 * </ol>
 *
 * @param spared tasks that would have been stopped now if they were not protected
 * @param complete whether nothing is left to do
 */
record RolloutPlan(int start, List<TaskRow> stop, List<TaskRow> spared, boolean complete) {
    /** Bounds what one look stops where tasks are chosen one by one; the next looks stop the others. */
    private static final int CHOICES_MAX = 100;

    /** @param minPercent percent of desired, likewise {@code maxPercent} */
    record Target(int desired, int minPercent, int maxPercent, String deploymentId) {
        int ceiling() {
            return (int) Math.min(Math.floorDiv((long) desired * maxPercent, 100L), Integer.MAX_VALUE);
        }

        int floor() {
            return (int) Math.ceilDiv((long) desired * minPercent, 100L);
        }
    }

    /**
     * What is known of the tasks beyond their rows.
     *
     * @param leaving whether the task's instance is being drained
     * @param spared whether the task is protected from scale-in
     */
    record Circumstances(Predicate<TaskRow> leaving, Predicate<TaskRow> spared, ScaleIn scaleIn) {
        static Circumstances none() {
            return new Circumstances(task -> false, task -> false, ScaleIn.byDefault());
        }
    }

    static RolloutPlan of(Target target, List<TaskRow> live, Circumstances around) {
        var current = new ArrayList<TaskRow>();
        var sick = new ArrayList<TaskRow>();
        var outdated = new ArrayList<TaskRow>();
        for (TaskRow task : live) {
            boolean own = task.deploymentId().equals(target.deploymentId()) && !around.leaving().test(task);
            (!own ? outdated : task.unhealthy() ? sick : current).add(task);
        }
        int missing = Math.max(0, target.desired() - current.size());
        int start = Math.clamp(target.ceiling() - live.size(), 0, missing);
        var stop = new ArrayList<TaskRow>();

        int excess = Math.max(0, current.size() - target.desired());
        var expendable = without(current, around.spared());
        stop.addAll(leavingHealthy(target.floor(), live,
                around.scaleIn().choose(expendable, bounded(excess, expendable), live, ScaleIn.YOUNGEST)));
        var spared = new ArrayList<>(without(outdated, around.spared().negate()));
        spared.addAll(without(current, around.spared().negate())
                .subList(0, Math.max(0, excess - expendable.size())));

        var old = without(outdated, around.spared());
        old.stream().filter(task -> !task.healthy()).forEach(stop::add);
        int healthy = healthy(live) - healthy(stop);
        var running = old.stream().filter(TaskRow::healthy).toList();
        int allowed = Math.clamp(healthy - target.floor(), 0, running.size());
        stop.addAll(around.scaleIn().choose(running, bounded(allowed, running), live, ScaleIn.OLDEST));

        sick.sort(ScaleIn.OLDEST);
        int waiting = Math.clamp(target.desired() - healthy(current), 0, sick.size());
        stop.addAll(sick.subList(0, sick.size() - waiting));
        boolean stuck = start == 0 && stop.isEmpty() && missing > 0 && healthy(current) == current.size();
        if (stuck && waiting > 0) {
            stop.add(sick.getFirst());
        }
        boolean complete = outdated.isEmpty() && sick.isEmpty() && current.size() == target.desired()
                && healthy(current) == target.desired();
        return new RolloutPlan(start, List.copyOf(stop), List.copyOf(spared), complete);
    }

    /** Of the chosen those that may go now, so that as many as {@code floor} stay healthy. */
    private static List<TaskRow> leavingHealthy(int floor, List<TaskRow> live, List<TaskRow> chosen) {
        int dispensable = Math.max(0, healthy(live) - floor);
        var may = new ArrayList<TaskRow>();
        for (TaskRow task : chosen) {
            if (!task.healthy()) {
                may.add(task);
            } else if (dispensable > 0) {
                may.add(task);
                dispensable--;
            }
        }
        return may;
    }

    private static List<TaskRow> without(List<TaskRow> tasks, Predicate<TaskRow> which) {
        return tasks.stream().filter(which.negate()).toList();
    }

    private static int bounded(int count, List<TaskRow> of) {
        return count >= of.size() ? of.size() : Math.min(count, CHOICES_MAX);
    }

    private static int healthy(List<TaskRow> tasks) {
        return (int) tasks.stream().filter(TaskRow::healthy).count();
    }
}
