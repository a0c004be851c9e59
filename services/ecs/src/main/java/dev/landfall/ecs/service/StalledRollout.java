package dev.landfall.ecs.service;

import dev.landfall.ecs.task.TaskRow;
import dev.landfall.state.Context;
import dev.landfall.state.Draft;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * A service whose newest deployment has failed and was not rolled back: nothing is started any more, and the tasks of
 * older deployments run on (ECS API Reference, Deployment.rolloutState). Only tasks beyond the desired count are
 * stopped, those of the failed deployment first.
 */
final class StalledRollout {
    private StalledRollout() {}

    /** When to look again, where only time will tell. */
    static Optional<Duration> advance(Draft draft, ServiceRow row, Context context) {
        List<TaskRow> excess = excess(Services.live(draft.image(), row.arn()), row.primary().id(),
                row.service().desiredCount());
        Predicate<TaskRow> spared = StopRules.circumstances(draft.image(), row, context.now()).spared();
        StopTasks.stop(draft, row, excess.stream().filter(spared.negate()).toList(), context);
        return StopRules.protectionEnds(
                draft.image(), row, excess.stream().filter(spared).toList(), context.now());
    }

    /** The tasks beyond {@code desired}: of the failed deployment first, then those not healthy, then the youngest. */
    static List<TaskRow> excess(List<TaskRow> live, String failedDeployment, int desired) {
        var all = new ArrayList<>(live);
        all.sort(Comparator.comparing((TaskRow task) -> !task.deploymentId().equals(failedDeployment))
                .thenComparing(TaskRow::healthy)
                .thenComparing(Comparator.comparing((TaskRow task) -> task.task().createdAt()).reversed()));
        return List.copyOf(all.subList(0, Math.max(0, all.size() - desired)));
    }
}
