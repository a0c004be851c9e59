package dev.landfall.elb.loadbalancer;

import dev.landfall.elb.ElbTables;
import dev.landfall.elb.Scope;
import dev.landfall.state.Decision;
import dev.landfall.state.Image;
import dev.landfall.state.Write;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.SetIpAddressTypeRequest;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.SetIpAddressTypeResponse;

/** Stores the kind of addresses that a load balancer is to have; here it has the one of its machine. */
public final class SetIpAddressType {
    private SetIpAddressType() {}

    public static Decision<SetIpAddressTypeResponse> decide(
            Image image, SetIpAddressTypeRequest request, Scope scope) {
        LoadBalancerRow row = LoadBalancers.require(image, request.loadBalancerArn(), scope);
        CreateLoadBalancer.requireIpAddressType(row.loadBalancer().type(), request.ipAddressType());
        CreateLoadBalancer.sourceNat(row.loadBalancer().enablePrefixForIpv6SourceNat(), request.ipAddressType());
        return Decision.of(SetIpAddressTypeResponse.builder().ipAddressType(request.ipAddressType()).build(),
                Write.put(ElbTables.LOAD_BALANCERS, row.with(
                        row.loadBalancer().toBuilder().ipAddressType(request.ipAddressType()).build())));
    }
}
