package dev.landfall.elb.loadbalancer;

import dev.landfall.elb.ElbTables;
import dev.landfall.state.Image;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.CapacityReservationStateEnum;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.LoadBalancer;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.LoadBalancerTypeEnum;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.ZonalCapacityReservationState;

/**
 * Reserved capacity, which is stored and shown: the data plane has all of its machine in any case. The limits are those
 * of the user guides (Capacity reservations).
 */
final class CapacityReservations {
    private static final int DECREASES_PER_DAY = 2;
    private static final Duration DAY = Duration.ofDays(1);
    private static final int APPLICATION_UNITS_MIN = 100;
    private static final int APPLICATION_UNITS_MAX = 1_500;
    private static final int NETWORK_UNITS_MIN = 2_750;
    private static final int NETWORK_UNITS_MAX = 45_000;

    private CapacityReservations() {}

    static Optional<ReservationRow> find(Image image, LoadBalancerRow row) {
        return image.get(ElbTables.RESERVATIONS, row.arn());
    }

    /** Of one Availability Zone for an NLB, of all for an ALB. */
    static int least(LoadBalancer balancer) {
        return balancer.type() == LoadBalancerTypeEnum.APPLICATION ? APPLICATION_UNITS_MIN
                : NETWORK_UNITS_MIN * balancer.availabilityZones().size();
    }

    static int most(LoadBalancer balancer) {
        return balancer.type() == LoadBalancerTypeEnum.APPLICATION ? APPLICATION_UNITS_MAX
                : NETWORK_UNITS_MAX * balancer.availabilityZones().size();
    }

    /** When it was made smaller during the last day. */
    static List<Instant> recentDecreases(Optional<ReservationRow> reservation, Instant now) {
        return reservation.map(ReservationRow::decreases).orElse(List.of()).stream()
                .filter(time -> time.isAfter(now.minus(DAY))).toList();
    }

    static int decreasesLeft(Optional<ReservationRow> reservation, Instant now) {
        return Math.max(0, DECREASES_PER_DAY - recentDecreases(reservation, now).size());
    }

    static List<ZonalCapacityReservationState> zones(LoadBalancer balancer, ReservationRow reservation) {
        if (reservation.units() == 0) {
            return List.of();
        }
        double each = (double) reservation.units() / balancer.availabilityZones().size();
        return balancer.availabilityZones().stream()
                .map(zone -> ZonalCapacityReservationState.builder().availabilityZone(zone.zoneName())
                        .effectiveCapacityUnits(each)
                        .state(state -> state.code(CapacityReservationStateEnum.PROVISIONED)).build())
                .toList();
    }
}
