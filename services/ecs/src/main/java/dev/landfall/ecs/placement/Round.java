package dev.landfall.ecs.placement;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What the placements of one decision learn from each other while they want the same and nothing but they happens: no
 * task ends and no instance comes or goes between them. How many tasks an instance has only grows then, so that the
 * best that was found among some zones stays the best there is, and the search for the next may end where it is met
 * again. Without this each task of a service that is on every instance already would be compared with all of them.
 * Confined to one thread.
 */
public final class Round {
    private final Map<String, long[]> best = new TreeMap<>();
    private Optional<Wanted> wanted = Optional.empty();

    /** What nothing among these zones can beat, as far as is known. */
    long[] bound(Wanted wanted, List<String> zones, long[] otherwise) {
        if (!this.wanted.equals(Optional.of(wanted))) {
            best.clear();
            this.wanted = Optional.of(wanted);
        }
        return best.getOrDefault(String.join("|", zones), otherwise);
    }

    void found(List<String> zones, long[] scores) {
        best.put(String.join("|", zones), scores);
    }
}
