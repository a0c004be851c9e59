package dev.landfall.ecs.protection;

import java.time.Instant;

/**
 * That a task of a service is not to be stopped by scale-in or a deployment.
 *
 * @param until from this moment on it counts no more
 */
public record ProtectionRow(String taskArn, String serviceArn, Instant until) {
    public boolean holds(Instant now) {
        return until.isAfter(now);
    }
}
