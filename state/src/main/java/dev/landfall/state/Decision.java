package dev.landfall.state;

import java.util.List;

/** What a decision answers, what becomes durable, and what may go out once it is. */
public record Decision<A>(A reply, List<Write<?>> writes, List<Effect> effects) {
    public Decision {
        writes = List.copyOf(writes);
        effects = List.copyOf(effects);
    }

    /** A decision that changes nothing. */
    public static <A> Decision<A> of(A reply) {
        return new Decision<>(reply, List.of(), List.of());
    }

    public static <A> Decision<A> of(A reply, Write<?>... writes) {
        return new Decision<>(reply, List.of(writes), List.of());
    }
}
