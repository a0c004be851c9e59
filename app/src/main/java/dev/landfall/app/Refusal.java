package dev.landfall.app;

/** Something the user has to know or to do before Landfall can go on; its message says what. It is no fault of ours. */
public final class Refusal extends RuntimeException {
    public Refusal(String message) {
        super(message, null, false, false);
    }
}
