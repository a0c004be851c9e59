package dev.landfall.ecs.service;

import dev.landfall.ecs.EcsTables;
import dev.landfall.ecs.EcsTables.Phase;
import dev.landfall.ecs.Uuids;
import dev.landfall.ecs.instance.Instances;
import dev.landfall.ecs.task.TaskRow;
import dev.landfall.ecs.taskset.TaskSetRow;
import dev.landfall.ecs.taskset.TaskSets;
import dev.landfall.state.Context;
import dev.landfall.state.Draft;
import dev.landfall.state.Image;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.services.ecs.model.StabilityStatus;
import software.amazon.awssdk.services.ecs.model.TaskSet;

/**
 * Brings each task set of a service to its share of the desired count, and says when it is there. The sets do not wait
 * for each other: one whose tasks fail is held back alone.
 */
final class ReconcileTaskSets {
    /**
     * The bounds within which unhealthy tasks and those on draining instances are replaced: "the maximum percent value
     * is set to the default value", likewise the minimum (ECS API Reference, DeploymentConfiguration).
     */
    private static final int MIN_PERCENT = 100;

    private static final int MAX_PERCENT = 200;

    private ReconcileTaskSets() {}

    /** When to look again, where only time will tell. */
    static Optional<Duration> advance(Draft draft, ServiceRow service, Context context) {
        Optional<Duration> again = Optional.empty();
        boolean arrived = false;
        for (TaskSetRow set : TaskSets.of(draft.image(), service.arn())) {
            again = Sooner.of(again, advance(draft, current(draft, service), set, context));
            arrived |= set.taskSet().stabilityStatus() != StabilityStatus.STEADY_STATE;
        }
        announce(draft, current(draft, service), arrived, context);
        return again;
    }

    private static ServiceRow current(Draft draft, ServiceRow service) {
        return draft.image().get(EcsTables.SERVICES, service.arn()).orElseThrow();
    }

    private static Optional<Duration> advance(Draft draft, ServiceRow service, TaskSetRow before, Context context) {
        ServiceRow row = service;
        TaskSetRow set = before;
        int desired = TaskSets.desiredCount(set.taskSet(), service.service().desiredCount());
        if (desired != set.taskSet().computedDesiredCount()) {
            set = set.with(set.taskSet().toBuilder().computedDesiredCount(desired).updatedAt(context.now()).build());
            row = row.withEvent("updated computedDesiredCount for taskSet " + set.taskSet().id() + " to " + desired
                    + ".", Uuids.of(context), context.now());
            draft.put(EcsTables.SERVICES, row);
        }
        Optional<Duration> again = replace(draft, row, set, desired, context);
        if (set.draining() && !TaskSets.inUse(draft.image(), set.taskSet())) {
            draft.delete(EcsTables.TASK_SETS, set.arn());
            return Optional.empty();
        }
        TaskSetRow settled = settle(draft, current(draft, service), set, desired, context);
        if (!settled.equals(before)) {
            draft.put(EcsTables.TASK_SETS, settled);
        }
        return again;
    }

    /** Starts what is missing and stops what is too much; reads the set's tasks only where counts do not tell. */
    private static Optional<Duration> replace(
            Draft draft, ServiceRow row, TaskSetRow set, int desired, Context context) {
        TaskSet taskSet = set.taskSet();
        int sound = TaskSets.count(draft.image(), taskSet, Phase.STARTING)
                + TaskSets.count(draft.image(), taskSet, Phase.RUNNING)
                + TaskSets.count(draft.image(), taskSet, Phase.HEALTHY);
        if (allSound(draft.image(), taskSet)) {
            if (sound == desired) {
                return Optional.empty();
            }
            if (sound < desired && taskSet.capacityProviderStrategy().size() < 2) {
                return start(draft, row, set, desired - sound, List.of(), context);
            }
        }
        return planned(draft, row, set, desired, context);
    }

    /** Whether none of the set's tasks has to be replaced by another. */
    private static boolean allSound(Image image, TaskSet set) {
        return TaskSets.count(image, set, Phase.UNHEALTHY) == 0
                && image.count(EcsTables.INSTANCES, EcsTables.INSTANCES_DRAINING, set.clusterArn()) == 0;
    }

    private static Optional<Duration> planned(
            Draft draft, ServiceRow row, TaskSetRow set, int desired, Context context) {
        Recipe recipe = Recipe.of(set.taskSet());
        Grace grace = Grace.of(row.service(), context.now());
        List<TaskRow> live = grace.seen(TaskSets.live(draft.image(), set.taskSet()));
        if (!row.active()) { // a deleted service spares no task
            StopTasks.stop(draft, row, recipe, grace.unseen(draft.image(), live), context);
            return Optional.empty();
        }
        RolloutPlan plan = RolloutPlan.of(
                new RolloutPlan.Target(desired, MIN_PERCENT, MAX_PERCENT, recipe.deploymentId()), live,
                StopRules.circumstances(draft.image(), madeOf(row, set), context.now()));
        ServiceRow stopped = StopTasks.stop(draft, row, recipe, grace.unseen(draft.image(), plan.stop()), context);
        ServiceRow next = StopTasks.spare(stopped, plan.spared(), context);
        if (!next.equals(stopped)) {
            draft.put(EcsTables.SERVICES, next);
        }
        Optional<Duration> again = Sooner.of(grace.again(),
                StopRules.protectionEnds(draft.image(), row, plan.spared(), context.now()));
        return plan.start() == 0 ? again
                : Sooner.of(again, start(draft, next, set, plan.start(), live, context));
    }

    private static Optional<Duration> start(
            Draft draft, ServiceRow row, TaskSetRow set, int count, List<TaskRow> live, Context context) {
        if (context.now().isBefore(set.notBefore())) {
            return Optional.of(Duration.between(context.now(), set.notBefore()));
        }
        var started = StartTasks.start(draft, row, Recipe.of(set.taskSet()), count, live, context);
        if (!started.row().equals(row)) {
            draft.put(EcsTables.SERVICES, started.row());
        }
        return started.again();
    }

    /** The service as the rules for stopping see it: its tasks are of the set's definition. */
    private static ServiceRow madeOf(ServiceRow row, TaskSetRow set) {
        return row.with(row.service().toBuilder().taskDefinition(set.taskSet().taskDefinition()).build());
    }

    /** Notes whether the set is steady, and announces it when it has come to be. */
    private static TaskSetRow settle(
            Draft draft, ServiceRow service, TaskSetRow set, int desired, Context context) {
        boolean steady = !set.draining() && steady(draft.image(), set.taskSet(), desired);
        boolean was = set.taskSet().stabilityStatus() == StabilityStatus.STEADY_STATE;
        if (!steady) {
            return TaskSets.stabilizing(set, context);
        }
        if (was) {
            return set;
        }
        draft.put(EcsTables.SERVICES, service.withEvent(Recipe.of(set.taskSet()).subject(),
                "updated state to STEADY_STATE.", Uuids.of(context), context.now()));
        return set.with(set.taskSet().toBuilder()
                .stabilityStatus(StabilityStatus.STEADY_STATE).stabilityStatusAt(context.now()).build());
    }

    /** The four conditions of {@code stabilityStatus} (ECS API Reference, TaskSet). */
    private static boolean steady(Image image, TaskSet set, int desired) {
        return TaskSets.count(image, set, Phase.HEALTHY) == desired
                && TaskSets.count(image, set, Phase.STARTING) == 0
                && TaskSets.count(image, set, Phase.RUNNING) == 0
                && TaskSets.count(image, set, Phase.UNHEALTHY) == 0
                && (image.count(EcsTables.INSTANCES, EcsTables.INSTANCES_DRAINING, set.clusterArn()) == 0
                        || TaskSets.live(image, set).stream()
                                .noneMatch(task -> Instances.draining(image, task.instanceArn())));
    }

    /** A service is steady when all of its task sets are; it says so whenever one of them has come to be the last. */
    private static void announce(Draft draft, ServiceRow row, boolean arrived, Context context) {
        List<TaskSetRow> sets = TaskSets.of(draft.image(), row.arn());
        boolean steady = !sets.isEmpty() && sets.stream()
                .allMatch(set -> set.taskSet().stabilityStatus() == StabilityStatus.STEADY_STATE);
        if (steady && (arrived || !row.steady())) {
            draft.put(EcsTables.SERVICES, row.withSteady(true)
                    .withEvent(ServiceRow.STEADY, Uuids.of(context), context.now()));
        } else if (!steady && row.steady()) {
            draft.put(EcsTables.SERVICES, row.withSteady(false));
        }
    }

    /** A deleted service takes its task sets with it; whether all of them are gone. */
    static boolean drain(Draft draft, ServiceRow service, Context context) {
        for (TaskSetRow set : TaskSets.of(draft.image(), service.arn())) {
            if (!set.draining()) {
                draft.put(EcsTables.TASK_SETS, TaskSets.draining(set, context));
            }
        }
        for (TaskSetRow set : TaskSets.of(draft.image(), service.arn())) {
            advance(draft, current(draft, service), set, context);
        }
        return TaskSets.of(draft.image(), service.arn()).isEmpty();
    }
}
