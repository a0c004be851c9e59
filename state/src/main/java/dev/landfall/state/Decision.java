package dev.landfall.state;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What a decision answers, what becomes durable, and what may go out once it is. */
public record Decision<A>(A reply, List<Write<?>> writes, List<Effect> effects, Optional<Outcome> outcome) {
    /** What a {@link Draft} has come to; saves whoever carries the decision out from making its writes again. */
    record Outcome(Image base, Image image) {}

    public Decision(A reply, List<Write<?>> writes, List<Effect> effects) {
        this(reply, writes, effects, Optional.empty());
    }

    public Decision {
        writes = List.copyOf(writes);
        effects = List.copyOf(effects);
    }

    /** The same decision with more writes, behind its own. */
    public Decision<A> and(List<Write<?>> more) {
        var all = new ArrayList<>(writes);
        all.addAll(more);
        return new Decision<>(reply, all, effects,
                outcome.map(made -> new Outcome(made.base, made.image.apply(more))));
    }

    /** The image after this decision was made on {@code image}. */
    public Image after(Image image) {
        return outcome.filter(made -> made.base == image)
                .map(made -> made.image.numbered(image.version() + 1))
                .orElseGet(() -> image.apply(writes));
    }

    /** A decision that changes nothing. */
    public static <A> Decision<A> of(A reply) {
        return new Decision<>(reply, List.of(), List.of());
    }

    public static <A> Decision<A> of(A reply, Write<?>... writes) {
        return new Decision<>(reply, List.of(writes), List.of());
    }
}
