package dev.landfall.wire.codec;

/** A request that does not have the form its operation asks for. The message goes to the caller. */
public final class Malformed extends RuntimeException {
    public Malformed(String message) {
        super(message, null, false, false);
    }
}
