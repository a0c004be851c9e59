package dev.landfall.ecs.service;

import dev.landfall.ecs.task.TaskRow;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * What a DAEMON service has to start and stop now, so that each instance that qualifies has one task of its newest
 * deployment. Reads nothing but its arguments.
 *
 * <p>There is no room for a second task on an instance, so a task is stopped before the one that replaces it starts.
 * With d instances that qualify, stops of healthy tasks leave ⌈d·min/100⌉ healthy ones: with 0 % all are replaced at
 * once, with 75 % a quarter of them at a time.
 *
 * <ol>
 *   <li>Tasks on instances that do not qualify any more are stopped; on one that is being drained the daemon is the
 *       last to stop, after the tasks of all other services (ECS Developer Guide, Daemon scheduling strategy).
 *   <li>Of several tasks on one instance the best stays.
 *   <li>Outdated tasks that do not run healthily are stopped, healthy ones as far as the lower bound allows.
 *   <li>Unhealthy tasks go one at a time, each when all others that are new have become healthy.
 *   <li>Where an instance qualifies and nothing of the service is left on it, a task is started.
 * </ol>
 *
 * @param start ARNs of the instances that need a task
 * @param misplaced those of {@code stop} whose instance has ceased to meet the placement constraints
 * @param spared tasks that would have been stopped now if they were not protected
 */
record DaemonPlan(
        List<String> start, List<TaskRow> stop, List<TaskRow> misplaced, List<TaskRow> spared, boolean complete) {

    /** What the instance of a task means to it. */
    enum Standing {
        QUALIFIES,
        /** Being drained, and tasks of other services are still on it. */
        DRAINING,
        /** Being drained, and the daemon is the last on it. */
        DRAINED,
        /** Does not meet the placement constraints. */
        MISPLACED
    }

    /** What is known of the tasks beyond their rows. */
    interface Circumstances {
        Standing standing(TaskRow task);

        /** Whether the task is protected from scale-in. */
        boolean spared(TaskRow task);
    }

    /**
     * @param qualified ARNs of the instances that are to have a task
     * @param occupied those of them where a task of the service has not stopped yet
     */
    record Fleet(SortedSet<String> qualified, Predicate<String> occupied) {}

    static DaemonPlan of(Fleet fleet, int minPercent, String deploymentId, List<TaskRow> live, Circumstances around) {
        var stop = new ArrayList<TaskRow>();
        var misplaced = new ArrayList<TaskRow>();
        var spared = new ArrayList<TaskRow>();
        var kept = new TreeMap<String, TaskRow>();
        for (TaskRow task : live.stream().sorted(bestFirst(deploymentId)).toList()) {
            boolean goes = switch (around.standing(task)) {
                case QUALIFIES -> kept.putIfAbsent(task.instanceArn(), task) != null;
                case DRAINING -> false;
                case DRAINED -> true;
                case MISPLACED -> misplaced.add(task);
            };
            if (goes) {
                stop.add(task);
            }
        }
        var current = new ArrayList<TaskRow>();
        var sick = new ArrayList<TaskRow>();
        var outdated = new ArrayList<TaskRow>();
        for (TaskRow task : kept.values()) {
            (!task.deploymentId().equals(deploymentId) ? outdated : task.unhealthy() ? sick : current).add(task);
        }
        int expendable = healthy(kept.values().stream().toList())
                - (int) Math.ceilDiv((long) fleet.qualified().size() * minPercent, 100L);
        outdated.sort(ScaleIn.OLDEST);
        for (TaskRow task : outdated) {
            if (around.spared(task)) {
                spared.add(task);
            } else if (!task.healthy()) {
                stop.add(task);
            } else if (expendable > 0) {
                expendable--;
                stop.add(task);
            }
        }
        if (!sick.isEmpty() && healthy(current) == current.size()) {
            stop.add(sick.stream().min(ScaleIn.OLDEST).orElseThrow());
        }
        var start = new TreeSet<>(fleet.qualified());
        start.removeAll(kept.keySet());
        boolean complete = outdated.isEmpty() && sick.isEmpty() && misplaced.isEmpty()
                && healthy(current) == fleet.qualified().size();
        start.removeIf(fleet.occupied());
        return new DaemonPlan(List.copyOf(start), List.copyOf(stop), List.copyOf(misplaced), List.copyOf(spared),
                complete);
    }

    private static Comparator<TaskRow> bestFirst(String deploymentId) {
        return Comparator.comparing((TaskRow task) -> !task.deploymentId().equals(deploymentId))
                .thenComparing(task -> !task.healthy())
                .thenComparing(ScaleIn.OLDEST);
    }

    private static int healthy(List<TaskRow> tasks) {
        return (int) tasks.stream().filter(TaskRow::healthy).count();
    }
}
