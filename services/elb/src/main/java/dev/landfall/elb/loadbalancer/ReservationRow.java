package dev.landfall.elb.loadbalancer;

import java.time.Instant;
import java.util.List;

/**
 * Capacity that a load balancer has reserved.
 *
 * @param units 0 for none any more
 * @param decreases when it was made smaller, of the last day
 */
public record ReservationRow(String loadBalancerArn, int units, Instant modifiedAt, List<Instant> decreases) {
    public ReservationRow {
        decreases = List.copyOf(decreases);
    }
}
