package dev.landfall.sim.check;

import dev.landfall.sim.Violation;
import dev.landfall.state.Commit;

/** Something that must hold after every commit, or of the change that it made. Throws {@link Violation}. */
public interface Invariant {
    /** As violations name it. */
    String name();

    void check(Commit commit);

    /** A commit that is known to hold, for what looks at more than one. */
    default void remember(Commit commit) {}

    /** @throws Violation if {@code held} is false */
    default void require(boolean held, String what, Object... values) {
        if (!held) {
            throw new Violation(name(), what.formatted(values));
        }
    }
}
