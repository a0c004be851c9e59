package dev.landfall.elb.classic;

import dev.landfall.elb.Scope;
import dev.landfall.state.Decision;
import dev.landfall.state.Image;
import java.util.List;
import java.util.stream.Stream;
import software.amazon.awssdk.services.elasticloadbalancing.model.AttachLoadBalancerToSubnetsRequest;
import software.amazon.awssdk.services.elasticloadbalancing.model.AttachLoadBalancerToSubnetsResponse;

/** Adds subnets to a load balancer; each stands in a zone of its own. */
final class AttachLoadBalancerToSubnets {
    private AttachLoadBalancerToSubnets() {}

    static Decision<AttachLoadBalancerToSubnetsResponse> decide(
            Image image, AttachLoadBalancerToSubnetsRequest request, Scope scope) {
        ClassicRow row = Classic.require(image, request.loadBalancerName(), scope);
        List<String> subnets = Stream.concat(row.description().subnets().stream(),
                Classic.subnets(request.subnets()).stream()).distinct().toList();
        return Decision.of(AttachLoadBalancerToSubnetsResponse.builder().subnets(subnets).build(),
                Classic.put(row.with(row.description().toBuilder().subnets(subnets)
                        .availabilityZones(CreateLoadBalancer.zones(scope, subnets)).build())));
    }
}
