package dev.landfall.ecs.service;

import dev.landfall.ecs.EcsTables;
import dev.landfall.ecs.deployment.ServiceDeploymentRow;
import dev.landfall.ecs.deployment.ServiceDeployments;
import dev.landfall.ecs.shift.HookRun;
import dev.landfall.ecs.shift.Hooks;
import dev.landfall.ecs.shift.ShiftRow;
import dev.landfall.ecs.shift.Shifts;
import dev.landfall.ecs.shift.Stage;
import dev.landfall.state.Context;
import dev.landfall.state.Draft;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The lifecycle hooks of rolling updates: those before the first task is replaced are run as with deployments that
 * shift traffic; while tasks are replaced there are none; those of POST_SCALE_UP hold back a rollout that is complete
 * otherwise.
 */
final class RollingHooks {
    private RollingHooks() {}

    /** Whether the service's deployment is a rolling update with hooks that has begun to replace tasks. */
    static Optional<ShiftRow> of(Draft draft, String serviceArn) {
        return Shifts.of(draft.image(), serviceArn).filter(ShiftRow::rolls);
    }

    /** Ends hooks that have passed or failed, and what hangs on them; when to look again. */
    static Optional<Duration> look(Draft draft, ShiftRow shift, Context context) {
        if (shift.stage() != Stage.POST_SCALE_UP) {
            return Optional.empty();
        }
        List<HookRun> timed = Hooks.timed(shift.hooks(), context.now());
        if (!timed.equals(shift.hooks())) {
            draft.put(EcsTables.SHIFTS, shift.withHooks(timed)); // by itself, as it is told by itself
            return Optional.empty();
        }
        return switch (Hooks.verdict(shift, context.now())) {
            case Hooks.Verdict.Waiting(var again) -> Optional.of(again);
            case Hooks.Verdict.Passed() -> {
                draft.delete(EcsTables.SHIFTS, shift.serviceArn());
                yield Optional.empty();
            }
            case Hooks.Verdict.Failed(var because) -> {
                fail(draft, shift, because, context);
                yield Optional.empty();
            }
        };
    }

    private static void fail(Draft draft, ShiftRow shift, String because, Context context) {
        ServiceRow row = draft.image().get(EcsTables.SERVICES, shift.serviceArn()).orElseThrow();
        ServiceDeployments.current(draft.image(), row).filter(ServiceDeploymentRow::ongoing).ifPresent(deployment ->
                DeploymentWatch.failed(draft, row, deployment, DeploymentFailure.ofStage("because " + because),
                        context));
    }

    /** Whether a rollout of which all tasks are there has to wait; its hooks begin with that. */
    static boolean holds(Draft draft, ServiceRow row, Context context) {
        Optional<ShiftRow> shift = of(draft, row.arn());
        if (shift.isEmpty() || shift.get().stage() == Stage.POST_SCALE_UP) {
            return shift.isPresent();
        }
        ShiftRow next = shift.get().at(Stage.POST_SCALE_UP, context.now());
        List<HookRun> hooks = Hooks.of(next.configuration(), Stage.POST_SCALE_UP, context);
        if (hooks.isEmpty()) {
            draft.delete(EcsTables.SHIFTS, row.arn());
            return false;
        }
        draft.put(EcsTables.SHIFTS, next.with(next.progress().withArrived(context.now())).withHooks(hooks));
        return true;
    }
}
