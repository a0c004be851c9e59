package dev.landfall.ecs;

import dev.landfall.state.Effect;

/** What this service does outside its tables once a decision is durable. */
public sealed interface EcsEffect extends Effect {
    /**
     * Bring the agent's knowledge of a task up to date: start it, or stop it. Found out again when the agent connects.
     */
    record Deliver(String instanceArn, String taskArn) implements EcsEffect {}
}
