package dev.landfall.ecs.task;

import dev.landfall.ecs.EcsTables;
import dev.landfall.state.Image;
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

    /** How long after the last of its tasks has stopped (as above: the lesser of the two counts). */
    private static final Duration STOPPED_LIFE = Duration.ofHours(1);

    boolean holds(Image image, Instant now) {
        return usedAt.plus(LIFE).isAfter(now) && taskArns.stream()
                .flatMap(arn -> image.get(EcsTables.TASKS, arn).stream())
                .anyMatch(row -> !row.stopped() || row.task().stoppedAt().plus(STOPPED_LIFE).isAfter(now));
    }
}
