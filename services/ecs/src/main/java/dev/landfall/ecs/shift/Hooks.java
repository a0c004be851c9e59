package dev.landfall.ecs.shift;

import dev.landfall.ecs.Uuids;
import dev.landfall.state.Context;
import dev.landfall.wire.DocumentJson;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.services.ecs.model.DeploymentConfiguration;
import software.amazon.awssdk.services.ecs.model.DeploymentLifecycleHook;
import software.amazon.awssdk.services.ecs.model.DeploymentLifecycleHookAction;
import software.amazon.awssdk.services.ecs.model.DeploymentLifecycleHookStatus;
import software.amazon.awssdk.services.ecs.model.DeploymentLifecycleHookTargetType;
import software.amazon.awssdk.services.ecs.model.DeploymentLifecycleHookTimeoutConfiguration;

/** Begins the hooks of a stage and says what has come of them; all hooks of one stage run beside each other. */
public final class Hooks {
    /** "Default: 1440 (24 hours)" (ECS API Reference, DeploymentLifecycleHookTimeoutConfiguration). */
    private static final int TIMEOUT_DEFAULT_MINUTES = 1_440;

    private Hooks() {}

    /** What the hooks of a stage have come to. */
    public sealed interface Verdict {
        record Passed() implements Verdict {}

        /** @param again when the first of them runs out of time */
        record Waiting(Duration again) implements Verdict {}

        /** @param because behind "Service deployment rolled back because" */
        record Failed(String because) implements Verdict {}
    }

    /** Those that the configuration has for the stage, as they begin. */
    public static List<HookRun> of(DeploymentConfiguration configuration, Stage stage, Context context) {
        return stage.hooks().map(when -> configuration.lifecycleHooks().stream()
                .filter(hook -> hook.lifecycleStages().contains(when))
                .map(hook -> begun(hook, context)).toList()).orElse(List.of());
    }

    static boolean pauses(DeploymentLifecycleHook hook) {
        return hook.targetType() == DeploymentLifecycleHookTargetType.PAUSE;
    }

    private static HookRun begun(DeploymentLifecycleHook hook, Context context) {
        boolean pause = pauses(hook);
        DeploymentLifecycleHookTimeoutConfiguration timeout = hook.timeoutConfiguration();
        int minutes = timeout == null || timeout.timeoutInMinutes() == null
                ? TIMEOUT_DEFAULT_MINUTES : timeout.timeoutInMinutes();
        return new HookRun((pause ? "ecs-pause-" : "ecs-lambda-") + id(context), Uuids.of(context),
                pause ? DeploymentLifecycleHookTargetType.PAUSE : DeploymentLifecycleHookTargetType.AWS_LAMBDA,
                pause ? "" : hook.hookTargetArn(),
                pause ? DeploymentLifecycleHookStatus.AWAITING_ACTION : DeploymentLifecycleHookStatus.IN_PROGRESS,
                context.now().plus(Duration.ofMinutes(minutes)),
                timeout == null || timeout.action() == null ? DeploymentLifecycleHookAction.ROLLBACK : timeout.action(),
                pause || hook.hookDetails() == null ? "" : DocumentJson.write(hook.hookDetails()),
                0, context.now(), "");
    }

    private static String id(Context context) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(
                HexFormat.of().parseHex(context.ids().next() + context.ids().next()));
    }

    /** The hooks, those that have run out of time ended. */
    public static List<HookRun> timed(List<HookRun> hooks, Instant now) {
        return hooks.stream().map(each -> each.open() && !each.expiresAt().isAfter(now)
                ? each.with(DeploymentLifecycleHookStatus.TIMED_OUT, "") : each).toList();
    }

    /** What {@link #timed} hooks have come to. */
    public static Verdict verdict(ShiftRow shift, Instant now) {
        Optional<String> failed = shift.hooks().stream().flatMap(hook -> failure(shift.stage(), hook).stream())
                .findFirst();
        if (failed.isPresent()) {
            return new Verdict.Failed(failed.get());
        }
        Optional<Instant> first = shift.hooks().stream().filter(HookRun::open).map(HookRun::expiresAt)
                .min(Instant::compareTo);
        return first.<Verdict>map(at -> new Verdict.Waiting(Duration.between(now, at)))
                .orElseGet(Verdict.Passed::new);
    }

    /** ECS's words where it has some (ECS Developer Guide, Troubleshooting Amazon ECS blue/green deployments). */
    private static Optional<String> failure(Stage stage, HookRun hook) {
        String where = stage.hooks().orElseThrow().toString();
        boolean pause = hook.type() == DeploymentLifecycleHookTargetType.PAUSE;
        return switch (hook.status()) {
            case FAILED -> Optional.of(pause ? where + " pause hook was rolled back."
                    : where + " lifecycle hook(s) failed. " + hook.failure());
            case TIMED_OUT -> hook.timeoutAction() == DeploymentLifecycleHookAction.CONTINUE ? Optional.empty()
                    : Optional.of(where + (pause ? " pause hook timed out." : " lifecycle hook(s) timed out."));
            case AWAITING_ACTION, IN_PROGRESS, SUCCEEDED, UNKNOWN_TO_SDK_VERSION -> Optional.empty();
        };
    }
}
