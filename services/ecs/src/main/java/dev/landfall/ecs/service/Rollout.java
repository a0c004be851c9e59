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
        if (asPlanned(draft.image(), row)) {
            int healthy = Services.count(draft.image(), row, row.primary(), Phase.HEALTHY);
            put(draft, row, DeploymentProgress.settle(
                    draft.image(), row, healthy == row.service().desiredCount(), context));
            return Optional.empty();
        }
        Service service = row.service();
        DeploymentConfiguration bounds = service.deploymentConfiguration();
        List<TaskRow> live = Services.live(draft.image(), row.arn());
        var surplus = Surplus.of(draft.image(), Recipe.of(row.primary()), live, service.desiredCount());
        RolloutPlan plan = RolloutPlan.of(
                new RolloutPlan.Target(service.desiredCount(), bounds.minimumHealthyPercent(), bounds.maximumPercent(),
                        row.primary().id()),
                live, StopRules.circumstances(draft.image(), row, surplus, context.now()));
        ServiceRow next = StopTasks.spare(
                StopTasks.stop(draft, row, plan.stop(), context), plan.spared(), context);
        Optional<Duration> ends = StopRules.protectionEnds(draft.image(), row, plan.spared(), context.now());
        Optional<Duration> again = ends;
        if (plan.start() > 0 && context.now().isBefore(row.notBefore())) {
            again = Optional.of(Duration.between(context.now(), row.notBefore()));
        } else if (plan.start() > 0) {
            var started = StartTasks.start(draft, next, Recipe.of(row.primary()), plan.start(), live, context);
            next = started.row();
            again = started.again().or(() -> ends);
        }
        put(draft, draft.image().get(EcsTables.SERVICES, row.arn()).orElseThrow(),
                DeploymentProgress.settle(draft.image(), next, plan.complete(), context));
        return again;
    }

    private static void put(Draft draft, ServiceRow before, ServiceRow next) {
        if (!next.equals(before)) {
            draft.put(EcsTables.SERVICES, next);
        }
    }

    /**
     * Whether there is nothing to start and nothing to stop, as counts alone can tell: most looks at a service find
     * that a task has come to run, or nothing at all, and must not cost more the more tasks it has.
     */
    private static boolean asPlanned(Image image, ServiceRow row) {
        int desired = row.service().desiredCount();
        return image.count(EcsTables.TASKS, EcsTables.TASKS_BY_SERVICE, row.arn() + "|RUNNING") == desired
                && Services.count(image, row, row.primary(), Phase.STARTING)
                        + Services.count(image, row, row.primary(), Phase.RUNNING)
                        + Services.count(image, row, row.primary(), Phase.HEALTHY) == desired
                && image.count(EcsTables.INSTANCES, EcsTables.INSTANCES_DRAINING, row.service().clusterArn()) == 0;
    }
}
