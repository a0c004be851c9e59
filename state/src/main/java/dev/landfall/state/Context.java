package dev.landfall.state;

import java.time.Instant;

/** Everything a decision may know that is neither in the image nor in the request. */
public record Context(Instant now, Ids ids) {

    /** A source of identifiers that are never given twice. */
    @FunctionalInterface
    public interface Ids {
        /** Thirty-two lower-case hexadecimal digits. */
        String next();
    }
}
