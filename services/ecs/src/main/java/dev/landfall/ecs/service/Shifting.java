package dev.landfall.ecs.service;

import dev.landfall.ecs.EcsTables;
import dev.landfall.ecs.deployment.ServiceDeployments;
import dev.landfall.ecs.shift.Progress;
import dev.landfall.ecs.shift.Route;
import dev.landfall.ecs.shift.ShiftRow;
import dev.landfall.ecs.shift.ShiftRules;
import dev.landfall.ecs.shift.Shifts;
import dev.landfall.ecs.shift.Sides;
import dev.landfall.ecs.shift.Stage;
import dev.landfall.ecs.shift.Throttle;
import dev.landfall.ecs.task.TaskRow;
import dev.landfall.state.Context;
import dev.landfall.state.Draft;
import dev.landfall.state.Image;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import software.amazon.awssdk.services.ecs.model.Deployment;
import software.amazon.awssdk.services.ecs.model.LoadBalancer;
import software.amazon.awssdk.services.ecs.model.ResolvedConfiguration;
import software.amazon.awssdk.services.ecs.model.Service;
import software.amazon.awssdk.services.ecs.model.ServiceRevisionLoadBalancer;

/** Begins and ends the shifts of services' deployments, and what others have to do for them. */
final class Shifting {
    private Shifting() {}

    /**
     * Begins the shift of a new deployment, where its strategy is one that shifts, or a rolling update that has hooks.
     * A deployment that overtakes a shift begins where that can be left without taking traffic from anybody: with
     * blue, which has been kept for that, and so does a rolling update then.
     */
    static void begin(Draft draft, ServiceRow row, Context context) {
        Image image = draft.image();
        Optional<ShiftRow> before = Shifts.of(image, row.arn());
        boolean shifts = ShiftRules.shifts(row.service().deploymentConfiguration());
        String blue = blue(image, row, before);
        boolean overtakes = !blue.isEmpty() && before.filter(shift -> ShiftRules.shifts(shift.configuration())
                || shift.stage() == Stage.RECONCILE_SERVICE).filter(shift -> shift.stage() != Stage.CLEAN_UP)
                .isPresent();
        if (!shifts) {
            settleGroups(draft, row, blue);
            if (!overtakes && row.service().deploymentConfiguration().lifecycleHooks().isEmpty()) {
                forget(draft, row.arn());
                return;
            }
        }
        boolean others = row.service().deployments().stream().skip(1)
                .anyMatch(each -> !each.id().equals(blue) && Services.inUse(image, row, each));
        List<Route> routes = shifts || !overtakes ? List.of()
                : before.map(old -> Shifts.routes(old, blue)).orElse(List.of());
        var sides = new Sides(row.primary().id(), blue,
                shifts ? row.service().loadBalancers().size() : routes.size());
        draft.put(EcsTables.SHIFTS, new ShiftRow(row.arn(), row.service().currentServiceDeployment(), sides,
                shifts && blue.isEmpty()
                        ? ManagedService.first(row.service()) : row.service().deploymentConfiguration(),
                Progress.begun(others || !shifts && overtakes ? Stage.RECONCILE_SERVICE : Stage.PRE_SCALE_UP,
                        context.now()),
                routes, List.of(), Throttle.NONE));
    }

    /** The id of the deployment that has the service's traffic, or nothing. */
    private static String blue(Image image, ServiceRow row, Optional<ShiftRow> before) {
        List<Deployment> old = row.service().deployments().stream().skip(1).toList();
        Optional<String> known = before.map(shift -> shift.stage() == Stage.CLEAN_UP
                || !shift.sides().hasBlue() && shift.progress().step() > 0
                ? shift.sides().green() : shift.sides().blue());
        return known.or(() -> Deployments.lastCompleted(old)
                        .or(() -> old.stream().filter(each -> Services.inUse(image, row, each)).findFirst())
                        .map(Deployment::id))
                .filter(id -> old.stream().anyMatch(each -> each.id().equals(id))).orElse("");
    }

    /** The tasks of a rolling update go where those before them are, though the load balancers name two groups. */
    private static void settleGroups(Draft draft, ServiceRow row, String blue) {
        List<LoadBalancer> balancers = row.service().loadBalancers();
        if (blue.isEmpty() || balancers.stream().allMatch(each -> each.advancedConfiguration() == null)) {
            return;
        }
        var occupied = new TreeSet<String>();
        ServiceDeployments.balancers(draft.image(), row.arn(), blue)
                .forEach(each -> occupied.add(each.targetGroupArn()));
        var resolved = balancers.stream().map(each -> ServiceRevisionLoadBalancer.builder()
                .targetGroupArn(each.advancedConfiguration() != null
                        && occupied.contains(each.advancedConfiguration().alternateTargetGroupArn())
                        ? each.advancedConfiguration().alternateTargetGroupArn() : each.targetGroupArn())
                .productionListenerRule(each.advancedConfiguration() == null ? null
                        : each.advancedConfiguration().productionListenerRule())
                .build()).toList();
        draft.image().get(EcsTables.SERVICE_REVISIONS, ServiceDeployments.revisionArn(row.arn(), row.primary()))
                .ifPresent(found -> draft.put(EcsTables.SERVICE_REVISIONS, found.with(found.revision().toBuilder()
                        .resolvedConfiguration(ResolvedConfiguration.builder().loadBalancers(resolved).build())
                        .build())));
    }

    static void forget(Draft draft, String serviceArn) {
        if (Shifts.of(draft.image(), serviceArn).isPresent()) {
            draft.delete(EcsTables.SHIFTS, serviceArn);
        }
    }

    /** Leaves traffic and tasks as they are, until the next deployment. */
    static void halt(Draft draft, String serviceArn, Context context) {
        forgetRolling(draft, serviceArn);
        Shifts.of(draft.image(), serviceArn).ifPresent(
                shift -> draft.put(EcsTables.SHIFTS, shift.halted(context.now())));
    }

    /** Begins the way back. */
    static void turnBack(Draft draft, String serviceArn, Context context) {
        forgetRolling(draft, serviceArn);
        Shifts.of(draft.image(), serviceArn).ifPresent(
                shift -> draft.put(EcsTables.SHIFTS, shift.back(context.now())));
    }

    /** A rolling update that moves no traffic ends, and goes back, as one without hooks. */
    private static void forgetRolling(Draft draft, String serviceArn) {
        Shifts.of(draft.image(), serviceArn).filter(Shifting::movesNothing)
                .ifPresent(shift -> draft.delete(EcsTables.SHIFTS, serviceArn));
    }

    private static boolean movesNothing(ShiftRow shift) {
        return !ShiftRules.shifts(shift.configuration()) && shift.stage() != Stage.RECONCILE_SERVICE;
    }

    /** The deployment to which a failed one is rolled back. */
    static Optional<Deployment> rollbackTarget(Image image, ServiceRow row) {
        return Shifts.of(image, row.arn()).filter(shift -> !movesNothing(shift))
                .map(shift -> row.service().deployments().stream()
                        .filter(each -> each.id().equals(shift.sides().blue())).findFirst())
                .orElseGet(() -> Deployments.lastCompleted(row.service().deployments()));
    }

    /** Both revisions are as large as the service is wanted while traffic is shifted. */
    static Service scaled(Image image, Service service) {
        return Shifts.of(image, service.serviceArn()).filter(shift -> !shift.rolls()).isEmpty() ? service
                : service.toBuilder().deployments(service.deployments().stream()
                        .map(each -> each.toBuilder().desiredCount(service.desiredCount()).build()).toList()).build();
    }

    /** What a shift learns from the end of one of blue's tasks; those of the newest deployment are others' business. */
    static void stopped(Draft draft, TaskRow task, Context context) {
        Shifts.of(draft.image(), task.serviceArn())
                .filter(shift -> shift.sides().blue().equals(task.deploymentId()))
                .ifPresent(shift -> {
                    Throttle before = shift.blueStarts();
                    Throttle after = TaskOutcomes.ran(task.task(), context) ? Throttle.NONE
                            : failed(before, context.now());
                    if (!after.equals(before)) {
                        draft.put(EcsTables.SHIFTS, shift.with(after));
                    }
                });
    }

    /** Tasks that were started together fail together, as with {@link TaskOutcomes}. */
    private static Throttle failed(Throttle before, Instant now) {
        int rounds = before.failedStarts() + 1;
        return now.isBefore(before.notBefore()) ? before
                : new Throttle(rounds, now.plus(TaskOutcomes.delay(rounds)));
    }
}
