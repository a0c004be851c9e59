package dev.landfall.ecs.shift;

import java.time.Instant;

/**
 * What holds back the start of tasks that fail again and again.
 *
 * @param failedStarts rounds that failed, since the last that did not
 * @param notBefore no task is started before this moment; the epoch when nothing holds it back
 */
public record Throttle(int failedStarts, Instant notBefore) {
    public static final Throttle NONE = new Throttle(0, Instant.EPOCH);
}
