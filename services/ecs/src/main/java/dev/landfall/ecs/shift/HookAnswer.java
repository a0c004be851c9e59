package dev.landfall.ecs.shift;

/** What came of calling a hook's target. */
public sealed interface HookAnswer {
    /** @param body what it answered, which should be a JSON object */
    record Answered(String body) implements HookAnswer {}

    /** The target itself says that it failed, or cannot be called as it is given. */
    record Refused(String why) implements HookAnswer {}

    /** Nobody knows whether the target was called; another call may do better. */
    record Unanswered(String why) implements HookAnswer {}
}
