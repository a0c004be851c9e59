package dev.landfall.ecs.service;

import dev.landfall.ecs.EcsTables;
import dev.landfall.ecs.deployment.DeploymentHistory;
import dev.landfall.ecs.express.ExpressServices;
import dev.landfall.ecs.shift.Shifts;
import dev.landfall.state.Context;
import dev.landfall.state.Decision;
import dev.landfall.state.Draft;
import dev.landfall.state.Image;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.services.ecs.model.DeploymentRolloutState;

/** Looks at one service and does what it needs now; replies with when to look again, where only time will tell. */
public final class ReconcileService {
    private ReconcileService() {}

    public static Decision<Optional<Duration>> decide(Image image, String serviceArn, Context context) {
        Optional<ServiceRow> found = image.get(EcsTables.SERVICES, serviceArn).filter(row -> !row.inactive());
        if (found.isEmpty()) {
            return Decision.of(Optional.empty());
        }
        var draft = new Draft(image);
        if (!found.get().active()) {
            drain(draft, found.get(), context);
            return draft.reply(Optional.empty());
        }
        if (ExpressServices.awaited(image, found.get().service())) {
            return draft.reply(Optional.empty()); // the row changes again when its load balancer is there
        }
        if (found.get().usesTaskSets()) {
            return draft.reply(ReconcileTaskSets.advance(draft, found.get(), context));
        }
        var watched = DeploymentWatch.look(draft, found.get(), context);
        Optional<Duration> hooks = RollingHooks.of(draft, serviceArn)
                .flatMap(rolling -> RollingHooks.look(draft, rolling, context));
        Optional<Duration> again = Shifts.of(draft.image(), serviceArn).filter(shift -> !shift.rolls())
                .map(shift -> ShiftRollout.advance(draft, shift, context))
                .orElseGet(() -> advance(draft, present(draft, serviceArn), context));
        return draft.reply(Sooner.of(watched.again(), hooks, again));
    }

    private static ServiceRow present(Draft draft, String serviceArn) {
        return draft.image().get(EcsTables.SERVICES, serviceArn).orElseThrow();
    }

    private static Optional<Duration> advance(Draft draft, ServiceRow row, Context context) {
        if (row.primary().rolloutState() == DeploymentRolloutState.FAILED) {
            return StalledRollout.advance(draft, row, context);
        }
        return DaemonRules.applies(row.service())
                ? DaemonRollout.advance(draft, row, context) : replicas(draft, row, context);
    }

    private static Optional<Duration> replicas(Draft draft, ServiceRow row, Context context) {
        return switch (Rebalancing.advance(draft, row, context)) {
            case Rebalancing.Moved(var again) -> again;
            case Rebalancing.AsAlways(var next) -> Rollout.advance(draft, next, context);
        };
    }

    /** A deleted service stops its tasks and is INACTIVE once none is left. */
    private static void drain(Draft draft, ServiceRow row, Context context) {
        Rebalancing.forget(draft, row.arn());
        Shifting.forget(draft, row.arn());
        if (row.usesTaskSets()) {
            if (ReconcileTaskSets.drain(draft, row, context)) {
                inactive(draft, row);
            }
            return;
        }
        StopTasks.stop(draft, row, Services.live(draft.image(), row.arn()), context);
        boolean stopping = draft.image().find(EcsTables.TASKS, EcsTables.TASKS_BY_SERVICE, row.arn() + "|STOPPED")
                .stream().anyMatch(task -> !task.stopped());
        if (!stopping && ExpressServices.dismantled(draft, row.service(), context)) {
            inactive(draft, row);
        }
    }

    static void inactive(Draft draft, ServiceRow row) {
        ServiceRow current = draft.image().get(EcsTables.SERVICES, row.arn()).orElseThrow();
        draft.put(EcsTables.SERVICES, current.with(current.service().toBuilder()
                .status("INACTIVE").deployments(List.of()).currentServiceDeployment(null).build()));
        DeploymentHistory.drop(draft, current);
    }
}
