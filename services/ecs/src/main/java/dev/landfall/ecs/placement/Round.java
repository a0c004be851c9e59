package dev.landfall.ecs.placement;

import dev.landfall.state.Image;
import java.util.Arrays;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * What the placements of one decision learn from each other while they want the same and nothing but they happens: no
 * task ends and no instance comes or goes between them, and each instance that is found gets its task. An instance that
 * refused once then refuses again, since only those that take a task change. How many tasks an instance has only grows,
 * so that the best that was found among some zones stays the best there is, and the search for the next may end where
 * it is met again. Confined to one thread.
 */
public final class Round {
    private final Map<String, long[]> best = new TreeMap<>();
    private final Map<String, Iterator<Candidate>> walks = new TreeMap<>();
    private final Set<String> refused = new TreeSet<>();

    /** How many of the owner's tasks each value of an attribute has, by the attribute. */
    private final Map<String, Map<String, Integer>> totals = new TreeMap<>();

    private final Limits limits;
    private Optional<Wanted> wanted = Optional.empty();
    private List<String> zones = List.of();
    private int passed;
    private int looks;

    /**
     * Where searches turn from one way to another; what they find is the same.
     *
     * @param patience after how many instances a walk asks for a shorter way
     * @param few so many instances are compared with each other rather than searched; a walk that comes by one in
     *     {@code few} of 5,000 instances is as long
     */
    record Limits(int patience, int few) {}

    public Round() {
        this(new Limits(16, 64));
    }

    Round(Limits limits) {
        this.limits = limits;
    }

    Limits limits() {
        return limits;
    }

    /** Forgets what was learned for tasks that want something else. */
    void begin(Wanted next) {
        if (!wanted.equals(Optional.of(next))) {
            best.clear();
            walks.clear();
            refused.clear();
            totals.clear();
            zones = List.of();
            wanted = Optional.of(next);
        }
    }

    /** What nothing among these zones can beat, as far as is known. */
    long[] bound(List<String> zones, long[] otherwise) {
        return best.getOrDefault(String.join("|", zones), otherwise);
    }

    /** A walk must begin anew where the best is worse than was hoped for: it has passed by others as good. */
    void found(List<String> zones, long[] scores) {
        String among = String.join("|", zones);
        long[] hoped = bound(zones, new long[scores.length]);
        best.put(among, scores);
        if (Arrays.compare(hoped, scores) != 0) {
            walks.remove(among);
        }
    }

    /** Notes how a search walks along the instances of these zones. */
    void walking(List<String> zones, Iterator<Candidate> walk) {
        walks.put(String.join("|", zones), walk);
    }

    /** What the last walk among these zones did not come by. */
    Iterator<Candidate> rest(List<String> zones) {
        return walks.getOrDefault(String.join("|", zones), Collections.emptyIterator());
    }

    /** The zones of the pool that the tasks of this round are placed in. */
    List<String> zones(Image image, Wanted next) {
        begin(next);
        if (zones.isEmpty()) {
            zones = Room.zones(image, next.pool());
        }
        return zones;
    }

    Map<String, Integer> totals(String attribute, Function<String, Map<String, Integer>> count) {
        return totals.computeIfAbsent(attribute, count);
    }

    /** One task more for the values that the instance has. */
    void taken(Function<String, String> valueOf) {
        totals.forEach((attribute, byValue) -> byValue.merge(valueOf.apply(attribute), 1, Integer::sum));
    }

    boolean refused(String arn) {
        return refused.contains(arn);
    }

    /** Notes that an instance was looked at, and how that came out. */
    void looked(String arn, boolean fits) {
        looks++;
        if (!fits) {
            refused.add(arn);
        }
    }

    /** Notes that a search came by an instance, whether it looked at it or not. */
    void passed() {
        passed++;
    }

    /** How many instances the searches have held against their requirements. */
    int looks() {
        return looks;
    }

    /** How many instances the searches have come by, whether they looked at them or not. */
    int passes() {
        return passed;
    }
}
