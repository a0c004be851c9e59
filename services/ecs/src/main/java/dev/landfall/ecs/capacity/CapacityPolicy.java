package dev.landfall.ecs.capacity;

import java.time.Duration;
import java.util.Optional;

/**
 * What a user of Landfall may choose about capacity, and a user of AWS may not.
 *
 * @param spotWarning between the notice to a Spot container instance and its end
 * @param spotInterruptionsPerHour how often Spot capacity is interrupted on its own, on average; 0 for never
 * @param replaceLostTasksAfter how long an agent may be gone before its tasks count as lost; empty for ever, as in ECS
 */
public record CapacityPolicy(
        Duration spotWarning, double spotInterruptionsPerHour, Optional<Duration> replaceLostTasksAfter) {
    /** As on AWS: "a two-minute warning" (ECS Developer Guide, Fargate and Spot container instances). */
    public static final CapacityPolicy AS_AWS = new CapacityPolicy(Duration.ofMinutes(2), 0, Optional.empty());

    public CapacityPolicy {
        if (spotWarning.isNegative() || !(spotInterruptionsPerHour >= 0)
                || replaceLostTasksAfter.filter(Duration::isNegative).isPresent()) {
            throw new IllegalArgumentException("a duration or rate of the capacity policy is negative");
        }
    }
}
