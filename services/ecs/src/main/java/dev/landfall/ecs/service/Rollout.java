package dev.landfall.ecs.service;

import dev.landfall.ecs.EcsTables;
import dev.landfall.ecs.EcsTables.Phase;
import dev.landfall.ecs.task.TaskRow;
import dev.landfall.state.Context;
import dev.landfall.state.Draft;
import dev.landfall.state.Image;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.services.ecs.model.DeploymentConfiguration;
import software.amazon.awssdk.services.ecs.model.Service;

/** Brings the tasks of a REPLICA service towards its newest deployment. */
final class Rollout {
    private Rollout() {}

    /** When to look again, where only time will tell. */
    static Optional<Duration> advance(Draft draft, ServiceRow row, Context context) {
        int desired = row.service().desiredCount();
        if (asPlanned(draft.image(), row, desired)) {
            int healthy = Services.count(draft.image(), row, row.primary(), Phase.HEALTHY);
            return DeploymentProgress.settled(draft, row, healthy == desired, context);
        }
        int live = live(draft.image(), row);
        if (live < desired && asPlanned(draft.image(), row, live)) {
            boolean counted = row.primary().capacityProviderStrategy().size() > 1;
            return start(draft, row, desired - live,
                    counted ? Services.live(draft.image(), row.arn()) : List.of(), context);
        }
        return planned(draft, row, context);
    }

    private static Optional<Duration> planned(Draft draft, ServiceRow row, Context context) {
        Service service = row.service();
        DeploymentConfiguration bounds = service.deploymentConfiguration();
        Grace grace = Grace.of(service, context.now());
        List<TaskRow> live = grace.seen(Services.live(draft.image(), row.arn()));
        var surplus = Surplus.of(draft.image(), Recipe.of(draft.image(), row), live, service.desiredCount());
        RolloutPlan plan = RolloutPlan.of(
                new RolloutPlan.Target(service.desiredCount(), bounds.minimumHealthyPercent(), bounds.maximumPercent(),
                        row.primary().id()),
                live, StopRules.circumstances(draft.image(), row, surplus, context.now()));
        GuardedStops stops = GuardedStops.of(row, plan.stop(), live, context.now());
        ServiceRow next = StopTasks.spare(
                StopTasks.stop(draft, row, grace.unseen(draft.image(), stops.now()), context), plan.spared(), context);
        Optional<Duration> again = Sooner.of(stops.again(), grace.again(),
                StopRules.protectionEnds(draft.image(), row, plan.spared(), context.now()));
        if (plan.start() > 0) {
            return Sooner.of(again, start(draft, next, plan.start(), live, context));
        }
        return Sooner.of(again, DeploymentProgress.settled(draft, next, plan.complete(), context));
    }

    private static Optional<Duration> start(
            Draft draft, ServiceRow row, int count, List<TaskRow> live, Context context) {
        if (context.now().isBefore(row.notBefore())) {
            return Sooner.of(Optional.of(Duration.between(context.now(), row.notBefore())),
                    DeploymentProgress.settled(draft, row, false, context));
        }
        var started = StartTasks.start(draft, row, Recipe.of(draft.image(), row), count, live, context);
        ServiceRow next = UnplacedTasks.noted(draft, started.row(), started.unplaced(), context);
        return Sooner.of(started.again(), DeploymentProgress.settled(draft, next, false, context));
    }

    private static int live(Image image, ServiceRow row) {
        return image.count(EcsTables.TASKS, EcsTables.TASKS_BY_SERVICE, row.arn() + "|RUNNING");
    }

    /**
     * Whether the service has exactly {@code count} tasks, all of the newest deployment and none to be stopped, as
     * counts alone can tell: most looks at a service find that a task has come to run, that some are missing, or
     * nothing at all, and must not cost more the more tasks it has.
     */
    private static boolean asPlanned(Image image, ServiceRow row, int count) {
        return live(image, row) == count
                && Services.count(image, row, row.primary(), Phase.STARTING)
                        + Services.count(image, row, row.primary(), Phase.RUNNING)
                        + Services.count(image, row, row.primary(), Phase.HEALTHY) == count
                && image.count(EcsTables.INSTANCES, EcsTables.INSTANCES_DRAINING, row.service().clusterArn()) == 0;
    }
}
