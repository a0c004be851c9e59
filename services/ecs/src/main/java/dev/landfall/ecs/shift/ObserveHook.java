package dev.landfall.ecs.shift;

import dev.landfall.ecs.EcsTables;
import dev.landfall.state.Context;
import dev.landfall.state.Decision;
import dev.landfall.state.Image;
import dev.landfall.state.Write;
import dev.landfall.wire.DocumentJson;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.core.document.Document;
import software.amazon.awssdk.services.ecs.model.DeploymentLifecycleHookStatus;

/**
 * Notes what a hook's target answered. Without a valid {@code hookStatus} the hook has failed (ECS Developer Guide,
 * Lambda hooks for Amazon ECS service deployments); without any answer it is called a few times more.
 */
final class ObserveHook {
    private static final Duration CALL_BACK_DEFAULT = Duration.ofSeconds(30);

    /** A hook is over after a day at the latest, so that a longer delay would be none. */
    private static final long CALL_BACK_MAX_SECONDS = Duration.ofDays(1).toSeconds();

    /** As often as AWS's SDKs call by default. */
    private static final int CALLS_MAX = 3;

    private static final Duration FIRST_RETRY = Duration.ofSeconds(1);

    /** What one hook may hand to its next call, in characters: what an event of EventBridge may hold. */
    private static final int DETAILS_MAX = 262_144;

    private ObserveHook() {}

    /** What an answer says, as far as it says something. */
    private record Said(Optional<String> status, Optional<Long> delay, Map<String, Document> details) {}

    static Decision<Void> decide(
            Image image, String serviceArn, String hookId, HookAnswer answer, Context context) {
        Optional<ShiftRow> shift = image.get(EcsTables.SHIFTS, serviceArn);
        Optional<HookRun> hook = shift.flatMap(row -> row.hook(hookId))
                .filter(run -> run.status() == DeploymentLifecycleHookStatus.IN_PROGRESS);
        if (hook.isEmpty()) {
            return Decision.of(null);
        }
        HookRun next = switch (answer) {
            case HookAnswer.Answered(var body) -> answered(hook.get(), body, context.now());
            case HookAnswer.Refused(var why) -> failed(hook.get(), notInvoked(hook.get(), why));
            case HookAnswer.Unanswered(var why) -> unanswered(hook.get(), why, context.now());
        };
        return Decision.of(null, Write.put(EcsTables.SHIFTS, shift.get().with(next)));
    }

    private static HookRun answered(HookRun hook, String body, Instant now) {
        Said said;
        try {
            said = said(DocumentJson.read(body));
        } catch (IllegalArgumentException e) {
            return unreadable(hook, e.getMessage());
        }
        if (said.status.isEmpty()) {
            return unreadable(hook, "HookStatus must not be null");
        }
        return switch (said.status.get()) {
            case "SUCCEEDED" -> hook.with(DeploymentLifecycleHookStatus.SUCCEEDED, "");
            case "FAILED" -> failed(hook, "Lifecycle hook target " + hook.target() + " returned FAILED status.");
            case "IN_PROGRESS" -> inProgress(hook, said, now);
            default -> unreadable(hook, "HookStatus must be one of SUCCEEDED, FAILED, IN_PROGRESS");
        };
    }

    private static Said said(Document answer) {
        if (!answer.isMap()) {
            return new Said(Optional.empty(), Optional.empty(), new LinkedHashMap<>());
        }
        Map<String, Document> members = answer.asMap();
        return new Said(
                Optional.ofNullable(members.get("hookStatus")).filter(Document::isString).map(Document::asString),
                Optional.ofNullable(members.get("callBackDelay")).filter(Document::isNumber)
                        .map(delay -> delay.asNumber().bigDecimalValue().longValue()),
                Optional.ofNullable(members.get("hookDetails")).filter(Document::isMap).map(Document::asMap)
                        .orElse(new LinkedHashMap<>()));
    }

    private static HookRun inProgress(HookRun hook, Said said, Instant now) {
        Duration delay = said.delay
                .map(seconds -> Duration.ofSeconds(Math.clamp(seconds, 0L, CALL_BACK_MAX_SECONDS)))
                .orElse(CALL_BACK_DEFAULT);
        String details = merged(hook.details(), said.details);
        return details.length() > DETAILS_MAX
                ? unreadable(hook, "hookDetails must not be longer than " + DETAILS_MAX + " characters")
                : hook.calledAgain(now.plus(delay), 0, details);
    }

    /** What the target was handed, with what it wants to be handed the next time. */
    private static String merged(String before, Map<String, Document> more) {
        if (more.isEmpty()) {
            return before;
        }
        var all = new LinkedHashMap<String, Document>();
        Optional.of(before).filter(text -> !text.isEmpty()).map(DocumentJson::read).filter(Document::isMap)
                .ifPresent(known -> all.putAll(known.asMap()));
        all.putAll(more);
        return DocumentJson.write(Document.fromMap(all));
    }

    private static HookRun unanswered(HookRun hook, String why, Instant now) {
        int failed = hook.failedCalls() + 1;
        return failed >= CALLS_MAX ? failed(hook, notInvoked(hook, why))
                : hook.calledAgain(now.plus(FIRST_RETRY.multipliedBy(1L << hook.failedCalls())), failed,
                        hook.details());
    }

    private static String notInvoked(HookRun hook, String why) {
        return "ECS was unable to invoke hook target " + hook.target() + " due to " + why;
    }

    private static HookRun unreadable(HookRun hook, String why) {
        return failed(hook, "ECS was unable to parse the response from " + hook.target() + " due to " + why);
    }

    private static HookRun failed(HookRun hook, String why) {
        return hook.with(DeploymentLifecycleHookStatus.FAILED, why);
    }
}
