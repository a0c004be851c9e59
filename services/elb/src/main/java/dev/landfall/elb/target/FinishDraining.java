package dev.landfall.elb.target;

import dev.landfall.elb.ElbTables;
import dev.landfall.elb.classic.FinishLeaving;
import dev.landfall.state.Decision;
import dev.landfall.state.Image;
import dev.landfall.state.Write;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** Forgets the targets that have drained, and the instances of Classic Load Balancers. Nobody asks for it but time. */
public final class FinishDraining {
    /** Bounds one decision; the next one follows at once. */
    private static final int TARGETS_MAX = 1_000;

    private FinishDraining() {}

    /**
     * What has drained.
     *
     * @param targets as they are: one that has been registered again since is another
     * @param classic the ARNs of Classic Load Balancers some of whose instances have left
     * @param asOf when it was so
     */
    public record Drained(List<TargetRow> targets, List<String> classic, Instant asOf) {
        public boolean isNothing() {
            return targets.isEmpty() && classic.isEmpty();
        }
    }

    /**
     * What has drained by now.
     *
     * @param reached whether all data planes know of a target that it drains, by its key, and how a Classic Load
     *     Balancer is now, by its ARN: until then they may send it requests
     */
    public static Drained due(Image image, Instant now, Predicate<String> reached) {
        return new Drained(
                due(image.values(ElbTables.TARGETS, ElbTables.TARGETS_DRAINING, "0", after(now)))
                        .filter(reached).limit(TARGETS_MAX)
                        .flatMap(key -> image.get(ElbTables.TARGETS, key).stream()).toList(),
                due(image.values(ElbTables.CLASSIC, ElbTables.CLASSIC_LEAVING, "0", after(now)))
                        .distinct().filter(reached).toList(),
                now);
    }

    private static Stream<String> due(SortedMap<String, ? extends SortedSet<String>> values) {
        return values.values().stream().flatMap(Collection::stream);
    }

    private static String after(Instant now) {
        return ElbTables.millis(now.toEpochMilli() + 1);
    }

    /** When the next target that drains will have drained; those whose time is over are not meant. */
    public static Optional<Instant> next(Image image, Instant now) {
        return Stream.of(
                        image.values(ElbTables.TARGETS, ElbTables.TARGETS_DRAINING, after(now), "9".repeat(16)),
                        image.values(ElbTables.CLASSIC, ElbTables.CLASSIC_LEAVING, after(now), "9".repeat(16)))
                .filter(values -> !values.isEmpty())
                .map(values -> Instant.ofEpochMilli(Long.parseLong(values.firstKey())))
                .min(Comparator.naturalOrder());
    }

    public static Decision<Void> decide(Image image, Drained drained) {
        Stream<Write<?>> targets = drained.targets().stream()
                .filter(row -> image.get(ElbTables.TARGETS, row.key()).filter(row::equals).isPresent())
                .map(row -> Write.delete(ElbTables.TARGETS, row.key()));
        return new Decision<>(null, Stream.concat(targets,
                FinishLeaving.writes(image, drained.classic(), drained.asOf()).stream()).toList(), List.of());
    }
}
