package dev.landfall.elb.target;

import dev.landfall.elb.ElbTables;
import dev.landfall.state.Context;
import dev.landfall.state.Decision;
import dev.landfall.state.Image;
import dev.landfall.state.Write;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** Forgets the targets that have drained. Nobody asks for it but time. */
public final class FinishDraining {
    /** Bounds one decision; the next one follows at once. */
    private static final int TARGETS_MAX = 1_000;

    private FinishDraining() {}

    /** When the next target will have drained. */
    public static Optional<Instant> next(Image image) {
        var values = image.values(ElbTables.TARGETS, ElbTables.TARGETS_DRAINING, "0", "9".repeat(16));
        return values.isEmpty() ? Optional.empty()
                : Optional.of(Instant.ofEpochMilli(Long.parseLong(values.firstKey())));
    }

    /** The reply is when to look again, if ever. */
    public static Decision<Optional<Instant>> decide(Image image, Context context) {
        List<Write<?>> writes = image.values(ElbTables.TARGETS, ElbTables.TARGETS_DRAINING, "0",
                        ElbTables.millis(context.now().toEpochMilli() + 1)).values().stream()
                .flatMap(Collection::stream).limit(TARGETS_MAX)
                .<Write<?>>map(key -> Write.delete(ElbTables.TARGETS, key)).toList();
        return new Decision<>(next(image.apply(writes)), writes, List.of());
    }
}
