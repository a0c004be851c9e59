package dev.landfall.ecs.express;

import java.time.Instant;

/**
 * One of the two target groups of an Express service.
 *
 * @param arn empty as long as it is not there
 * @param probe how its targets were last seen to be asked for their health
 * @param at when it came to be like that
 */
public record Group(String arn, Probe probe, Instant at) {
    boolean there() {
        return !arn.isEmpty();
    }

    /** The same if it is that one, with that health check. */
    Group seen(String seenArn, Probe seenProbe, Instant now) {
        return arn.equals(seenArn) && probe.equals(seenProbe) ? this : new Group(seenArn, seenProbe, now);
    }
}
