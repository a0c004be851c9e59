package dev.landfall.ecs.service;

import dev.landfall.ecs.service.RolloutPlan.Circumstances;
import dev.landfall.ecs.task.TaskRow;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;

/**
 * The next step towards as many tasks of a service in each Availability Zone, give or take one: start tasks in the
 * zones with the fewest, and only when these are healthy stop as many in the zones with the most (ECS Developer Guide,
 * Balancing an Amazon ECS service across Availability Zones). Reads nothing but its arguments.
 *
 * <p>For example 6 tasks stand in zones as 3, 3 and 0. Two are to move, so two start in the third zone, if
 * maximumPercent allows eight tasks; once they are healthy one stops in each of the others.
 */
final class RebalancePlan {
    /** Bounds what one look starts, so that others get their turn. */
    private static final int STARTS_MAX = 100;

    private RebalancePlan() {}

    /** What to do now. */
    sealed interface Step {
        /** Nothing: the zones are even, or as even as they can be made. */
        record Rest() implements Step {}

        /** Start the tasks that others are to move to. */
        record Start(List<Move> moves) implements Step {}

        /** Wait until the tasks that were started are healthy. */
        record Wait() implements Step {}

        record Stop(List<TaskRow> tasks) implements Step {}

        /** The tasks that would have to stop are protected. */
        record Blocked(List<TaskRow> tasks) implements Step {}

        /** Not the time for it: tasks are missing, or some are unhealthy. */
        record Unfit() implements Step {}
    }

    /** @param like the task that may go once another like it is healthy in {@code zone} */
    record Move(String zone, TaskRow like) {}

    /** How many of the tasks stand in each zone; those in {@code zones} are there even without a task. */
    static SortedMap<String, Integer> counts(List<TaskRow> live, SortedSet<String> zones) {
        var counts = new TreeMap<String, Integer>();
        zones.forEach(zone -> counts.put(zone, 0));
        live.forEach(task -> counts.merge(StopRules.zone(task), 1, Integer::sum));
        return counts;
    }

    /**
     * @param ceiling as many tasks may be wanted to run at a time
     * @param live the service's tasks that are wanted to run, all of its newest deployment
     * @param zones where tasks can be started
     */
    static Step next(int desired, int ceiling, List<TaskRow> live, SortedSet<String> zones, Circumstances around) {
        boolean healthy = live.stream().allMatch(TaskRow::healthy);
        if (live.size() < desired || live.stream().anyMatch(TaskRow::unhealthy)
                || live.size() == desired && !healthy) {
            return new Step.Unfit();
        }
        if (live.size() == desired) {
            return begin(ceiling - desired, live, zones, around);
        }
        return healthy ? end(live.size() - desired, live, zones, around) : new Step.Wait();
    }

    private static Step begin(int room, List<TaskRow> live, SortedSet<String> zones, Circumstances around) {
        var counts = counts(live, zones);
        var movable = new ArrayList<>(expendable(live, around));
        var moves = new ArrayList<Move>();
        var held = new ArrayList<TaskRow>();
        int max = Math.clamp(room, 1, STARTS_MAX);
        while (!zones.isEmpty() && moves.size() < max) {
            String to = zones.stream().min(Comparator.comparing(counts::get)).orElseThrow();
            int fewest = counts.get(to);
            Optional<String> from = counts.keySet().stream()
                    .filter(zone -> counts.get(zone) - fewest > 1
                            && movable.stream().anyMatch(task -> StopRules.zone(task).equals(zone)))
                    .max(Comparator.comparing(counts::get));
            if (from.isEmpty()) {
                live.stream().filter(task -> counts.get(StopRules.zone(task)) - fewest > 1).forEach(held::add);
                break;
            }
            var there = movable.stream().filter(task -> StopRules.zone(task).equals(from.get())).toList();
            TaskRow like = around.scaleIn().choose(there, 1, live, ScaleIn.OLDEST).getFirst();
            counts.merge(from.get(), -1, Integer::sum);
            movable.remove(like);
            counts.merge(to, 1, Integer::sum);
            moves.add(new Move(to, like));
        }
        if (!moves.isEmpty() && room > 0) {
            return new Step.Start(List.copyOf(moves));
        }
        return moves.isEmpty() && !held.isEmpty() ? new Step.Blocked(List.copyOf(held)) : new Step.Rest();
    }

    /** Takes tasks from the fullest zones only, and of capacity with more than its share: others would be missed. */
    private static Step end(int surplus, List<TaskRow> live, SortedSet<String> zones, Circumstances around) {
        var left = new ArrayList<>(live);
        var stop = new ArrayList<TaskRow>();
        ScaleIn scaleIn = around.scaleIn();
        while (stop.size() < surplus) {
            var counts = counts(left, zones);
            String fullest = counts.keySet().stream().max(Comparator.comparing(counts::get)).orElseThrow();
            var there = left.stream().filter(task -> StopRules.zone(task).equals(fullest)).toList();
            var chosen = scaleIn.choose(expendable(there, around), 1, left, ScaleIn.OLDEST);
            if (chosen.isEmpty()) {
                return stop.isEmpty() ? new Step.Blocked(there) : new Step.Stop(List.copyOf(stop));
            }
            stop.addAll(chosen);
            left.removeAll(chosen);
            scaleIn = scaleIn.with(scaleIn.surplus().without(chosen.getFirst()));
        }
        return new Step.Stop(List.copyOf(stop));
    }

    private static List<TaskRow> expendable(List<TaskRow> tasks, Circumstances around) {
        return tasks.stream().filter(task -> !around.spared().test(task)).toList();
    }
}
