package dev.landfall.elb.attribute;

import dev.landfall.elb.Scope;
import dev.landfall.elb.loadbalancer.LoadBalancers;
import dev.landfall.state.Image;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.DescribeLoadBalancerAttributesRequest;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.DescribeLoadBalancerAttributesResponse;

/** Describes the attributes of a load balancer, set or not. */
public final class DescribeLoadBalancerAttributes {
    private DescribeLoadBalancerAttributes() {}

    public static DescribeLoadBalancerAttributesResponse read(
            Image image, DescribeLoadBalancerAttributesRequest request, Scope scope) {
        return DescribeLoadBalancerAttributesResponse.builder()
                .attributes(LoadBalancerAttributes.shown(LoadBalancers.require(image, request.loadBalancerArn(),
                        scope)))
                .build();
    }
}
