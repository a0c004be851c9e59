package dev.landfall.elb.loadbalancer;

import dev.landfall.elb.ElbErrors;
import dev.landfall.elb.ElbTables;
import dev.landfall.elb.Scope;
import dev.landfall.state.Decision;
import dev.landfall.state.Image;
import dev.landfall.state.Write;
import java.util.List;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.AvailabilityZone;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.LoadBalancer;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.LoadBalancerTypeEnum;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.SetSubnetsRequest;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.SetSubnetsResponse;

/** Moves a load balancer to other subnets, which are stored: on one machine there is one network. */
public final class SetSubnets {
    private SetSubnets() {}

    public static Decision<SetSubnetsResponse> decide(Image image, SetSubnetsRequest request, Scope scope) {
        LoadBalancerRow row = LoadBalancers.require(image, request.loadBalancerArn(), scope);
        LoadBalancer balancer = row.loadBalancer();
        List<AvailabilityZone> zones =
                Subnets.zones(scope, balancer.type(), request.subnets(), request.subnetMappings());
        if (request.ipAddressType() != null) {
            CreateLoadBalancer.requireIpAddressType(balancer.type(), request.ipAddressType());
        }
        var ipAddressType = request.ipAddressType() == null ? balancer.ipAddressType() : request.ipAddressType();
        var next = balancer.toBuilder().availabilityZones(zones).ipAddressType(ipAddressType);
        var reply = SetSubnetsResponse.builder().availabilityZones(zones).ipAddressType(ipAddressType);
        if (balancer.type() == LoadBalancerTypeEnum.NETWORK) {
            var sourceNat = CreateLoadBalancer.sourceNat(request.enablePrefixForIpv6SourceNat() == null
                    ? balancer.enablePrefixForIpv6SourceNat() : request.enablePrefixForIpv6SourceNat(), ipAddressType);
            next.enablePrefixForIpv6SourceNat(sourceNat);
            reply.enablePrefixForIpv6SourceNat(sourceNat);
        } else if (request.enablePrefixForIpv6SourceNat() != null) {
            throw ElbErrors.invalidConfiguration("'EnablePrefixForIpv6SourceNat' can only be specified for "
                    + "LoadBalancer type 'network'.");
        }
        return Decision.of(reply.build(), Write.put(ElbTables.LOAD_BALANCERS, row.with(next.build())));
    }
}
