package dev.landfall.ecs.service;

import dev.landfall.ecs.EcsTables;
import dev.landfall.ecs.deployment.CircuitBreaker;
import dev.landfall.ecs.deployment.DeploymentAlarmRules;
import dev.landfall.ecs.deployment.ServiceDeploymentRow;
import dev.landfall.ecs.deployment.ServiceDeployments;
import dev.landfall.ecs.shift.HookRun;
import dev.landfall.ecs.shift.Hooks;
import dev.landfall.ecs.shift.Progress;
import dev.landfall.ecs.shift.ShiftRow;
import dev.landfall.ecs.shift.ShiftRules;
import dev.landfall.ecs.shift.Stage;
import dev.landfall.ecs.shift.Steps;
import dev.landfall.state.Context;
import dev.landfall.state.Draft;
import dev.landfall.state.Image;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.services.ecs.model.Deployment;
import software.amazon.awssdk.services.ecs.model.DeploymentConfiguration;

/**
 * Takes a deployment that shifts traffic from stage to stage (ECS Developer Guide, Amazon ECS blue/green service
 * deployments workflow). A look brings each revision's tasks to what the stage wants of them and goes on by one stage
 * at most; a stage is over when what it does is done, its hooks have passed and its bake time is over, in that order.
 *
 * <p>Traffic goes only where tasks are: production traffic is shifted to green when all of green is healthy, and blue
 * is kept until it has none; on the way back it goes to blue before green is touched.
 */
final class ShiftRollout {
    /** "Each lifecycle stage can last up to 24 hours"; pauses, which may last longer, and bake times do not count. */
    private static final Duration STAGE_MAX = Duration.ofHours(24);

    /** "The overall deployment timeout is 30 days" (the same). */
    private static final Duration DEPLOYMENT_MAX = Duration.ofDays(30);

    /** How soon to ask again whether the alarms have been looked at; the look at them is noticed by itself. */
    private static final Duration ALARMS_RETRY = Duration.ofSeconds(15);

    private ShiftRollout() {}

    /** What becomes of a revision's tasks at a stage. */
    private enum Fate {
        KEEP,
        LEAVE,
        /** None is started any more, and those beyond the desired count go. */
        SHRINK,
        STOP
    }

    /** When to look again, where only time will tell. */
    static Optional<Duration> advance(Draft draft, ShiftRow shift, Context context) {
        Optional<Duration> again = Optional.empty();
        for (Deployment each : row(draft, shift).service().deployments()) {
            ServiceRow row = row(draft, shift);
            again = Sooner.of(again, switch (fate(draft.image(), row, shift, each.id())) {
                case KEEP -> RevisionTasks.keep(draft, row, each, notBefore(row, shift, each.id()), context);
                case STOP -> RevisionTasks.stop(draft, row, each, context);
                case SHRINK -> RevisionTasks.shrink(draft, row, each, context);
                case LEAVE -> Optional.empty();
            });
        }
        return shift.stage() == Stage.HALTED ? again : Sooner.of(again, stage(draft, shift, context));
    }

    private static ServiceRow row(Draft draft, ShiftRow shift) {
        return draft.image().get(EcsTables.SERVICES, shift.serviceArn()).orElseThrow();
    }

    /** The service's row holds back the newest deployment's tasks. */
    private static Instant notBefore(ServiceRow row, ShiftRow shift, String deploymentId) {
        return deploymentId.equals(row.primary().id()) ? row.notBefore() : shift.blueStarts().notBefore();
    }

    private static Fate fate(Image image, ServiceRow row, ShiftRow shift, String deploymentId) {
        Stage stage = shift.stage();
        if (deploymentId.equals(shift.sides().blue())) {
            return stage == Stage.CLEAN_UP ? Fate.STOP : Fate.KEEP;
        }
        if (deploymentId.equals(shift.sides().green())) {
            return switch (stage) {
                case RECONCILE_SERVICE, PRE_SCALE_UP, PRODUCTION_TRAFFIC_BACK, TEST_TRAFFIC_BACK -> Fate.LEAVE;
                case SCALE_UP, POST_SCALE_UP, TEST_TRAFFIC_SHIFT, POST_TEST_TRAFFIC_SHIFT, PRE_PRODUCTION_TRAFFIC_SHIFT,
                        PRODUCTION_TRAFFIC_SHIFT, POST_PRODUCTION_TRAFFIC_SHIFT, BAKE_TIME, CLEAN_UP -> Fate.KEEP;
                case CLEAN_UP_BACK -> Fate.STOP;
                case HALTED -> shift.progress().step() > 0 ? Fate.KEEP : Fate.SHRINK;
            };
        }
        return stage == Stage.RECONCILE_SERVICE && !blueServes(image, row, shift) ? Fate.LEAVE : Fate.STOP;
    }

    /** Whether blue has all the traffic and can bear it; true where nobody has any. */
    private static boolean blueServes(Image image, ServiceRow row, ShiftRow shift) {
        return !shift.sides().hasBlue()
                || shift.trafficSettled() && healthy(image, row, shift.sides().blue());
    }

    /** Whether all tasks that the revision is to have are healthy. */
    private static boolean healthy(Image image, ServiceRow row, String deploymentId) {
        return deployment(row, deploymentId)
                .filter(each -> RevisionTasks.healthy(image, row, each) >= row.service().desiredCount()).isPresent();
    }

    private static Optional<Deployment> deployment(ServiceRow row, String id) {
        return row.service().deployments().stream().filter(each -> each.id().equals(id)).findFirst();
    }

    private static boolean gone(Image image, ServiceRow row, String deploymentId) {
        return deployment(row, deploymentId).filter(each -> !RevisionTasks.gone(image, row, each)).isEmpty();
    }

    private static Optional<Duration> stage(Draft draft, ShiftRow shift, Context context) {
        ServiceRow row = row(draft, shift);
        if (shift.stage().forward() && !shift.progress().refusal().isEmpty()) {
            fail(draft, row, shift.progress().refusal(), context);
            return Optional.empty();
        }
        if (shift.stage().forward() && old(draft.image(), row, context)) {
            fail(draft, row, "because the service deployment timed out.", context);
            return Optional.empty();
        }
        if (shift.progress().hasArrived()) {
            return arrived(draft, row, shift, context);
        }
        if (done(draft.image(), row, shift)) {
            draft.put(EcsTables.SHIFTS, shift
                    .with(shift.progress().withArrived(context.now()))
                    .withHooks(Hooks.of(shift.configuration(), shift.stage(), context)));
            return Optional.empty();
        }
        Duration left = Duration.between(context.now(), shift.progress().since().plus(STAGE_MAX));
        if (shift.stage().forward() && !left.isPositive()) {
            fail(draft, row, "because the " + shift.stage().shown() + " lifecycle stage timed out.", context);
            return Optional.empty();
        }
        return shift.stage().forward() ? Optional.of(left) : Optional.empty();
    }

    private static boolean old(Image image, ServiceRow row, Context context) {
        return ServiceDeployments.current(image, row).filter(each ->
                !each.deployment().createdAt().plus(DEPLOYMENT_MAX).isAfter(context.now())).isPresent();
    }

    /** Whether all that the stage itself does is done. */
    private static boolean done(Image image, ServiceRow row, ShiftRow shift) {
        return switch (shift.stage()) {
            case RECONCILE_SERVICE -> shift.trafficSettled() && blueServes(image, row, shift)
                    && row.service().deployments().stream().map(Deployment::id)
                            .filter(id -> !id.equals(shift.sides().blue()) && !id.equals(shift.sides().green()))
                            .allMatch(id -> gone(image, row, id));
            case PRE_SCALE_UP, PRODUCTION_TRAFFIC_BACK, TEST_TRAFFIC_BACK -> shift.trafficSettled();
            case SCALE_UP -> healthy(image, row, shift.sides().green()) && proven(image, row);
            case TEST_TRAFFIC_SHIFT, PRODUCTION_TRAFFIC_SHIFT ->
                shift.trafficSettled() && healthy(image, row, shift.sides().green());
            case PRE_PRODUCTION_TRAFFIC_SHIFT -> healthy(image, row, shift.sides().green());
            case POST_SCALE_UP, POST_TEST_TRAFFIC_SHIFT, POST_PRODUCTION_TRAFFIC_SHIFT, BAKE_TIME -> true;
            case CLEAN_UP -> shift.trafficSettled() && gone(image, row, shift.sides().blue())
                    && healthy(image, row, shift.sides().green());
            case CLEAN_UP_BACK -> gone(image, row, shift.sides().green())
                    && healthy(image, row, shift.sides().blue());
            case HALTED -> false;
        };
    }

    /** Where the circuit breaker watches, a task must have stayed up. */
    private static boolean proven(Image image, ServiceRow row) {
        return !CircuitBreaker.enabled(row.service().deploymentConfiguration()) || row.service().desiredCount() == 0
                || ServiceDeployments.current(image, row).filter(ServiceDeploymentRow::proven).isPresent();
    }

    /** What comes once the stage has done what it does: its hooks, its bake time, and the next stage. */
    private static Optional<Duration> arrived(Draft draft, ServiceRow row, ShiftRow shift, Context context) {
        List<HookRun> timed = Hooks.timed(shift.hooks(), context.now());
        if (!timed.equals(shift.hooks())) {
            draft.put(EcsTables.SHIFTS, shift.withHooks(timed)); // by itself, as it is told by itself
            return Optional.empty();
        }
        switch (Hooks.verdict(shift, context.now())) {
            case Hooks.Verdict.Waiting(var again) -> {
                return Optional.of(again);
            }
            case Hooks.Verdict.Failed(var because) when shift.stage().forward() -> {
                fail(draft, row, "because " + because, context);
                return Optional.empty();
            }
            case Hooks.Verdict.Failed _, Hooks.Verdict.Passed _ -> { } // nothing holds up the way back
        }
        Duration left = left(draft.image(), row, shift, context);
        if (left.isPositive()) {
            return Optional.of(left);
        }
        leave(draft, row, shift, context);
        return Optional.empty();
    }

    private static Duration left(Image image, ServiceRow row, ShiftRow shift, Context context) {
        DeploymentConfiguration configuration = shift.configuration();
        Duration bake = switch (shift.stage()) {
            case PRODUCTION_TRAFFIC_SHIFT -> Steps.bake(configuration, shift.progress().step());
            case BAKE_TIME -> Duration.ofMinutes(
                    configuration.bakeTimeInMinutes() == null ? 0 : configuration.bakeTimeInMinutes());
            default -> Duration.ZERO;
        };
        Duration left = Duration.between(context.now(), shift.progress().arrived().plus(bake));
        boolean unwatched = shift.stage() == Stage.BAKE_TIME && !left.isPositive()
                && DeploymentAlarmRules.enabled(row.service().deploymentConfiguration())
                && ServiceDeployments.current(image, row)
                        .filter(each -> each.deployment().alarms().status() == null).isPresent();
        return unwatched ? ALARMS_RETRY : left;
    }

    private static void leave(Draft draft, ServiceRow row, ShiftRow shift, Context context) {
        if (!ShiftRules.shifts(shift.configuration()) && shift.stage() == Stage.RECONCILE_SERVICE
                && shift.configuration().lifecycleHooks().isEmpty()) {
            draft.delete(EcsTables.SHIFTS, shift.serviceArn()); // from here on it is a rolling update as any other
            return;
        }
        next(shift).ifPresentOrElse(
                stage -> draft.put(EcsTables.SHIFTS, shift.at(stage, context.now())),
                () -> complete(draft, row, context));
    }

    private static Optional<Stage> next(ShiftRow shift) {
        Progress progress = shift.progress();
        return switch (progress.stage()) {
            case RECONCILE_SERVICE -> Optional.of(Stage.PRE_SCALE_UP);
            case PRE_SCALE_UP -> Optional.of(Stage.SCALE_UP);
            case SCALE_UP -> Optional.of(Stage.POST_SCALE_UP);
            case POST_SCALE_UP -> Optional.of(Stage.TEST_TRAFFIC_SHIFT);
            case TEST_TRAFFIC_SHIFT -> Optional.of(Stage.POST_TEST_TRAFFIC_SHIFT);
            case POST_TEST_TRAFFIC_SHIFT -> Optional.of(Stage.PRE_PRODUCTION_TRAFFIC_SHIFT);
            case PRE_PRODUCTION_TRAFFIC_SHIFT -> Optional.of(Stage.PRODUCTION_TRAFFIC_SHIFT);
            case PRODUCTION_TRAFFIC_SHIFT -> Optional.of(progress.step() < Steps.count(shift.configuration())
                    ? Stage.PRE_PRODUCTION_TRAFFIC_SHIFT : Stage.POST_PRODUCTION_TRAFFIC_SHIFT);
            case POST_PRODUCTION_TRAFFIC_SHIFT -> Optional.of(Stage.BAKE_TIME);
            case BAKE_TIME -> Optional.of(Stage.CLEAN_UP);
            case PRODUCTION_TRAFFIC_BACK -> Optional.of(Stage.TEST_TRAFFIC_BACK);
            case TEST_TRAFFIC_BACK -> Optional.of(Stage.CLEAN_UP_BACK);
            case CLEAN_UP, CLEAN_UP_BACK, HALTED -> Optional.empty();
        };
    }

    /** The revision that has the traffic now is the only one, and the newest deployment is complete. */
    private static void complete(Draft draft, ServiceRow row, Context context) {
        ServiceRow completed = DeploymentProgress.completed(draft, row, context);
        draft.put(EcsTables.SERVICES, completed.with(Deployments.withoutEmpty(
                completed.service(), each -> Services.inUse(draft.image(), completed, each))));
        draft.delete(EcsTables.SHIFTS, row.arn());
    }

    private static void fail(Draft draft, ServiceRow row, String because, Context context) {
        ServiceDeployments.current(draft.image(), row).filter(ServiceDeploymentRow::ongoing).ifPresent(deployment ->
                DeploymentWatch.failed(draft, row, deployment, DeploymentFailure.ofStage(because), context));
    }
}
