package dev.landfall.ecs.placement;

import dev.landfall.ecs.EcsTables;
import dev.landfall.ecs.instance.InstanceRow;
import dev.landfall.state.Image;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** The instances of some zones by how many of the owner's tasks count against them in a spread, the fewest first. */
final class Levels {
    /** Values of an attribute that are worth telling apart; more are as many as there are instances. */
    private static final int VALUES_MAX = 64;

    private Levels() {}

    /** The instances that are equal in this; only a few of them are kept, else none. */
    static final class Level {
        private final int max;
        private final List<String> arns = new ArrayList<>();
        private boolean many;

        private Level(int max) {
            this.max = max;
        }

        private void add(String arn) {
            if (arns.size() == max) {
                addMany();
            } else if (!many) {
                arns.add(arn);
            }
        }

        private void addMany() {
            many = true;
            arns.clear();
        }

        /** Their ARNs; nothing where they are more than are kept. */
        Optional<List<String>> few() {
            return many ? Optional.empty() : Optional.of(arns);
        }
    }

    /**
     * By the tasks on each instance. Reads the owner's counters once for each zone, in step with the instances' ARNs,
     * and no instance.
     */
    static SortedMap<Integer, Level> ofInstances(Image image, Wanted wanted, List<String> zones, int few) {
        var levels = new TreeMap<Integer, Level>();
        var counted = image.tally(EcsTables.TASKS, EcsTables.TASKS_BY_PLACE, wanted.owner());
        for (String zone : zones) {
            Iterator<Map.Entry<String, Integer>> counts = counted.entrySet().iterator();
            String place = "";
            int tasks = 0;
            for (String arn : image.keys(EcsTables.INSTANCES, EcsTables.INSTANCES_BY_ZONE,
                    wanted.pool() + '|' + zone)) {
                while (place.compareTo(arn) < 0 && counts.hasNext()) {
                    var next = counts.next();
                    place = next.getKey();
                    tasks = next.getValue();
                }
                at(levels, place.equals(arn) ? tasks : 0, few).add(arn);
            }
        }
        return levels;
    }

    /**
     * By the tasks on all instances that share an attribute's value; nothing where hardly any do. Instances without the
     * attribute share one more value, and count as many.
     */
    static SortedMap<Integer, Level> ofValues(
            Image image, Wanted wanted, List<String> zones, String attribute, Scores scores, int few) {
        var levels = new TreeMap<Integer, Level>();
        String cluster = EcsTables.clusterOf(wanted.pool());
        String prefix = EcsTables.attributeKey(cluster, attribute, "");
        var values = image.values(
                EcsTables.INSTANCES, EcsTables.INSTANCES_BY_ATTRIBUTE, prefix, prefix + Character.MAX_VALUE);
        if (values.size() > VALUES_MAX) {
            return levels;
        }
        int having = 0;
        for (var value : values.entrySet()) {
            having += value.getValue().size();
            Level level = at(levels, scores.tasks(attribute, value.getKey().substring(prefix.length())), few);
            if (value.getValue().size() > few * zones.size()) {
                level.addMany();
            } else {
                value.getValue().stream().filter(arn -> belongs(image, wanted, zones, arn)).forEach(level::add);
            }
        }
        if (having < image.count(EcsTables.INSTANCES, EcsTables.INSTANCES_BY_CLUSTER, cluster)) {
            at(levels, scores.tasks(attribute, ""), few).addMany();
        }
        return levels;
    }

    private static boolean belongs(Image image, Wanted wanted, List<String> zones, String arn) {
        InstanceRow row = image.get(EcsTables.INSTANCES, arn).orElseThrow();
        return zones.contains(row.zone()) && (wanted.pool().equals(row.clusterArn())
                || wanted.pool().equals(EcsTables.poolKey(row.clusterArn(), row.capacityProvider())));
    }

    private static Level at(SortedMap<Integer, Level> levels, int tasks, int few) {
        return levels.computeIfAbsent(tasks, any -> new Level(few));
    }
}
