package dev.landfall.elb.classic;

import dev.landfall.elb.Scope;
import dev.landfall.state.Image;
import software.amazon.awssdk.services.elasticloadbalancing.model.DescribeLoadBalancerAttributesRequest;
import software.amazon.awssdk.services.elasticloadbalancing.model.DescribeLoadBalancerAttributesResponse;

/** Describes all attributes of a load balancer. */
final class DescribeLoadBalancerAttributes {
    private DescribeLoadBalancerAttributes() {}

    static DescribeLoadBalancerAttributesResponse read(
            Image image, DescribeLoadBalancerAttributesRequest request, Scope scope) {
        return DescribeLoadBalancerAttributesResponse.builder().loadBalancerAttributes(
                Classic.require(image, request.loadBalancerName(), scope).attributes()).build();
    }
}
