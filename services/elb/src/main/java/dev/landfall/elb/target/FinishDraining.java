package dev.landfall.elb.target;

import dev.landfall.elb.ElbTables;
import dev.landfall.elb.attribute.TargetGroupAttributes;
import dev.landfall.elb.classic.FinishLeaving;
import dev.landfall.state.Decision;
import dev.landfall.state.Image;
import dev.landfall.state.Write;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Begins the deregistration delay of targets that all data planes know to drain, and forgets those whose delay is over;
 * likewise with the instances of Classic Load Balancers. Nobody asks for it but time.
 */
public final class FinishDraining {
    /** Bounds one decision; the next one follows at once. */
    private static final int TARGETS_MAX = 1_000;

    private FinishDraining() {}

    /**
     * Whose delay begins, or is over.
     *
     * @param targets as they are: one that has been registered again since is another
     * @param classic the ARNs of Classic Load Balancers some of whose instances are so
     * @param asOf when it was so
     */
    public record Due(List<TargetRow> targets, List<String> classic, Instant asOf) {
        public boolean isNothing() {
            return targets.isEmpty() && classic.isEmpty();
        }
    }

    /**
     * What is due by now.
     *
     * @param reached whether all data planes know of a target that it drains, by its key, and how a Classic Load
     *     Balancer is now, by its ARN: until then they may send it requests
     */
    public static Due due(Image image, Instant now, Predicate<String> reached) {
        return new Due(
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

    public static Decision<Void> decide(Image image, Due due) {
        Stream<Write<?>> targets = due.targets().stream()
                .filter(row -> image.get(ElbTables.TARGETS, row.key()).filter(row::equals).isPresent())
                .map(row -> next(image, row, due.asOf()));
        return new Decision<>(null, Stream.concat(targets,
                FinishLeaving.writes(image, due.classic(), due.asOf()).stream()).toList(), List.of());
    }

    private static Write<?> next(Image image, TargetRow row, Instant now) {
        Duration delay = row.delayHasBegun() ? Duration.ZERO
                : image.get(ElbTables.TARGET_GROUPS, row.groupArn()).map(TargetGroupAttributes::deregistrationDelay)
                        .orElse(Duration.ZERO);
        return delay.isZero() ? Write.delete(ElbTables.TARGETS, row.key())
                : Write.put(ElbTables.TARGETS, row.drainingUntil(now.plus(delay)));
    }
}
