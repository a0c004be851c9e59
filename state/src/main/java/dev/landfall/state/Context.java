package dev.landfall.state;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * Everything a decision may know that is neither in the image nor in the request.
 *
 * @param now exact to the millisecond, as AWS's times are and rows keep them: what is read back after a restart is what
 *     was decided
 */
public record Context(Instant now, Ids ids) {
    public Context {
        now = now.truncatedTo(ChronoUnit.MILLIS);
    }

    /** A source of identifiers that are never given twice. */
    @FunctionalInterface
    public interface Ids {
        /** Thirty-two lower-case hexadecimal digits. */
        String next();
    }
}
