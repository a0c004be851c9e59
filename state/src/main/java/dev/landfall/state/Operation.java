package dev.landfall.state;

/** A decision waiting for its turn: a pure function of the image and the context. Throwing decides nothing. */
@FunctionalInterface
public interface Operation<A> {
    Decision<A> decide(Image image, Context context);
}
