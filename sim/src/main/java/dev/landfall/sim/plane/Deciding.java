package dev.landfall.sim.plane;

import dev.landfall.state.Context;
import dev.landfall.state.Decision;
import dev.landfall.state.Image;
import dev.landfall.state.Operation;

/** Where decisions come from: they are made, or known from a run that was the same so far. */
interface Deciding {
    Deciding ANEW = new Deciding() {
        @Override
        public <A> Made<A> decide(Operation<A> operation, Image image, Context context) {
            Decision<A> decision = operation.decide(image, context);
            return new Made<>(decision, decision.after(image));
        }
    };

    /** @param after the image with what was decided */
    record Made<A>(Decision<A> decision, Image after) {}

    /** Throws what the operation throws. */
    <A> Made<A> decide(Operation<A> operation, Image image, Context context);

    /** Whether its decisions were held to the invariants before. */
    default boolean checkedBefore() {
        return false;
    }
}
