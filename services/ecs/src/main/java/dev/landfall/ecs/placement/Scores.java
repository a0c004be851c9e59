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
import java.util.TreeMap;

/**
 * How well instances serve a task's preferences: one number for each, the less the better, the first the weightiest.
 * Confined to one thread.
 */
final class Scores {
    private final Image image;
    private final Wanted wanted;
    private final List<Preference> preferences;

    /** For each attribute to spread over how many of the owner's tasks its values have; filled when asked for. */
    private final Map<String, Map<String, Integer>> totals = new TreeMap<>();

    Scores(Image image, Wanted wanted, List<Preference> preferences) {
        this.image = image;
        this.wanted = wanted;
        this.preferences = preferences;
    }

    long[] of(String arn) {
        var scores = new long[preferences.size()];
        for (int i = 0; i < scores.length; i++) {
            scores[i] = switch (preferences.get(i)) {
                case SpreadInstances any -> image.count(EcsTables.TASKS, EcsTables.TASKS_BY_PLACE,
                        EcsTables.placeKey(wanted.owner(), arn));
                case SpreadAttribute(var name) -> totals.computeIfAbsent(name, this::total)
                        .getOrDefault(value(name, arn), 0);
                case BinpackCpu any -> image.get(EcsTables.LOADS, arn).orElseThrow().cpuLeft();
                case BinpackMemory any -> image.get(EcsTables.LOADS, arn).orElseThrow().memoryLeft();
                case Preference.Random any -> random(arn, image.version());
            };
        }
        return scores;
    }

    /**
     * Whether all preferences are to spread: then nothing is better than none of the owner's tasks, and the numbers
     * only grow as tasks are placed.
     */
    boolean spreading() {
        return preferences.stream().allMatch(each -> switch (each) {
            case SpreadInstances any -> true;
            case SpreadAttribute any -> true;
            case BinpackCpu any -> false;
            case BinpackMemory any -> false;
            case Preference.Random any -> false;
        });
    }

    private String value(String name, String arn) {
        return image.get(EcsTables.INSTANCES, arn).flatMap(row -> row.attribute(name)).orElse("");
    }

    /** Instances without the attribute count as those of one more value. */
    private Map<String, Integer> total(String name) {
        var total = new TreeMap<String, Integer>();
        String from = EcsTables.placeKey(wanted.owner(), "");
        String to = EcsTables.leavingKey(wanted.owner(), "");
        image.counts(EcsTables.TASKS, EcsTables.TASKS_BY_PLACE, from, to).forEach((place, tasks) ->
                total.merge(value(name, EcsTables.instanceOf(place, wanted.pool())), tasks, Integer::sum));
        return total;
    }

    /**
     * A number that looks random and is not: the same image gives the same one. The version of the image grows with
     * every write, so that each placement draws anew.
     */
    static long random(String arn, long seed) {
        long hash = seed * 0x9E3779B97F4A7C15L;
        for (int i = 0; i < arn.length(); i++) {
            hash = (hash ^ arn.charAt(i)) * 0x100000001B3L;
        }
        hash = (hash ^ hash >>> 32) * 0xD6E8FEB86659FD93L;
        return (hash ^ hash >>> 32) >>> 1;
    }
}
