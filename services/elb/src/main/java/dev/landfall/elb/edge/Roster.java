package dev.landfall.elb.edge;

import dev.landfall.elb.ElbTables;
import dev.landfall.state.Context;
import dev.landfall.state.Decision;
import dev.landfall.state.Decisions;
import dev.landfall.state.Image;
import dev.landfall.state.Write;
import java.util.Collection;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The data planes of other processes. They are journaled, so that a control plane that begins anew knows for whom to
 * wait. Safe for any thread; one enters or is struck at a time, so that none is connected and not here.
 */
final class Roster {
    /** Each is a machine that carries traffic; beyond that somebody makes them up. */
    private static final int DATA_PLANES_MAX = 1_000;

    private static final Pattern ID = Pattern.compile("[A-Za-z0-9_-]{1,64}");

    private final Decisions decisions;

    Roster(Decisions decisions) {
        this.decisions = decisions;
    }

    static boolean isId(String id) {
        return ID.matcher(id).matches();
    }

    static List<String> ids(Image image) {
        return image.all(ElbTables.DATA_PLANES).stream().map(DataPlaneRow::id).toList();
    }

    /** Enters a data plane and then has it connected; false if there are too many. */
    synchronized boolean enter(String id, Runnable connect) {
        if (!decisions.submit((image, context) -> entered(image, id, context))) {
            return false;
        }
        connect.run();
        return true;
    }

    static Decision<Boolean> entered(Image image, String id, Context context) {
        if (image.get(ElbTables.DATA_PLANES, id).isPresent()) {
            return Decision.of(true);
        }
        return image.size(ElbTables.DATA_PLANES) >= DATA_PLANES_MAX ? Decision.of(false)
                : Decision.of(true, Write.put(ElbTables.DATA_PLANES, new DataPlaneRow(id, context.now())));
    }

    /** Strikes those that {@code reach} has given up. */
    synchronized void strike(Reach reach) {
        List<String> lost = reach.lost();
        if (!lost.isEmpty()) {
            decisions.submit((image, context) -> struck(image, lost));
            reach.forget(lost);
        }
    }

    /** It has ended, and says so. */
    synchronized void leave(String id) {
        decisions.submit((image, context) -> struck(image, List.of(id)));
    }

    static Decision<Void> struck(Image image, Collection<String> lost) {
        return new Decision<>(null, lost.stream().filter(id -> image.get(ElbTables.DATA_PLANES, id).isPresent())
                .<Write<?>>map(id -> Write.delete(ElbTables.DATA_PLANES, id)).toList(), List.of());
    }
}
