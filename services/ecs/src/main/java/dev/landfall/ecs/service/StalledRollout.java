package dev.landfall.ecs.service;

import dev.landfall.ecs.instance.Instances;
import dev.landfall.ecs.task.TaskRow;
import dev.landfall.state.Context;
import dev.landfall.state.Draft;
import dev.landfall.state.Image;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import software.amazon.awssdk.services.ecs.model.Service;

/**
 * A service whose newest deployment has failed and was not rolled back: nothing is started any more, and the tasks of
 * older deployments run on (ECS API Reference, Deployment.rolloutState). Only tasks beyond the desired count are
 * stopped: first those that have to go as their instance is drained, then those that are not healthy, then those of the
 * failed deployment; healthy ones as long as minimumHealthyPercent of them stay.
 */
final class StalledRollout {
    private static final int PERCENT = 100;

    private StalledRollout() {}

    /** When to look again, where only time will tell. */
    static Optional<Duration> advance(Draft draft, ServiceRow row, Context context) {
        List<TaskRow> excess = excess(draft.image(), row, Services.live(draft.image(), row.arn()));
        Predicate<TaskRow> spared = StopRules.circumstances(
                draft.image(), row, Surplus.NONE, context.now()).spared();
        StopTasks.stop(draft, row, excess.stream().filter(spared.negate()).toList(), context);
        return StopRules.protectionEnds(
                draft.image(), row, excess.stream().filter(spared).toList(), context.now());
    }

    /** Those of the live tasks that are to go; of those that are alike the youngest first. */
    static List<TaskRow> excess(Image image, ServiceRow row, List<TaskRow> live) {
        Service service = row.service();
        int least = Math.ceilDiv(service.desiredCount() * service.deploymentConfiguration().minimumHealthyPercent(),
                PERCENT);
        Predicate<TaskRow> drained = task -> Instances.draining(image, task.instanceArn());
        // A daemon's task on an instance that is drained counts for nothing.
        Predicate<TaskRow> counts = task -> task.healthy() && !(DaemonRules.applies(service) && drained.test(task));
        long healthyLeft = live.stream().filter(counts).count() - least;
        var excess = new ArrayList<TaskRow>();
        for (TaskRow task : inOrder(live, row.primary().id(), drained)) {
            boolean counted = counts.test(task);
            if (excess.size() < live.size() - service.desiredCount() && (!counted || healthyLeft > 0)) {
                excess.add(task);
                healthyLeft -= counted ? 1 : 0;
            }
        }
        return excess;
    }

    private static List<TaskRow> inOrder(List<TaskRow> live, String failedDeployment, Predicate<TaskRow> drained) {
        return live.stream().sorted(Comparator.comparing((TaskRow task) -> !drained.test(task))
                .thenComparing(TaskRow::healthy)
                .thenComparing((TaskRow task) -> !task.deploymentId().equals(failedDeployment))
                .thenComparing(Comparator.comparing((TaskRow task) -> task.task().createdAt()).reversed())).toList();
    }
}
