package dev.landfall.ecs.service;

import dev.landfall.ecs.EcsTables;
import dev.landfall.ecs.EcsTables.Phase;
import dev.landfall.ecs.Uuids;
import dev.landfall.ecs.deployment.CircuitBreaker;
import dev.landfall.ecs.deployment.DeploymentAlarmRules;
import dev.landfall.ecs.deployment.ServiceDeploymentRow;
import dev.landfall.ecs.deployment.ServiceDeployments;
import dev.landfall.ecs.task.NewTask;
import dev.landfall.ecs.taskdef.TaskDefinitions;
import dev.landfall.state.Context;
import dev.landfall.state.Draft;
import dev.landfall.state.Image;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import software.amazon.awssdk.services.ecs.model.DeploymentConfiguration;
import software.amazon.awssdk.services.ecs.model.DeploymentRolloutState;
import software.amazon.awssdk.services.ecs.model.ServiceDeploymentStatus;

/**
 * What a look at a service finds out about its deployments. A rollout is complete once nothing is left to do, and stays
 * so for a while where someone watches over it: with the circuit breaker until its tasks have shown that they stay up,
 * with alarms or a bake time for as long as those take.
 */
final class DeploymentProgress {
    /** How soon to ask again whether the alarms have been looked at; the look at them is noticed by itself. */
    private static final Duration ALARMS_RETRY = Duration.ofSeconds(15);

    private DeploymentProgress() {}

    private record Settled(ServiceRow row, Optional<Duration> again) {}

    /**
     * Writes the service down after it; replies with when to look again, where only time will tell.
     *
     * @param row the service as this look has made it
     * @param complete whether the tasks of the PRIMARY deployment are all there and healthy, and no others
     */
    static Optional<Duration> settled(Draft draft, ServiceRow row, boolean complete, Context context) {
        Settled settled = settle(draft, row, complete, context);
        if (!settled.row.equals(draft.image().get(EcsTables.SERVICES, row.arn()).orElseThrow())) {
            draft.put(EcsTables.SERVICES, settled.row);
        }
        return settled.again;
    }

    /** Completes the rollout, drops deployments without tasks, and announces the steady state. */
    private static Settled settle(Draft draft, ServiceRow row, boolean complete, Context context) {
        ServiceRow next = row;
        if (next.primary().rolloutState() == DeploymentRolloutState.IN_PROGRESS) {
            if (complete && RollingHooks.holds(draft, row, context)) {
                return new Settled(next, Optional.empty());
            }
            Duration missing = missing(draft, row, complete, context);
            if (complete && missing.isPositive()) {
                return new Settled(next, Optional.of(missing));
            }
            if (complete) {
                next = completed(draft, next, context);
            }
        }
        if (complete && next.primary().rolloutState() == DeploymentRolloutState.COMPLETED) {
            next = next.with(Deployments.withoutEmpty(
                    next.service(), each -> Services.inUse(draft.image(), row, each)));
            next = next.withSteadyState(Uuids.of(context), context.now());
        }
        return new Settled(next, Optional.empty());
    }

    /** The service with its PRIMARY deployment completed, which its service deployment is told. */
    static ServiceRow completed(Draft draft, ServiceRow row, Context context) {
        ongoing(draft.image(), row).ifPresent(deployment -> ServiceDeployments.moved(draft, deployment,
                switch (deployment.deployment().status()) {
                    case ROLLBACK_IN_PROGRESS -> ServiceDeploymentStatus.ROLLBACK_SUCCESSFUL;
                    case STOP_REQUESTED -> ServiceDeploymentStatus.STOPPED;
                    default -> ServiceDeploymentStatus.SUCCESSFUL;
                }, deployment.deployment().statusReason(), context));
        return row.with(Deployments.withPrimary(row.service(), Deployments.completed(row.primary(), context)))
                .withEvent("(deployment " + row.primary().id() + ") deployment completed.",
                        Uuids.of(context), context.now());
    }

    private static Optional<ServiceDeploymentRow> ongoing(Image image, ServiceRow row) {
        return ServiceDeployments.current(image, row).filter(ServiceDeploymentRow::ongoing);
    }

    /** How long the rollout has to stay as it is before it is complete; notes since when it is so. */
    private static Duration missing(Draft draft, ServiceRow row, boolean complete, Context context) {
        Optional<ServiceDeploymentRow> found = ongoing(draft.image(), row);
        if (found.isEmpty()) {
            return Duration.ZERO;
        }
        int desired = row.service().desiredCount();
        boolean healthy = Services.count(draft.image(), row, row.primary(), Phase.HEALTHY) == desired;
        ServiceDeploymentRow before = found.get();
        ServiceDeploymentRow timed = before
                .withHealthySince(since(healthy, before.healthySince(), context))
                .withBakingSince(since(complete, before.bakingSince(), context));
        DeploymentConfiguration configuration = row.service().deploymentConfiguration();
        if (!timed.equals(before) && watched(configuration)) {
            draft.put(EcsTables.SERVICE_DEPLOYMENTS, timed);
        }
        if (DeploymentAlarmRules.enabled(configuration) && before.deployment().alarms().status() == null) {
            return ALARMS_RETRY;
        }
        Duration proof = CircuitBreaker.enabled(configuration) && desired > 0 && !healthChecked(draft.image(), row)
                ? left(timed.healthySince(), Steadiness.RAN, context) : Duration.ZERO;
        Duration bake = left(timed.bakingSince(), bake(timed, configuration), context);
        return proof.compareTo(bake) > 0 ? proof : bake;
    }

    private static boolean watched(DeploymentConfiguration configuration) {
        return CircuitBreaker.enabled(configuration) || DeploymentAlarmRules.enabled(configuration)
                || bakeTime(configuration).isPositive();
    }

    private static Instant since(boolean now, Instant known, Context context) {
        return !now ? Instant.EPOCH : known.equals(Instant.EPOCH) ? context.now() : known;
    }

    private static Duration left(Instant since, Duration wanted, Context context) {
        Duration left = Duration.between(context.now(), since.plus(wanted));
        return left.isNegative() ? Duration.ZERO : left;
    }

    /** What is rolled back to has been baked before. */
    private static Duration bake(ServiceDeploymentRow deployment, DeploymentConfiguration configuration) {
        if (!deployment.is(ServiceDeploymentStatus.IN_PROGRESS)) {
            return Duration.ZERO;
        }
        Duration alarms = DeploymentAlarmRules.enabled(configuration)
                ? Duration.ofSeconds(deployment.alarmSeconds()) : Duration.ZERO;
        Duration own = bakeTime(configuration);
        return own.compareTo(alarms) > 0 ? own : alarms;
    }

    private static Duration bakeTime(DeploymentConfiguration configuration) {
        return configuration.bakeTimeInMinutes() == null ? Duration.ZERO
                : Duration.ofMinutes(configuration.bakeTimeInMinutes());
    }

    /** Tasks with health checks have shown that they stay up when these pass. */
    private static boolean healthChecked(Image image, ServiceRow row) {
        return TaskDefinitions.byArn(image, row.primary().taskDefinition())
                .filter(definition -> NewTask.healthChecked(definition.definition())).isPresent();
    }
}
