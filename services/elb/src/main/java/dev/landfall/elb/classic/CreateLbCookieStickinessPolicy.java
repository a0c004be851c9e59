package dev.landfall.elb.classic;

import dev.landfall.elb.Scope;
import dev.landfall.state.Decision;
import dev.landfall.state.Image;
import java.util.List;
import java.util.stream.Stream;
import software.amazon.awssdk.services.elasticloadbalancing.model.CreateLbCookieStickinessPolicyRequest;
import software.amazon.awssdk.services.elasticloadbalancing.model.CreateLbCookieStickinessPolicyResponse;
import software.amazon.awssdk.services.elasticloadbalancing.model.LBCookieStickinessPolicy;
import software.amazon.awssdk.services.elasticloadbalancing.model.Policies;

/** Makes a policy by which the load balancer sets a cookie of its own. */
final class CreateLbCookieStickinessPolicy {
    private CreateLbCookieStickinessPolicy() {}

    static Decision<CreateLbCookieStickinessPolicyResponse> decide(
            Image image, CreateLbCookieStickinessPolicyRequest request, Scope scope) {
        ClassicRow row = Classic.require(image, request.loadBalancerName(), scope);
        StickinessPolicies.requireNew(row, request.policyName());
        if (request.cookieExpirationPeriod() != null && request.cookieExpirationPeriod() < 1) {
            throw ClassicErrors.invalidConfiguration("CookieExpirationPeriod must be a positive number");
        }
        Policies policies = row.description().policies();
        List<LBCookieStickinessPolicy> next = Stream.concat(policies.lbCookieStickinessPolicies().stream(),
                Stream.of(LBCookieStickinessPolicy.builder().policyName(request.policyName())
                        .cookieExpirationPeriod(request.cookieExpirationPeriod()).build())).toList();
        return Decision.of(CreateLbCookieStickinessPolicyResponse.builder().build(), Classic.put(
                StickinessPolicies.with(row, policies.toBuilder().lbCookieStickinessPolicies(next).build())));
    }
}
