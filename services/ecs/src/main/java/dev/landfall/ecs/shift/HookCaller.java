package dev.landfall.ecs.shift;

/**
 * Calls the targets of lifecycle hooks, where AWS calls Lambda functions. Blocks until there is an answer, at most
 * fifteen minutes, as long as a Lambda function may take; safe for any thread.
 */
@FunctionalInterface
public interface HookCaller {
    /** One that reaches nobody, for a control plane without a network. */
    HookCaller NOBODY = (url, payload) -> new HookAnswer.Refused("hooks are not called here");

    /** @param payload the JSON that a Lambda function would be called with */
    HookAnswer call(String url, String payload);
}
