package dev.landfall.ecs.placement;

import dev.landfall.ecs.EcsTables;
import dev.landfall.state.Image;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.SortedSet;

/**
 * The order in which a task that is placed at random comes by the instances of a pool: by ARN, round and round, from
 * one that is drawn. Drawing is no more than counting, so that nobody has to number all instances at random.
 */
final class Cycle {
    private final Image image;
    private final String pool;
    private final String start;

    private Cycle(Image image, String pool, String start) {
        this.image = image;
        this.pool = pool;
        this.start = start;
    }

    /**
     * The number drawn looks random and is not: the same image gives the same one. Its version grows with every write,
     * so that each placement draws anew.
     */
    static Cycle drawn(Image image, String pool) {
        var zones = image.values(EcsTables.INSTANCES, EcsTables.INSTANCES_BY_ZONE, pool + '|', pool + '}');
        int open = zones.values().stream().mapToInt(SortedSet::size).sum();
        int position = open == 0 ? 0 : (int) Math.floorMod(mixed(image.version()), (long) open);
        for (var zone : zones.entrySet()) {
            int here = zone.getValue().size();
            if (position < here) {
                return new Cycle(image, pool, image.keyAt(
                        EcsTables.INSTANCES, EcsTables.INSTANCES_BY_ZONE, zone.getKey(), position));
            }
            position -= here;
        }
        return new Cycle(image, pool, "");
    }

    /** Every bit of the result depends on every bit of the seed. */
    static long mixed(long seed) {
        long hash = (seed + 1) * 0x9E3779B97F4A7C15L;
        hash = (hash ^ hash >>> 32) * 0xD6E8FEB86659FD93L;
        hash = (hash ^ hash >>> 32) * 0xD6E8FEB86659FD93L;
        return hash ^ hash >>> 32;
    }

    /** Compares by how soon the walk comes by an instance. */
    Comparator<Candidate> order() {
        return Comparator.<Candidate, Boolean>comparing(each -> each.arn().compareTo(start) < 0)
                .thenComparing(Candidate::arn);
    }

    /** The instances of these zones that take tasks; their candidates have no rank. */
    Iterator<Candidate> walk(List<String> zones) {
        var lanes = new ArrayList<Iterator<Candidate>>();
        for (String zone : zones) {
            SortedSet<String> arns =
                    image.keys(EcsTables.INSTANCES, EcsTables.INSTANCES_BY_ZONE, pool + '|' + zone);
            lanes.add(candidates(arns.tailSet(start)));
            lanes.add(candidates(arns.headSet(start)));
        }
        return new Merged<>(lanes, order());
    }

    private static Iterator<Candidate> candidates(SortedSet<String> arns) {
        return arns.stream().map(arn -> new Candidate(arn, "", 0)).iterator();
    }
}
