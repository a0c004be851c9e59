package dev.landfall.ecs.service;

import dev.landfall.ecs.task.TaskRow;
import dev.landfall.state.Context;
import dev.landfall.state.Draft;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * A service whose newest deployment has failed and was not rolled back: nothing is started any more, and the tasks of
 * older deployments run on (ECS API Reference, Deployment.rolloutState). Only tasks beyond the desired count are
 * stopped, those of the failed deployment first.
 */
final class StalledRollout {
    private StalledRollout() {}

    static void advance(Draft draft, ServiceRow row, Context context) {
        List<TaskRow> live = Services.live(draft.image(), row.arn());
        StopTasks.stop(draft, row, excess(live, row.primary().id(), row.service().desiredCount()), context);
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
