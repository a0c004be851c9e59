package dev.landfall.ecs.service;

import dev.landfall.ecs.EcsTables;
import dev.landfall.ecs.EcsTables.Phase;
import dev.landfall.ecs.task.TaskRow;
import dev.landfall.state.Context;
import dev.landfall.state.Draft;
import dev.landfall.state.Image;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.services.ecs.model.Deployment;

/**
 * Keeps the tasks of one of several revisions of a service that run beside each other, each by itself: one whose tasks
 * fail holds up no other.
 */
final class RevisionTasks {
    /** Unhealthy tasks go when others have taken their place. */
    private static final int MIN_PERCENT = 100;

    private static final int MAX_PERCENT = 200;

    private RevisionTasks() {}

    /** Brings the revision to the service's desired count; when to look again, where only time will tell. */
    static Optional<Duration> keep(
            Draft draft, ServiceRow row, Deployment deployment, Instant notBefore, Context context) {
        Image image = draft.image();
        int desired = row.service().desiredCount();
        int draining = image.count(EcsTables.INSTANCES, EcsTables.INSTANCES_DRAINING, row.service().clusterArn());
        if (draining == 0 && sound(image, row, deployment) == desired
                && Services.count(image, row, deployment, Phase.UNHEALTHY) == 0) {
            return Optional.empty();
        }
        Recipe recipe = Recipe.of(image, row, deployment);
        Grace grace = Grace.of(row.service(), context.now());
        List<TaskRow> live = grace.seen(live(image, row, deployment));
        var surplus = Surplus.of(image, recipe, live, desired);
        RolloutPlan plan = RolloutPlan.of(
                new RolloutPlan.Target(desired, MIN_PERCENT, MAX_PERCENT, deployment.id()), live,
                StopRules.circumstances(image, madeOf(row, deployment), surplus, context.now()));
        ServiceRow next = stop(draft, row, recipe, grace.unseen(image, plan.stop()), plan.spared(), context);
        Optional<Duration> again = Sooner.of(grace.again(),
                StopRules.protectionEnds(image, row, plan.spared(), context.now()));
        return plan.start() == 0 ? again
                : Sooner.of(again, start(draft, next, recipe, plan.start(), live, notBefore, context));
    }

    private static Optional<Duration> start(Draft draft, ServiceRow row, Recipe recipe, int count, List<TaskRow> live,
            Instant notBefore, Context context) {
        if (context.now().isBefore(notBefore)) {
            return Optional.of(Duration.between(context.now(), notBefore));
        }
        var started = StartTasks.start(draft, row, recipe, count, live, context);
        ServiceRow next = recipe.deploymentId().equals(row.primary().id())
                ? UnplacedTasks.noted(draft, started.row(), started.unplaced(), context) : started.row();
        if (!next.equals(row)) {
            draft.put(EcsTables.SERVICES, next);
        }
        return started.again();
    }

    /** Ends the revision, but for tasks that are protected; when to look again, where only time will tell. */
    static Optional<Duration> stop(Draft draft, ServiceRow row, Deployment deployment, Context context) {
        List<TaskRow> live = live(draft.image(), row, deployment);
        if (live.isEmpty()) {
            return Optional.empty();
        }
        var spares = StopRules.circumstances(draft.image(), madeOf(row, deployment), Surplus.NONE, context.now())
                .spared();
        List<TaskRow> spared = live.stream().filter(spares).toList();
        stop(draft, row, Recipe.of(draft.image(), row), live.stream().filter(spares.negate()).toList(), spared,
                context);
        return StopRules.protectionEnds(draft.image(), row, spared, context.now());
    }

    /** Stops what the revision has beyond the desired count; when to look again, where only time will tell. */
    static Optional<Duration> shrink(Draft draft, ServiceRow row, Deployment deployment, Context context) {
        var spares = StopRules.circumstances(draft.image(), madeOf(row, deployment), Surplus.NONE, context.now())
                .spared();
        List<TaskRow> excess = StalledRollout.excess(draft.image(), row, live(draft.image(), row, deployment));
        List<TaskRow> spared = excess.stream().filter(spares).toList();
        stop(draft, row, Recipe.of(draft.image(), row), excess.stream().filter(spares.negate()).toList(), spared,
                context);
        return StopRules.protectionEnds(draft.image(), row, spared, context.now());
    }

    private static ServiceRow stop(Draft draft, ServiceRow row, Recipe recipe, List<TaskRow> tasks,
            List<TaskRow> spared, Context context) {
        ServiceRow stopped = StopTasks.stop(draft, row, recipe, tasks, context);
        ServiceRow next = StopTasks.spare(stopped, spared, context);
        if (!next.equals(stopped)) {
            draft.put(EcsTables.SERVICES, next);
        }
        return next;
    }

    private static List<TaskRow> live(Image image, ServiceRow row, Deployment deployment) {
        return Services.inUse(image, row, deployment)
                ? Services.live(image, row.arn()).stream()
                        .filter(task -> task.deploymentId().equals(deployment.id())).toList()
                : List.of();
    }

    /** Tasks that run or are on their way to, and need not be replaced. */
    private static int sound(Image image, ServiceRow row, Deployment deployment) {
        return Services.count(image, row, deployment, Phase.STARTING)
                + Services.count(image, row, deployment, Phase.RUNNING) + healthy(image, row, deployment);
    }

    static int healthy(Image image, ServiceRow row, Deployment deployment) {
        return Services.count(image, row, deployment, Phase.HEALTHY);
    }

    /** Whether nothing of the revision is left, not even what drains. */
    static boolean gone(Image image, ServiceRow row, Deployment deployment) {
        return !Services.inUse(image, row, deployment) && image.count(EcsTables.TASKS, EcsTables.TASKS_STOPPING,
                EcsTables.deploymentKey(row.arn(), deployment.id())) == 0;
    }

    /** The service as the rules for stopping see it: its tasks are of the revision's definition. */
    private static ServiceRow madeOf(ServiceRow row, Deployment deployment) {
        return row.with(row.service().toBuilder().taskDefinition(deployment.taskDefinition()).build());
    }
}
