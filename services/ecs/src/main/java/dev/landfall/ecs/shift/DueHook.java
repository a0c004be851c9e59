package dev.landfall.ecs.shift;

import dev.landfall.ecs.EcsTables;
import dev.landfall.state.Context;
import dev.landfall.state.Decision;
import dev.landfall.state.Image;
import java.time.Duration;
import java.util.Optional;
import software.amazon.awssdk.services.ecs.model.DeploymentLifecycleHookStatus;

/** Says whether the target of a hook is to be called now, and with what. It changes nothing. */
final class DueHook {
    private DueHook() {}

    record Call(String url, String payload) {}

    /** @param again how long to wait before there is something to call; empty if there never is */
    record Due(Optional<Call> call, Optional<Duration> again) {}

    static Decision<Due> decide(Image image, String serviceArn, String hookId, Context context) {
        Optional<ShiftRow> shift = image.get(EcsTables.SHIFTS, serviceArn);
        Optional<HookRun> hook = shift.flatMap(row -> row.hook(hookId))
                .filter(run -> run.status() == DeploymentLifecycleHookStatus.IN_PROGRESS);
        if (hook.isEmpty()) {
            return Decision.of(new Due(Optional.empty(), Optional.empty()));
        }
        if (hook.get().nextCall().isAfter(context.now())) {
            return Decision.of(new Due(Optional.empty(),
                    Optional.of(Duration.between(context.now(), hook.get().nextCall()))));
        }
        return Decision.of(new Due(Optional.of(new Call(hook.get().target(),
                HookPayload.of(shift.get(), hook.get()))), Optional.empty()));
    }
}
