package dev.landfall.sim.outside;

import dev.landfall.ecs.capacity.CapacityPolicy;
import java.util.Optional;

/**
 * What stands around the control plane.
 *
 * @param balancers where the targets and the traffic of {@code gateways} are
 * @param gateways the load balancers as the control plane sees them
 * @param events is told what happens; nobody where it is empty
 */
public record Outside(CapacityPolicy capacity, CloudWatch alarms, Balancers balancers, Gateways gateways,
        Certificates certificates, Optional<EventBridge> events) {}
