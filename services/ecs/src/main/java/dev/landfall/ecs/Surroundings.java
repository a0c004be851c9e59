package dev.landfall.ecs;

import dev.landfall.ecs.capacity.CapacityPolicy;
import dev.landfall.ecs.deployment.NoAlarms;
import java.util.Optional;
import software.amazon.awssdk.services.cloudwatch.CloudWatchClient;
import software.amazon.awssdk.services.eventbridge.EventBridgeClient;

/**
 * What ECS is handed beside its own state.
 *
 * @param alarms knows the alarms that fail deployments
 * @param events is told of everything that changes; nobody where it is empty
 * @param capacity what happens to capacity that is taken back or lost
 */
public record Surroundings(CloudWatchClient alarms, Optional<EventBridgeClient> events, CapacityPolicy capacity) {
    /** No alarms, nobody to tell, and capacity as in AWS. */
    public static final Surroundings NONE = new Surroundings(new NoAlarms(), Optional.empty(), CapacityPolicy.AS_AWS);

    public Surroundings with(CloudWatchClient nextAlarms) {
        return new Surroundings(nextAlarms, events, capacity);
    }

    public Surroundings with(EventBridgeClient nextEvents) {
        return new Surroundings(alarms, Optional.of(nextEvents), capacity);
    }

    public Surroundings with(CapacityPolicy nextCapacity) {
        return new Surroundings(alarms, events, nextCapacity);
    }
}
