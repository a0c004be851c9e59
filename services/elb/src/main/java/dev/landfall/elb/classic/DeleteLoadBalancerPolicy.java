package dev.landfall.elb.classic;

import dev.landfall.elb.Scope;
import dev.landfall.state.Decision;
import dev.landfall.state.Image;
import software.amazon.awssdk.services.elasticloadbalancing.model.DeleteLoadBalancerPolicyRequest;
import software.amazon.awssdk.services.elasticloadbalancing.model.DeleteLoadBalancerPolicyResponse;
import software.amazon.awssdk.services.elasticloadbalancing.model.Policies;

/** Deletes a policy that no listener has; one that is not there is no mistake. */
final class DeleteLoadBalancerPolicy {
    private DeleteLoadBalancerPolicy() {}

    static Decision<DeleteLoadBalancerPolicyResponse> decide(
            Image image, DeleteLoadBalancerPolicyRequest request, Scope scope) {
        ClassicRow row = Classic.require(image, request.loadBalancerName(), scope);
        String name = request.policyName();
        if (row.description().listenerDescriptions().stream().anyMatch(each -> each.policyNames().contains(name))) {
            throw ClassicErrors.invalidConfiguration("You cannot delete policy " + name
                    + " while it is associated with a listener");
        }
        Policies policies = row.description().policies();
        return Decision.of(DeleteLoadBalancerPolicyResponse.builder().build(),
                Classic.put(StickinessPolicies.with(row, policies.toBuilder()
                        .appCookieStickinessPolicies(policies.appCookieStickinessPolicies().stream()
                                .filter(each -> !each.policyName().equals(name)).toList())
                        .lbCookieStickinessPolicies(policies.lbCookieStickinessPolicies().stream()
                                .filter(each -> !each.policyName().equals(name)).toList())
                        .otherPolicies(policies.otherPolicies().stream().filter(each -> !each.equals(name)).toList())
                        .build())));
    }
}
