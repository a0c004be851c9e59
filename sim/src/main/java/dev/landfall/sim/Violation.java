package dev.landfall.sim;

/** Something is not as it must always be. An error, so that nothing between here and the test takes it for its own. */
public final class Violation extends Error {
    private final String invariant;

    public Violation(String invariant, String what) {
        super(invariant + ": " + what);
        this.invariant = invariant;
    }

    public Violation(String invariant, String what, Throwable cause) {
        super(invariant + ": " + what, cause);
        this.invariant = invariant;
    }

    /** The name of what was broken. */
    public String invariant() {
        return invariant;
    }
}
