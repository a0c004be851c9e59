package dev.landfall.elb.loadbalancer;

import dev.landfall.elb.ElbErrors;
import dev.landfall.elb.ElbTables;
import dev.landfall.elb.Scope;
import dev.landfall.state.Decision;
import dev.landfall.state.Image;
import dev.landfall.state.Write;
import java.util.List;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.LoadBalancerTypeEnum;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.SetSecurityGroupsRequest;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.SetSecurityGroupsResponse;

/** Gives a load balancer other security groups, which are stored: nothing filters its traffic. */
public final class SetSecurityGroups {
    private SetSecurityGroups() {}

    public static Decision<SetSecurityGroupsResponse> decide(
            Image image, SetSecurityGroupsRequest request, Scope scope) {
        LoadBalancerRow row = LoadBalancers.require(image, request.loadBalancerArn(), scope);
        boolean network = row.loadBalancer().type() == LoadBalancerTypeEnum.NETWORK;
        if (network && row.loadBalancer().securityGroups().isEmpty() && !request.securityGroups().isEmpty()) {
            throw ElbErrors.invalidConfiguration("You cannot add security groups to a Network Load Balancer that was "
                    + "created without security groups");
        }
        if (request.securityGroups().isEmpty()) {
            throw ElbErrors.validation("At least one security group must be specified");
        }
        if (request.enforceSecurityGroupInboundRulesOnPrivateLinkTraffic() != null && !network) {
            throw ElbErrors.invalidConfiguration("'EnforceSecurityGroupInboundRulesOnPrivateLinkTraffic' is supported "
                    + "only for load balancers with type 'network'");
        }
        List<String> groups = Subnets.securityGroups(scope, row.loadBalancer().type(), request.securityGroups());
        var balancer = row.loadBalancer().toBuilder().securityGroups(groups);
        var reply = SetSecurityGroupsResponse.builder().securityGroupIds(groups);
        String enforce = request.enforceSecurityGroupInboundRulesOnPrivateLinkTrafficAsString();
        if (enforce != null) {
            balancer.enforceSecurityGroupInboundRulesOnPrivateLinkTraffic(enforce);
            reply.enforceSecurityGroupInboundRulesOnPrivateLinkTraffic(enforce);
        }
        return Decision.of(reply.build(), Write.put(ElbTables.LOAD_BALANCERS, row.with(balancer.build())));
    }
}
