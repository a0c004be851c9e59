package dev.landfall.ecs.shift;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.services.ecs.model.DeploymentConfiguration;
import software.amazon.awssdk.services.ecs.model.DeploymentLifecycleHookStatus;

/**
 * A deployment that runs a new revision, green, beside the old one, blue, and shifts traffic from one to the other; or
 * a rolling update, as far as it has lifecycle hooks, or follows one that did not come to its end. A service has one at
 * most; it is gone when the deployment is complete, and replaced by that of the next deployment.
 *
 * @param configuration as it was when the deployment began: what is changed meanwhile is for the next
 * @param routes as many as green has load balancers, once it is known where their traffic goes
 * @param hooks those of the stage that was arrived at
 * @param blueStarts of blue's tasks; those of the newest deployment are held back by the service's row
 */
public record ShiftRow(
        String serviceArn,
        String deploymentArn,
        Sides sides,
        DeploymentConfiguration configuration,
        Progress progress,
        List<Route> routes,
        List<HookRun> hooks,
        Throttle blueStarts) {
    public ShiftRow {
        routes = List.copyOf(routes);
        hooks = List.copyOf(hooks);
    }

    public Stage stage() {
        return progress.stage();
    }

    /**
     * Whether it is a rolling update with lifecycle hooks that has begun to replace tasks: from then on it is as any
     * other, but for its hooks.
     */
    public boolean rolls() {
        return !ShiftRules.shifts(configuration) && (stage() == Stage.SCALE_UP || stage() == Stage.POST_SCALE_UP);
    }

    /** Whether it is known where the traffic of all load balancers goes. */
    public boolean resolved() {
        return routes.size() == sides.balancers();
    }

    /** Whether all traffic goes where this stage wants it. */
    public boolean trafficSettled() {
        return resolved() ? progress.trafficSeen() || !shiftsTraffic() : stage().back();
    }

    /** Whether this stage wants some traffic to go somewhere. */
    boolean shiftsTraffic() {
        return !routes.stream().allMatch(route -> Wanted.of(this, route).nothing());
    }

    public ShiftRow with(Progress next) {
        return new ShiftRow(serviceArn, deploymentArn, sides, configuration, next, routes, hooks, blueStarts);
    }

    public ShiftRow withHooks(List<HookRun> next) {
        return new ShiftRow(serviceArn, deploymentArn, sides, configuration, progress, routes, next, blueStarts);
    }

    ShiftRow withRoutes(List<Route> next) {
        return new ShiftRow(serviceArn, deploymentArn, sides, configuration, progress, next, hooks, blueStarts);
    }

    public ShiftRow with(Throttle next) {
        return new ShiftRow(serviceArn, deploymentArn, sides, configuration, progress, routes, hooks, next);
    }

    /** The same with one of its hooks as it is now. */
    ShiftRow with(HookRun next) {
        return withHooks(hooks.stream().map(each -> each.hookId().equals(next.hookId()) ? next : each).toList());
    }

    Optional<HookRun> hook(String hookId) {
        return hooks.stream().filter(each -> each.hookId().equals(hookId)).findFirst();
    }

    /** The ids of the hooks whose targets are being called. */
    List<String> called() {
        return hooks.stream().filter(each -> each.status() == DeploymentLifecycleHookStatus.IN_PROGRESS)
                .map(HookRun::hookId).toList();
    }

    /** At the beginning of the next stage. */
    public ShiftRow at(Stage next, Instant now) {
        return with(progress.at(next, now)).withHooks(List.of());
    }

    /** On the way back, which begins with the production traffic. */
    public ShiftRow back(Instant now) {
        return with(progress.back(now)).withHooks(List.of());
    }

    /** Ended where it stands. */
    public ShiftRow halted(Instant now) {
        return with(progress.halted(now)).withHooks(List.of());
    }

    /** How much of the production traffic green has, or is getting, in percent. */
    public double productionPercent() {
        return Steps.percent(configuration, progress.step());
    }

    /** How much of the test traffic green has, or is getting, in percent. */
    public double testPercent() {
        return progress.tested() ? Steps.ALL : 0;
    }
}
