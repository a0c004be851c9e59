package dev.landfall.elb.classic;

import dev.landfall.elb.Scope;
import dev.landfall.state.Decision;
import dev.landfall.state.Image;
import java.util.List;
import software.amazon.awssdk.services.elasticloadbalancing.model.ApplySecurityGroupsToLoadBalancerRequest;
import software.amazon.awssdk.services.elasticloadbalancing.model.ApplySecurityGroupsToLoadBalancerResponse;

/** Says which security groups a load balancer has, in the place of those that it had. */
final class ApplySecurityGroupsToLoadBalancer {
    private ApplySecurityGroupsToLoadBalancer() {}

    static Decision<ApplySecurityGroupsToLoadBalancerResponse> decide(
            Image image, ApplySecurityGroupsToLoadBalancerRequest request, Scope scope) {
        ClassicRow row = Classic.require(image, request.loadBalancerName(), scope);
        List<String> groups = Classic.securityGroups(request.securityGroups());
        if (groups.isEmpty()) {
            throw ClassicErrors.invalidConfiguration("At least one security group must be specified");
        }
        return Decision.of(ApplySecurityGroupsToLoadBalancerResponse.builder().securityGroups(groups).build(),
                Classic.put(row.with(row.description().toBuilder().securityGroups(groups).build())));
    }
}
