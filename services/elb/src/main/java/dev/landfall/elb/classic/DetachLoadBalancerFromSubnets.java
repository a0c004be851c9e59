package dev.landfall.elb.classic;

import dev.landfall.elb.Scope;
import dev.landfall.state.Decision;
import dev.landfall.state.Image;
import java.util.List;
import software.amazon.awssdk.services.elasticloadbalancing.model.DetachLoadBalancerFromSubnetsRequest;
import software.amazon.awssdk.services.elasticloadbalancing.model.DetachLoadBalancerFromSubnetsResponse;

/** Takes subnets from a load balancer, which keeps at least one. */
final class DetachLoadBalancerFromSubnets {
    private DetachLoadBalancerFromSubnets() {}

    static Decision<DetachLoadBalancerFromSubnetsResponse> decide(
            Image image, DetachLoadBalancerFromSubnetsRequest request, Scope scope) {
        ClassicRow row = Classic.require(image, request.loadBalancerName(), scope);
        List<String> subnets = row.description().subnets().stream()
                .filter(each -> !request.subnets().contains(each)).toList();
        if (subnets.isEmpty()) {
            throw ClassicErrors.invalidConfiguration("A load balancer must be attached to at least one subnet");
        }
        return Decision.of(DetachLoadBalancerFromSubnetsResponse.builder().subnets(subnets).build(),
                Classic.put(row.with(row.description().toBuilder().subnets(subnets)
                        .availabilityZones(CreateLoadBalancer.zones(scope, subnets)).build())));
    }
}
