package dev.landfall.ecs.balance;

import java.util.function.Consumer;

/**
 * What load balancers tell beyond their API, where they are near enough to tell it: how far a change of theirs has come
 * among the data planes that carry the traffic, and when it is worth to look again.
 */
public interface Propagation {
    /** What the API says is so, and nobody tells anything. */
    Propagation IMMEDIATE = new Propagation() {
        @Override
        public boolean inEffect(String ruleOrListenerArn) {
            return true;
        }

        @Override
        public void followTargets(Consumer<String> groupArns) {
            // there is nothing to hear
        }

        @Override
        public void followEffect(Runnable more) {
            // likewise
        }
    };

    /** Whether all traffic goes where that listener or rule sends it now. */
    boolean inEffect(String ruleOrListenerArn);

    /** @param groupArns is told of target groups whose targets are others, or in another state; must not block */
    void followTargets(Consumer<String> groupArns);

    /** @param more is run when {@link #inEffect} may have become true; must not block */
    void followEffect(Runnable more);
}
