package dev.landfall.elb.attribute;

import dev.landfall.elb.ElbTables;
import dev.landfall.elb.Scope;
import dev.landfall.elb.loadbalancer.LoadBalancerRow;
import dev.landfall.elb.loadbalancer.LoadBalancers;
import dev.landfall.state.Decision;
import dev.landfall.state.Image;
import dev.landfall.state.Write;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.ModifyLoadBalancerAttributesRequest;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.ModifyLoadBalancerAttributesResponse;

/** Sets attributes of a load balancer. */
public final class ModifyLoadBalancerAttributes {
    private ModifyLoadBalancerAttributes() {}

    public static Decision<ModifyLoadBalancerAttributesResponse> decide(
            Image image, ModifyLoadBalancerAttributesRequest request, Scope scope) {
        LoadBalancerRow row = LoadBalancers.require(image, request.loadBalancerArn(), scope);
        LoadBalancerRow next = row.with(LoadBalancerAttributes.with(row, request.attributes()));
        return Decision.of(
                ModifyLoadBalancerAttributesResponse.builder().attributes(LoadBalancerAttributes.shown(next)).build(),
                Write.put(ElbTables.LOAD_BALANCERS, next));
    }
}
