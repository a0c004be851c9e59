package dev.landfall.elb.classic;

import dev.landfall.elb.Scope;
import dev.landfall.state.Decision;
import dev.landfall.state.Image;
import software.amazon.awssdk.services.elasticloadbalancing.model.LoadBalancerAttributes;
import software.amazon.awssdk.services.elasticloadbalancing.model.ModifyLoadBalancerAttributesRequest;
import software.amazon.awssdk.services.elasticloadbalancing.model.ModifyLoadBalancerAttributesResponse;

/** Changes the attributes that are given. */
final class ModifyLoadBalancerAttributes {
    private ModifyLoadBalancerAttributes() {}

    static Decision<ModifyLoadBalancerAttributesResponse> decide(
            Image image, ModifyLoadBalancerAttributesRequest request, Scope scope) {
        ClassicRow row = Classic.require(image, request.loadBalancerName(), scope);
        LoadBalancerAttributes next = Attributes.with(row.attributes(), request.loadBalancerAttributes());
        return Decision.of(ModifyLoadBalancerAttributesResponse.builder().loadBalancerName(row.name())
                .loadBalancerAttributes(next).build(), Classic.put(row.with(next)));
    }
}
