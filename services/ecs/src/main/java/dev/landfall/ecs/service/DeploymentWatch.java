package dev.landfall.ecs.service;

import dev.landfall.ecs.EcsTables;
import dev.landfall.ecs.EcsTables.Phase;
import dev.landfall.ecs.Uuids;
import dev.landfall.ecs.deployment.CircuitBreaker;
import dev.landfall.ecs.deployment.ServiceDeploymentRow;
import dev.landfall.ecs.deployment.ServiceDeployments;
import dev.landfall.ecs.shift.Shifts;
import dev.landfall.ecs.task.TaskRow;
import dev.landfall.state.Context;
import dev.landfall.state.Draft;
import dev.landfall.state.Image;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import software.amazon.awssdk.services.ecs.model.Deployment;
import software.amazon.awssdk.services.ecs.model.DeploymentConfiguration;
import software.amazon.awssdk.services.ecs.model.DeploymentRolloutState;
import software.amazon.awssdk.services.ecs.model.Rollback;
import software.amazon.awssdk.services.ecs.model.ServiceDeployment;
import software.amazon.awssdk.services.ecs.model.ServiceDeploymentCircuitBreaker;
import software.amazon.awssdk.services.ecs.model.ServiceDeploymentRollbackMonitorsStatus;
import software.amazon.awssdk.services.ecs.model.ServiceDeploymentStatus;

/**
 * Watches over the service deployment that goes on: starts it, stops it when that was asked for, and fails it when too
 * many of its tasks fail or an alarm goes off (ECS Developer Guide, Amazon ECS deployment failure detection).
 *
 * <p>The circuit breaker has two stages. Until a task has stayed up, every task that does not come to run counts, and
 * so does one that ends at once: where ECS needs a minute to notice that a container runs, an agent here needs
 * milliseconds. From then on only tasks that are replaced for their health checks count.
 *
 * <p>A failed deployment starts no more tasks. With rollback the newest deployment that has completed becomes the
 * PRIMARY one again, under its own id, so that those of its tasks that still run are simply kept.
 */
final class DeploymentWatch {
    private static final String NO_CANDIDATE = "No rollback candidate was found to run the rollback.";

    private DeploymentWatch() {}

    /** The service after that, and when to look again, where only time will tell. */
    record Watched(ServiceRow row, Optional<Duration> again) {}

    static Watched look(Draft draft, ServiceRow row, Context context) {
        Optional<ServiceDeploymentRow> found = ServiceDeployments.current(draft.image(), row)
                .filter(ServiceDeploymentRow::ongoing);
        if (found.isEmpty() || row.service().deployments().isEmpty()) {
            return new Watched(row, Optional.empty());
        }
        ServiceDeploymentRow deployment = found.get();
        if (Shifts.of(draft.image(), deployment).filter(shift -> !shift.stage().forward()).isPresent()) {
            return done(row); // it is on its way to its end, from which nothing keeps it any more
        }
        return switch (deployment.deployment().status()) {
            case PENDING -> judged(draft, row, ServiceDeployments.moved(
                    draft, deployment, ServiceDeploymentStatus.IN_PROGRESS, null, context), context);
            case STOP_REQUESTED -> done(halted(draft, row, deployment, DeploymentFailure.REQUEST, context));
            case ROLLBACK_REQUESTED -> done(failed(draft, row, deployment, DeploymentFailure.REQUEST, context));
            default -> judged(draft, row, deployment, context);
        };
    }

    private static Watched done(ServiceRow row) {
        return new Watched(row, Optional.empty());
    }

    private static Watched judged(Draft draft, ServiceRow row, ServiceDeploymentRow deployment, Context context) {
        DeploymentConfiguration configuration = row.service().deploymentConfiguration();
        boolean alarmed = deployment.is(ServiceDeploymentStatus.IN_PROGRESS)
                && deployment.deployment().alarms().status() == ServiceDeploymentRollbackMonitorsStatus.TRIGGERED;
        if (alarmed) {
            return done(failed(draft, row, deployment, DeploymentFailure.ALARM, context));
        }
        int failures = row.primary().failedTasks();
        boolean breaker = CircuitBreaker.enabled(configuration);
        if (breaker && failures >= CircuitBreaker.threshold(configuration, row.service().desiredCount())) {
            return done(failed(draft, row, deployment, DeploymentFailure.CIRCUIT_BREAKER, context));
        }
        if (deployment.proven() || !breaker && failures == 0) {
            return done(row);
        }
        return proving(draft, row, deployment, context);
    }

    /** The first task that has stayed up begins the second stage, and makes up for those that failed before it. */
    private static Watched proving(Draft draft, ServiceRow row, ServiceDeploymentRow deployment, Context context) {
        Optional<Duration> missing = untilProven(draft.image(), row, context);
        if (missing.isEmpty() || missing.get().isPositive()) {
            return new Watched(row, missing);
        }
        draft.put(EcsTables.SERVICE_DEPLOYMENTS, deployment.withProven());
        if (row.primary().failedTasks() == 0 || !CircuitBreaker.resets(row.service().deploymentConfiguration())) {
            return done(row);
        }
        return done(stored(draft, row.with(Deployments.withPrimary(row.service(),
                row.primary().toBuilder().failedTasks(0).updatedAt(context.now()).build()))));
    }

    /** How long until the first of the PRIMARY deployment's tasks has stayed up; empty if none is up. */
    private static Optional<Duration> untilProven(Image image, ServiceRow row, Context context) {
        Optional<Duration> least = Optional.empty();
        if (Services.count(image, row, row.primary(), Phase.HEALTHY) == 0) {
            return least;
        }
        for (String arn : image.keys(EcsTables.TASKS, EcsTables.TASKS_BY_SERVICE, row.arn() + "|RUNNING")) {
            TaskRow task = image.get(EcsTables.TASKS, arn).orElseThrow();
            if (!task.deploymentId().equals(row.primary().id()) || !task.healthy()) {
                continue;
            }
            Duration missing = Steadiness.missing(task, context.now());
            if (missing.isZero()) {
                return Optional.of(missing);
            }
            least = least.filter(each -> each.compareTo(missing) < 0).or(() -> Optional.of(missing));
        }
        return least;
    }

    /** Fails the deployment and rolls back, where that is wanted and possible. */
    static ServiceRow failed(
            Draft draft, ServiceRow row, ServiceDeploymentRow deployment, DeploymentFailure cause, Context context) {
        ServiceDeploymentRow told = deployment.with(triggered(deployment.deployment(), row, cause));
        if (deployment.is(ServiceDeploymentStatus.ROLLBACK_IN_PROGRESS)) {
            ServiceDeployments.moved(draft, told, ServiceDeploymentStatus.ROLLBACK_FAILED,
                    cause.rolloutStateReason(), context);
            return stored(draft, refused(row, cause, context));
        }
        if (!cause.rollsBack(row.service().deploymentConfiguration())) {
            return halted(draft, row, told, cause, context);
        }
        Optional<Deployment> target = Shifting.rollbackTarget(draft.image(), row);
        ServiceDeploymentRow rolling = ServiceDeployments.moved(
                draft, told, ServiceDeploymentStatus.ROLLBACK_IN_PROGRESS, cause.rolledBack(), context);
        ServiceRow failed = refused(row, cause, context);
        if (target.isEmpty()) {
            ServiceDeployments.moved(draft, rolling, ServiceDeploymentStatus.ROLLBACK_FAILED, NO_CANDIDATE, context);
            Shifting.halt(draft, row.arn(), context);
            return stored(draft, failed);
        }
        Shifting.turnBack(draft, row.arn(), context);
        String id = target.get().id();
        draft.put(EcsTables.SERVICE_DEPLOYMENTS, rolling.restarted(rolling.deployment().toBuilder()
                .rollback(Rollback.builder().reason(cause.rolledBack()).startedAt(context.now())
                        .serviceRevisionArn(ServiceDeployments.revisionArn(row.arn(), target.get())).build())
                .build()));
        return stored(draft, failed
                .with(ServiceDeployments.withBalancers(draft.image(), Deployments.rolledBack(
                        failed.service(), target.get(), cause.rollingBackReason(id), context)))
                .withFailedStarts(0, Instant.EPOCH)
                .withSteady(false)
                .withEvent("rolling back to deployment " + id + ".", Uuids.of(context), context.now()));
    }

    /** Ends the deployment as it stands: nothing is started any more, and what runs goes on. */
    private static ServiceRow halted(
            Draft draft, ServiceRow row, ServiceDeploymentRow deployment, DeploymentFailure cause, Context context) {
        ServiceDeployments.moved(draft, deployment, ServiceDeploymentStatus.STOPPED, cause.stopped(), context);
        Shifting.halt(draft, row.arn(), context);
        return stored(draft, refused(row, cause, context));
    }

    /** The service with its PRIMARY deployment FAILED, which its events say. */
    private static ServiceRow refused(ServiceRow row, DeploymentFailure cause, Context context) {
        Deployment primary = row.primary();
        return row.with(Deployments.withPrimary(row.service(), Deployments.rolled(
                        primary, DeploymentRolloutState.FAILED, cause.rolloutStateReason(), context)))
                .withSteady(false)
                .withEvent("(deployment " + primary.id() + ") " + cause.event(), Uuids.of(context), context.now());
    }

    private static ServiceDeployment triggered(ServiceDeployment deployment, ServiceRow row, DeploymentFailure cause) {
        if (!cause.equals(DeploymentFailure.CIRCUIT_BREAKER) || deployment.deploymentCircuitBreaker() != null) {
            return deployment;
        }
        return deployment.toBuilder()
                .deploymentCircuitBreaker(ServiceDeploymentCircuitBreaker.builder()
                        .status(ServiceDeploymentRollbackMonitorsStatus.TRIGGERED)
                        .failureCount(row.primary().failedTasks())
                        .threshold(CircuitBreaker.threshold(
                                row.service().deploymentConfiguration(), row.service().desiredCount()))
                        .build())
                .build();
    }

    private static ServiceRow stored(Draft draft, ServiceRow row) {
        draft.put(EcsTables.SERVICES, row);
        return row;
    }
}
