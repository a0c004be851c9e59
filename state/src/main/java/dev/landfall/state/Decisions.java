package dev.landfall.state;

import dev.landfall.state.Journal.JournalException;
import java.util.function.Consumer;

/**
 * Where decisions are made, one after the other, and made durable before anybody learns of them. {@link Writer} is the
 * one that serves; a simulator has one without threads.
 */
public interface Decisions {
    /** The newest durable image. */
    Image image();

    /**
     * Decides, and returns when the decision is durable. Throws what the operation threw.
     *
     * @throws JournalException if it could not be made durable; nothing has changed then
     * @throws IllegalStateException if nothing is decided any more, or when called by an operation, a receiver or a
     * follower
     */
    <A> A submit(Operation<A> operation);

    /** Hands every effect to {@code receiver} once the writes beside it are durable, in order: it must not block. */
    void onEffect(Consumer<Effect> receiver);

    /** Tells {@code follower} of every commit from now on, in order: it must not block. */
    void follow(Consumer<Commit> follower);
}
