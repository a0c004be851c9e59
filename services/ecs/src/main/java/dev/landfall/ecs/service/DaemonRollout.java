package dev.landfall.ecs.service;

import dev.landfall.ecs.EcsTables;
import dev.landfall.ecs.Uuids;
import dev.landfall.ecs.instance.InstanceRow;
import dev.landfall.ecs.placement.Qualification;
import dev.landfall.ecs.protection.Protections;
import dev.landfall.ecs.service.DaemonPlan.Circumstances;
import dev.landfall.ecs.service.DaemonPlan.Fleet;
import dev.landfall.ecs.service.DaemonPlan.Standing;
import dev.landfall.ecs.task.TaskRow;
import dev.landfall.state.Context;
import dev.landfall.state.Draft;
import dev.landfall.state.Image;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import software.amazon.awssdk.services.ecs.model.Deployment;
import software.amazon.awssdk.services.ecs.model.Service;

/** Brings the tasks of a DAEMON service to one of its newest deployment on each instance that qualifies. */
final class DaemonRollout {
    private DaemonRollout() {}

    /** When to look again, where only time will tell. */
    static Optional<Duration> advance(Draft draft, ServiceRow row, Context context) {
        return SteadyDaemon.holds(draft.image(), row) ? DeploymentProgress.settled(draft, row, true, context)
                : planned(draft, row, context);
    }

    /** As {@link #advance}, by a look at each instance of the cluster and each task of the service. */
    static Optional<Duration> planned(Draft draft, ServiceRow row, Context context) {
        SortedSet<String> qualified = qualified(draft.image(), row);
        ServiceRow counted = counted(row, qualified.size(), context);
        Grace grace = Grace.of(row.service(), context.now());
        List<TaskRow> live = grace.seen(Services.live(draft.image(), row.arn()));
        DaemonPlan plan = DaemonPlan.of(
                new Fleet(qualified, arn -> occupied(draft.image(), row, arn)),
                row.service().deploymentConfiguration().minimumHealthyPercent(), row.primary().id(), live,
                circumstances(draft.image(), row, qualified, context.now()));
        ServiceRow next = misplaced(counted, plan.misplaced(), context);
        next = StopTasks.stop(draft, next, grace.unseen(draft.image(), plan.stop()), context);
        next = StopTasks.spare(next, plan.spared(), context);
        Optional<Duration> again = Sooner.of(grace.again(),
                StopRules.protectionEnds(draft.image(), row, plan.spared(), context.now()));
        if (!plan.start().isEmpty() && context.now().isBefore(row.notBefore())) {
            again = Sooner.of(again, Optional.of(Duration.between(context.now(), row.notBefore())));
        } else if (!plan.start().isEmpty()) {
            var instances = plan.start().stream()
                    .flatMap(arn -> draft.image().get(EcsTables.INSTANCES, arn).stream())
                    // One whose agent is away is looked at again when it is back.
                    .filter(instance -> instance.instance().agentConnected()).toList();
            var started = StartTasks.startOn(draft, next, Recipe.of(draft.image(), row), instances, context);
            next = UnplacedTasks.noted(draft, started.row(), started.unplaced(), context);
            again = Sooner.of(again, started.again());
        }
        return Sooner.of(again, DeploymentProgress.settled(draft, next, plan.complete(), context));
    }

    /**
     * The instances that are to have a task. One whose agent is away keeps its task, but gets none: an agent that never
     * comes, as after a registration whose answer was lost, must not hold up the others.
     */
    private static SortedSet<String> qualified(Image image, ServiceRow row) {
        var qualified = new TreeSet<String>();
        Optional<Qualification> qualification = Qualification.of(image, row.service());
        for (String arn : image.keys(
                EcsTables.INSTANCES, EcsTables.INSTANCES_BY_CLUSTER, row.service().clusterArn())) {
            InstanceRow instance = image.get(EcsTables.INSTANCES, arn).orElseThrow();
            boolean reachable = instance.instance().agentConnected() || occupied(image, row, arn);
            if ("ACTIVE".equals(instance.instance().status()) && reachable
                    && qualification.filter(each -> each.meets(instance)).isPresent()) {
                qualified.add(arn);
            }
        }
        return qualified;
    }

    /** Whether a task of the service on that instance has not stopped yet. */
    private static boolean occupied(Image image, ServiceRow row, String instanceArn) {
        return image.count(EcsTables.TASKS, EcsTables.TASKS_BY_PLACE, row.arn(), instanceArn) > 0
                || image.count(EcsTables.TASKS, EcsTables.TASKS_LEAVING, row.arn(), instanceArn) > 0;
    }

    private static Circumstances circumstances(
            Image image, ServiceRow row, SortedSet<String> qualified, Instant now) {
        return new Circumstances() {
            @Override
            public Standing standing(TaskRow task) {
                if (qualified.contains(task.instanceArn())) {
                    return Standing.QUALIFIES;
                }
                boolean draining = image.get(EcsTables.INSTANCES, task.instanceArn())
                        .filter(instance -> "DRAINING".equals(instance.instance().status())).isPresent();
                if (!draining) {
                    return Standing.MISPLACED;
                }
                return othersOn(image, row, task.instanceArn()) ? Standing.DRAINING : Standing.DRAINED;
            }

            @Override
            public boolean spared(TaskRow task) {
                return Protections.holds(image, task, now);
            }
        };
    }

    /** Whether tasks of services other than daemons are on the instance; daemons would wait for each other. */
    private static boolean othersOn(Image image, ServiceRow row, String instanceArn) {
        SortedSet<String> daemons =
                image.keys(EcsTables.SERVICES, EcsTables.DAEMONS_BY_CLUSTER, row.service().clusterArn());
        return image.find(EcsTables.TASKS, EcsTables.TASKS_BY_INSTANCE, instanceArn).stream()
                .anyMatch(task -> !task.serviceArn().isEmpty() && !daemons.contains(task.serviceArn()));
    }

    /** The service with its desired count, which follows its instances. */
    private static ServiceRow counted(ServiceRow row, int desired, Context context) {
        Service service = row.service();
        if (service.desiredCount() == desired) {
            return row;
        }
        Deployment primary = row.primary().toBuilder().desiredCount(desired).updatedAt(context.now()).build();
        return row.with(Deployments.withPrimary(service.toBuilder().desiredCount(desired).build(), primary))
                .withSteady(false);
    }

    private static ServiceRow misplaced(ServiceRow row, List<TaskRow> tasks, Context context) {
        ServiceRow next = row;
        for (TaskRow task : tasks) {
            next = next.withEvent(TaskList.of(task)
                    + " no longer meets the placement constraint strategy for the service.",
                    Uuids.of(context), context.now());
        }
        return next;
    }
}
