package dev.landfall.bench;

/** A benchmark cannot be run here, for a reason that the message gives. */
public final class Refusal extends RuntimeException {
    public Refusal(String message) {
        super(message);
    }
}
