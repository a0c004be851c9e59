package dev.landfall.ecs.event;

import dev.landfall.ecs.EcsTables;
import dev.landfall.ecs.instance.InstanceRow;
import dev.landfall.ecs.service.ServiceRow;
import dev.landfall.ecs.shift.ShiftRow;
import dev.landfall.ecs.task.TaskRow;
import dev.landfall.state.Context;
import dev.landfall.state.Decision;
import dev.landfall.state.Draft;
import dev.landfall.state.Image;
import dev.landfall.state.Write;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.SortedMap;
import java.util.TreeSet;

/** Marks what a decision changes for the sender of events, and takes the marks away again. */
public final class Marks {
    private Marks() {}

    /** The same decision with a mark, durable with it, for every resource that there is something to tell of. */
    public static <A> Decision<A> beside(Image image, Decision<A> decision, Context context) {
        var changed = new TreeSet<String>();
        for (Write<?> write : decision.writes()) {
            if (write instanceof Write.Put<?>(var table, var row) && worthTelling(image, row)) {
                changed.add(row instanceof ShiftRow shift ? shift.deploymentArn() : write.key());
            }
        }
        if (changed.isEmpty()) {
            return decision;
        }
        var marks = new ArrayList<Write<?>>();
        Instant now = context.now().truncatedTo(ChronoUnit.MILLIS); // as the moments in the rows once they are stored
        for (String arn : changed) {
            UnsentRow next = image.get(EcsTables.UNSENT, arn)
                    .map(before -> new UnsentRow(arn, before.since(), now, before.change() + 1))
                    .orElseGet(() -> new UnsentRow(arn, now, now, 1));
            marks.add(Write.put(EcsTables.UNSENT, next));
        }
        return decision.and(marks);
    }

    private static boolean worthTelling(Image image, Object row) {
        return switch (row) {
            case TaskRow task -> TaskEvents.differ(image.get(EcsTables.TASKS, task.arn()), task);
            case InstanceRow instance ->
                    InstanceEvents.differ(image.get(EcsTables.INSTANCES, instance.arn()), instance);
            case ServiceRow service -> ServiceEvents.differ(image.get(EcsTables.SERVICES, service.arn()), service);
            case ShiftRow shift -> HookEvents.differ(image.get(EcsTables.SHIFTS, shift.serviceArn()), shift);
            default -> false;
        };
    }

    /**
     * Takes away the marks of what was told, unless it changed again meanwhile.
     *
     * @param told the mark's change for each ARN
     */
    public static Decision<Void> clear(Image image, SortedMap<String, Long> told) {
        var draft = new Draft(image);
        told.forEach((arn, change) -> image.get(EcsTables.UNSENT, arn)
                .filter(mark -> mark.change() == change)
                .ifPresent(mark -> draft.delete(EcsTables.UNSENT, arn)));
        return draft.reply(null);
    }
}
