package dev.landfall.elb.loadbalancer;

import dev.landfall.elb.ElbErrors;
import dev.landfall.elb.ElbTables;
import dev.landfall.elb.Scope;
import dev.landfall.state.Context;
import dev.landfall.state.Decision;
import dev.landfall.state.Image;
import dev.landfall.state.Write;
import java.util.ArrayList;
import java.util.Optional;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.LoadBalancer;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.LoadBalancerTypeEnum;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.ModifyCapacityReservationRequest;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.ModifyCapacityReservationResponse;

/** Reserves capacity for a load balancer, or gives it back. */
public final class ModifyCapacityReservation {
    private ModifyCapacityReservation() {}

    public static Decision<ModifyCapacityReservationResponse> decide(
            Image image, ModifyCapacityReservationRequest request, Scope scope, Context context) {
        LoadBalancerRow row = LoadBalancers.require(image, request.loadBalancerArn(), scope);
        Optional<ReservationRow> before = CapacityReservations.find(image, row);
        int units = units(request, row.loadBalancer());
        var decreases = new ArrayList<>(CapacityReservations.recentDecreases(before, context.now()));
        if (units < before.map(ReservationRow::units).orElse(0)) {
            if (CapacityReservations.decreasesLeft(before, context.now()) == 0) {
                throw ElbErrors.capacityDecreasesExceeded();
            }
            decreases.add(context.now());
        }
        var after = new ReservationRow(row.arn(), units, context.now(), decreases);
        var reply = ModifyCapacityReservationResponse.builder()
                .lastModifiedTime(context.now())
                .decreaseRequestsRemaining(CapacityReservations.decreasesLeft(Optional.of(after), context.now()))
                .capacityReservationState(CapacityReservations.zones(row.loadBalancer(), after));
        if (units > 0) {
            reply.minimumLoadBalancerCapacity(capacity -> capacity.capacityUnits(units));
        }
        return Decision.of(reply.build(), Write.put(ElbTables.RESERVATIONS, after));
    }

    /** 0 to reserve nothing. */
    private static int units(ModifyCapacityReservationRequest request, LoadBalancer balancer) {
        boolean reset = Boolean.TRUE.equals(request.resetCapacityReservation());
        Integer units = request.minimumLoadBalancerCapacity() == null ? null
                : request.minimumLoadBalancerCapacity().capacityUnits();
        if (reset == (units != null)) {
            throw ElbErrors.validation(
                    "You must specify either the minimum capacity or a reset of the capacity reservation");
        }
        if (reset) {
            return 0;
        }
        if (balancer.type() == LoadBalancerTypeEnum.GATEWAY) {
            throw ElbErrors.operationNotPermitted("This operation is not allowed.");
        }
        if (units < CapacityReservations.least(balancer)) {
            throw ElbErrors.invalidConfiguration("The minimum number of capacity units is '"
                    + CapacityReservations.least(balancer) + "'");
        }
        if (units > CapacityReservations.most(balancer)) {
            throw ElbErrors.capacityUnitsLimitExceeded();
        }
        return units;
    }
}
