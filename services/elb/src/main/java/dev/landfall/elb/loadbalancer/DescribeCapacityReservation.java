package dev.landfall.elb.loadbalancer;

import dev.landfall.elb.Scope;
import dev.landfall.state.Image;
import java.time.Instant;
import java.util.Optional;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.DescribeCapacityReservationRequest;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.DescribeCapacityReservationResponse;

/** Describes the capacity that a load balancer has reserved. */
public final class DescribeCapacityReservation {
    private DescribeCapacityReservation() {}

    public static DescribeCapacityReservationResponse read(
            Image image, DescribeCapacityReservationRequest request, Scope scope, Instant now) {
        LoadBalancerRow row = LoadBalancers.require(image, request.loadBalancerArn(), scope);
        Optional<ReservationRow> reservation = CapacityReservations.find(image, row);
        var reply = DescribeCapacityReservationResponse.builder()
                .decreaseRequestsRemaining(CapacityReservations.decreasesLeft(reservation, now));
        reservation.ifPresent(found -> {
            reply.lastModifiedTime(found.modifiedAt())
                    .capacityReservationState(CapacityReservations.zones(row.loadBalancer(), found));
            if (found.units() > 0) {
                reply.minimumLoadBalancerCapacity(capacity -> capacity.capacityUnits(found.units()));
            }
        });
        return reply.build();
    }
}
