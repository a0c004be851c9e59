package dev.landfall.ecs.placement;

import dev.landfall.ecs.EcsTables;
import dev.landfall.ecs.instance.InstanceRow;
import dev.landfall.ecs.placement.Preference.BinpackCpu;
import dev.landfall.ecs.placement.Preference.BinpackMemory;
import dev.landfall.ecs.placement.Preference.SpreadAttribute;
import dev.landfall.ecs.placement.Preference.SpreadInstances;
import dev.landfall.state.Image;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * How well instances serve a task's preferences: one number for each, the less the better, the first the weightiest.
 * Confined to one thread.
 */
final class Scores {
    private final Image image;
    private final Wanted wanted;
    private final List<Preference> preferences;
    private final Round round;

    /** The owner's tasks by the instances they are on. */
    private final SortedMap<String, Integer> onInstances;

    /** @param preferences none of them random: that is an order, not a number */
    Scores(Image image, Wanted wanted, List<Preference> preferences, Round round) {
        this.image = image;
        this.wanted = wanted;
        this.preferences = preferences;
        this.round = round;
        this.onInstances = image.tally(EcsTables.TASKS, EcsTables.TASKS_BY_PLACE, wanted.owner());
    }

    long[] of(String arn) {
        var scores = new long[preferences.size()];
        for (int i = 0; i < scores.length; i++) {
            scores[i] = switch (preferences.get(i)) {
                case SpreadInstances any -> onInstances.getOrDefault(arn, 0);
                case SpreadAttribute(var name) -> tasks(name, value(name, arn));
                case BinpackCpu any -> image.get(EcsTables.LOADS, arn).orElseThrow().cpuLeft();
                case BinpackMemory any -> image.get(EcsTables.LOADS, arn).orElseThrow().memoryLeft();
                case Preference.Random any -> throw new IllegalArgumentException("random has no score");
            };
        }
        return scores;
    }

    /** How many of the owner's tasks are on instances with that value; those without the attribute have the empty one. */
    int tasks(String attribute, String value) {
        return attribute.equals(InstanceRow.ZONE)
                ? image.count(EcsTables.TASKS, EcsTables.TASKS_BY_ZONE, wanted.owner(), value)
                : round.totals(attribute, this::total).getOrDefault(value, 0);
    }

    String value(String attribute, String arn) {
        return image.get(EcsTables.INSTANCES, arn).flatMap(row -> row.attribute(attribute)).orElse("");
    }

    private Map<String, Integer> total(String attribute) {
        var total = new TreeMap<String, Integer>();
        onInstances.forEach((arn, tasks) -> total.merge(value(attribute, arn), tasks, Integer::sum));
        return total;
    }
}
