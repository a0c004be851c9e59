package dev.landfall.elb.target;

import dev.landfall.elb.ElbTables;
import dev.landfall.elb.classic.FinishLeaving;
import dev.landfall.state.Context;
import dev.landfall.state.Decision;
import dev.landfall.state.Image;
import dev.landfall.state.Write;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Forgets the targets that have drained, and the instances of Classic Load Balancers. Nobody asks for it but time. */
public final class FinishDraining {
    /** Bounds one decision; the next one follows at once. */
    private static final int TARGETS_MAX = 1_000;

    private FinishDraining() {}

    /** When the next target will have drained. */
    public static Optional<Instant> next(Image image) {
        return Stream.of(image.values(ElbTables.TARGETS, ElbTables.TARGETS_DRAINING, "0", "9".repeat(16)),
                        image.values(ElbTables.CLASSIC, ElbTables.CLASSIC_LEAVING, "0", "9".repeat(16)))
                .filter(values -> !values.isEmpty())
                .map(values -> Instant.ofEpochMilli(Long.parseLong(values.firstKey())))
                .min(Comparator.naturalOrder());
    }

    /** The reply is when to look again, if ever. */
    public static Decision<Optional<Instant>> decide(Image image, Context context) {
        Stream<Write<?>> drained = image.values(ElbTables.TARGETS, ElbTables.TARGETS_DRAINING, "0",
                        ElbTables.millis(context.now().toEpochMilli() + 1)).values().stream()
                .flatMap(Collection::stream).limit(TARGETS_MAX)
                .map(key -> Write.delete(ElbTables.TARGETS, key));
        List<Write<?>> writes = Stream.concat(drained, FinishLeaving.writes(image, context).stream()).toList();
        return new Decision<>(next(image.apply(writes)), writes, List.of());
    }
}
