package dev.landfall.ecs.task;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * What a client token was used for, so that a repeated request gets the first one's tasks.
 *
 * @param key the scope, the cluster and the token
 * @param fingerprint tells another request under the same token
 */
public record TokenRow(String key, String fingerprint, List<String> taskArns, Instant usedAt) {
    /** How long ECS remembers a client token (ECS API Reference, Ensuring idempotency). */
    static final Duration LIFE = Duration.ofHours(24);
}
