package dev.landfall.ecs.service;

import dev.landfall.ecs.EcsTables;
import dev.landfall.ecs.deployment.ServiceDeploymentRow;
import dev.landfall.ecs.deployment.ServiceDeployments;
import dev.landfall.state.Context;
import dev.landfall.state.Draft;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import software.amazon.awssdk.services.ecs.model.DeploymentRolloutState;

/**
 * Tasks that found no place. "A task is considered a failure if the service scheduler can't launch the task" (ECS API
 * Reference, Deployment.failedTasks); but the scheduler tries again every few seconds, and an instance that comes a
 * minute later must not find the deployment failed. So a failure is counted after a minute without a place, then after
 * two more, four more, up to a quarter of an hour.
 */
final class UnplacedTasks {
    private static final Duration FIRST = Duration.ofMinutes(1);
    private static final Duration LONGEST = Duration.ofMinutes(15);

    private UnplacedTasks() {}

    /** @param unplaced whether a task has found no place just now */
    static ServiceRow noted(Draft draft, ServiceRow row, boolean unplaced, Context context) {
        Optional<ServiceDeploymentRow> found = ServiceDeployments.current(draft.image(), row)
                .filter(ServiceDeploymentRow::ongoing)
                .filter(each -> row.primary().rolloutState() == DeploymentRolloutState.IN_PROGRESS);
        if (found.isEmpty()) {
            return row;
        }
        ServiceDeploymentRow deployment = found.get();
        boolean waited = !deployment.unplacedAt().equals(Instant.EPOCH);
        if (!unplaced) {
            if (waited) {
                draft.put(EcsTables.SERVICE_DEPLOYMENTS, deployment.withUnplacedAt(Instant.EPOCH));
            }
            return row;
        }
        if (waited && deployment.unplacedAt().plus(delay(row.primary().failedTasks())).isAfter(context.now())) {
            return row;
        }
        draft.put(EcsTables.SERVICE_DEPLOYMENTS, deployment.withUnplacedAt(context.now()));
        return waited && TaskOutcomes.counts(draft.image(), row) ? TaskOutcomes.withOneMore(row, context) : row;
    }

    static Duration delay(int failures) {
        Duration delay = FIRST.multipliedBy(1L << Math.min(failures, 10));
        return delay.compareTo(LONGEST) > 0 ? LONGEST : delay;
    }
}
