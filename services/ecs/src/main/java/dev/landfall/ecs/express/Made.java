package dev.landfall.ecs.express;

import java.time.Instant;

/**
 * A resource of another service that was made for an Express service.
 *
 * @param arn empty as long as it is not there
 * @param at when it was seen first
 */
public record Made(String arn, Instant at) {
    static final Made NOT_YET = new Made("", Instant.EPOCH);

    boolean there() {
        return !arn.isEmpty();
    }

    /** The same if it is that one. */
    Made seen(String seenArn, Instant now) {
        return arn.equals(seenArn) ? this : new Made(seenArn, now);
    }
}
