package dev.landfall.sim.outside;

import dev.landfall.ecs.capacity.CapacityPolicy;
import java.util.Optional;

/**
 * What stands around the control plane.
 *
 * @param events is told what happens; nobody where it is empty
 */
public record Outside(CapacityPolicy capacity, CloudWatch alarms, Balancers balancers,
        Optional<EventBridge> events) {}
