package dev.landfall.ecs.balance;

import dev.landfall.ecs.EcsTables;
import dev.landfall.ecs.Uuids;
import dev.landfall.ecs.service.ServiceRow;
import dev.landfall.ecs.service.TaskOutcomes;
import dev.landfall.ecs.task.TaskRow;
import dev.landfall.ecs.task.Tasks;
import dev.landfall.state.Context;
import dev.landfall.state.Decision;
import dev.landfall.state.Draft;
import dev.landfall.state.Image;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Notes how the targets of a target group were seen, and says so in the events of their services. A task that was held
 * for its targets is stopped once the last of them is gone.
 */
public final class ObserveTargets {
    private ObserveTargets() {}

    /** What the events of one service are to tell; {@code draining} by deployment or task set. */
    private static final class Tally {
        private final SortedMap<String, Integer> draining = new TreeMap<>();
        private int registered;
        private int deregistered;

        void add(String deploymentId, TaskTarget before, TaskTarget after) {
            if (after.state() == TargetState.REGISTERED && before.state() == TargetState.WAITING) {
                registered++;
            }
            if (after.state() == TargetState.DRAINING) {
                deregistered++;
                draining.merge(deploymentId, 1, Integer::sum);
            }
        }
    }

    /** @param refused why the group does not take the targets of tasks, by the tasks' ARNs */
    public static Decision<Void> decide(Image image, String groupArn, List<Sighting> seen,
            SortedMap<String, String> refused, Context context) {
        var draft = new Draft(image);
        var tallies = new TreeMap<String, Tally>();
        for (Sighting sighting : seen) {
            Optional<TaskRow> found = draft.image().get(EcsTables.TASKS, sighting.taskArn());
            Optional<TaskTarget> before = found.flatMap(row -> row.targets().stream()
                    .filter(target -> target.same(sighting.target()) && !target.gone()
                            && target.state() != sighting.target().state()).findFirst());
            before.ifPresent(target -> {
                observed(draft, found.get(), sighting.target());
                tallies.computeIfAbsent(found.get().serviceArn(), any -> new Tally())
                        .add(found.get().deploymentId(), target, sighting.target());
            });
        }
        tallies.forEach((serviceArn, tally) -> tell(draft, serviceArn, groupArn, tally, context));
        refused.forEach((taskArn, reason) -> image.get(EcsTables.TASKS, taskArn).ifPresent(task ->
                tellRefusal(draft, task.serviceArn(), groupArn, reason, context)));
        return draft.reply(null);
    }

    private static void observed(Draft draft, TaskRow row, TaskTarget now) {
        TaskRow next = row.with(row.targets().stream().map(target -> target.same(now) ? now : target).toList());
        if (row.held() && !next.targeted()) {
            Tasks.release(draft, next);
            return;
        }
        draft.put(EcsTables.TASKS, next);
        if (next.healthy() && !row.healthy()) {
            TaskOutcomes.healthy(draft, next);
        }
    }

    private static void tell(Draft draft, String serviceArn, String groupArn, Tally tally, Context context) {
        service(draft, serviceArn).ifPresent(row -> {
            ServiceRow next = row;
            String what = ClassicName.of(groupArn).isPresent() ? " instances in " : " targets in ";
            if (tally.registered > 0) {
                next = next.withEvent("registered " + tally.registered + what + ClassicName.shown(groupArn),
                        Uuids.of(context), context.now());
            }
            if (tally.deregistered > 0) {
                next = next.withEvent("deregistered " + tally.deregistered + what + ClassicName.shown(groupArn),
                        Uuids.of(context), context.now());
            }
            for (var each : tally.draining.entrySet()) {
                next = next.withEvent(", taskSet " + each.getKey(), "has begun draining connections on "
                        + each.getValue() + " tasks.", Uuids.of(context), context.now());
            }
            if (next != row) {
                draft.put(EcsTables.SERVICES, next);
            }
        });
    }

    private static void tellRefusal(
            Draft draft, String serviceArn, String groupArn, String reason, Context context) {
        service(draft, serviceArn).ifPresent(row -> {
            ServiceRow next = row.withEventOnce("failed to register targets in " + ClassicName.shown(groupArn)
                    + " with (error " + reason + ")", Uuids.of(context), context.now());
            if (next != row) {
                draft.put(EcsTables.SERVICES, next);
            }
        });
    }

    private static Optional<ServiceRow> service(Draft draft, String serviceArn) {
        return draft.image().get(EcsTables.SERVICES, serviceArn).filter(row -> !row.inactive());
    }
}
