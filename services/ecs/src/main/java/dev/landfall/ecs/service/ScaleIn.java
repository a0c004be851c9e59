package dev.landfall.ecs.service;

import dev.landfall.ecs.task.TaskRow;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.ToLongFunction;

/**
 * Which tasks of a service go when some have to: those that do not run healthily first, then as the service's placement
 * strategy has it, so that the rest stands as the strategy would have placed it. Without a strategy the zone with the
 * most tasks of the service gives one up, there the instance with the most (ECS Developer Guide, Amazon ECS services:
 * "When the service scheduler stops running tasks"). Reads nothing but its arguments.
 *
 * @param surplus whose tasks go before all others: those of capacity that has more than its share
 * @param rules the placement strategy, most significant first
 */
record ScaleIn(Surplus surplus, List<Rule> rules) {
    static final Comparator<TaskRow> OLDEST = Comparator.comparing((TaskRow task) -> task.task().createdAt())
            .thenComparing(TaskRow::arn);

    static final Comparator<TaskRow> YOUNGEST = OLDEST.reversed();

    /** One rule of a placement strategy. */
    sealed interface Rule {
        /** What tasks of the service are spread over, such as zones: the one with the most gives one up. */
        record Even(Function<TaskRow, String> group) implements Rule {}

        /**
         * What instances are filled with: the one that has the most left gives up a task, so that it may become empty.
         *
         * @param left what the task's instance has left now
         * @param size what one task gives back
         */
        record Pack(ToLongFunction<TaskRow> left, long size) implements Rule {}
    }

    ScaleIn {
        rules = List.copyOf(rules);
    }

    static ScaleIn by(List<Rule> rules) {
        return new ScaleIn(Surplus.NONE, rules);
    }

    /** By zone, then by instance. */
    static ScaleIn byDefault() {
        return by(List.of(new Rule.Even(StopRules::zone), new Rule.Even(TaskRow::instanceArn)));
    }

    ScaleIn with(Surplus other) {
        return new ScaleIn(other, rules);
    }

    /**
     * Chooses one after the other, each in view of those that would be left.
     *
     * @param from the tasks that may go
     * @param live all tasks of the service that are wanted to run, those of {@code from} among them
     * @param last decides where nothing else does
     */
    List<TaskRow> choose(List<TaskRow> from, int count, List<TaskRow> live, Comparator<TaskRow> last) {
        if (count <= 0) {
            return List.of();
        }
        var candidates = candidates(from, live);
        Comparator<Candidate> order = Comparator.comparingLong((Candidate candidate) -> -candidate.over().value)
                .thenComparing(candidate -> standing(candidate.task()))
                .thenComparing(Candidate::fuller)
                .thenComparing(Candidate::task, last);
        if (count >= candidates.size()) {
            return candidates.stream().sorted(order).map(Candidate::task).toList();
        }
        var chosen = new ArrayList<TaskRow>();
        while (chosen.size() < count) {
            Candidate next = candidates.stream().min(order).orElseThrow();
            candidates.remove(next);
            next.leave();
            chosen.add(next.task());
        }
        return chosen;
    }

    /** Starting, unhealthy, running, healthy: the less a task does, the sooner it goes. */
    private static int standing(TaskRow task) {
        return task.healthy() ? 3 : !task.running() ? 0 : task.unhealthy() ? 1 : 2;
    }

    private List<Candidate> candidates(List<TaskRow> from, List<TaskRow> live) {
        var weights = new ArrayList<TreeMap<String, Weight>>();
        for (Rule rule : rules) {
            var groups = new TreeMap<String, Weight>();
            for (TaskRow task : live) {
                switch (rule) {
                    case Rule.Even(var group) ->
                            groups.computeIfAbsent(group.apply(task), _ -> new Weight(0, -1)).value++;
                    case Rule.Pack(var left, var size) ->
                            groups.computeIfAbsent(task.instanceArn(), _ -> new Weight(left.applyAsLong(task), size));
                }
            }
            weights.add(groups);
        }
        var over = new TreeMap<String, Weight>();
        surplus.byProvider().forEach((provider, tasks) -> over.put(provider, new Weight(tasks, -1)));
        var candidates = new ArrayList<Candidate>();
        for (TaskRow task : from) {
            var own = new ArrayList<Weight>();
            for (int i = 0; i < rules.size(); i++) {
                String group = switch (rules.get(i)) {
                    case Rule.Even(var of) -> of.apply(task);
                    case Rule.Pack _ -> task.instanceArn();
                };
                own.add(weights.get(i).get(group));
            }
            candidates.add(new Candidate(
                    task, over.computeIfAbsent(surplus.group(task), _ -> new Weight(0, 0)), own));
        }
        return candidates;
    }

    /** How full a group is; shared by its tasks, so that one that leaves is felt by the others at once. */
    private static final class Weight {
        private long value;
        private final long change;

        Weight(long value, long change) {
            this.value = value;
            this.change = change;
        }
    }

    private record Candidate(TaskRow task, Weight over, List<Weight> weights) {
        /** Negative if this one's groups are fuller, the most significant rule first. */
        static int fuller(Candidate a, Candidate b) {
            for (int i = 0; i < a.weights.size(); i++) {
                int order = Long.compare(b.weights.get(i).value, a.weights.get(i).value);
                if (order != 0) {
                    return order;
                }
            }
            return 0;
        }

        void leave() {
            over.value += over.change;
            weights.forEach(weight -> weight.value += weight.change);
        }
    }
}
