package dev.landfall.elb.classic;

import dev.landfall.elb.Scope;
import dev.landfall.state.Image;
import java.util.List;
import java.util.stream.Stream;
import software.amazon.awssdk.services.elasticloadbalancing.model.DescribeLoadBalancerPoliciesRequest;
import software.amazon.awssdk.services.elasticloadbalancing.model.DescribeLoadBalancerPoliciesResponse;
import software.amazon.awssdk.services.elasticloadbalancing.model.Policies;
import software.amazon.awssdk.services.elasticloadbalancing.model.PolicyAttributeDescription;
import software.amazon.awssdk.services.elasticloadbalancing.model.PolicyDescription;

/** Describes the policies of a load balancer: those that are named, or all. */
final class DescribeLoadBalancerPolicies {
    private DescribeLoadBalancerPolicies() {}

    static DescribeLoadBalancerPoliciesResponse read(
            Image image, DescribeLoadBalancerPoliciesRequest request, Scope scope) {
        if (request.loadBalancerName() == null) {
            // AWS's samples are policies of types that cannot be made here.
            request.policyNames().stream().findFirst().ifPresent(name -> {
                throw ClassicErrors.policyNotFound(name, "samples");
            });
            return DescribeLoadBalancerPoliciesResponse.builder().policyDescriptions(List.of()).build();
        }
        ClassicRow row = Classic.require(image, request.loadBalancerName(), scope);
        List<PolicyDescription> all = described(row.description().policies());
        for (String name : request.policyNames()) {
            if (all.stream().noneMatch(each -> each.policyName().equals(name))) {
                throw ClassicErrors.policyNotFound(name, row.name());
            }
        }
        return DescribeLoadBalancerPoliciesResponse.builder().policyDescriptions(all.stream()
                .filter(each -> request.policyNames().isEmpty() || request.policyNames().contains(each.policyName()))
                .toList()).build();
    }

    private static List<PolicyDescription> described(Policies policies) {
        return Stream.of(
                policies.appCookieStickinessPolicies().stream().map(each -> policy(each.policyName(),
                        "AppCookieStickinessPolicyType", "CookieName", each.cookieName())),
                policies.lbCookieStickinessPolicies().stream().map(each -> policy(each.policyName(),
                        "LBCookieStickinessPolicyType", "CookieExpirationPeriod",
                        each.cookieExpirationPeriod() == null ? "" : each.cookieExpirationPeriod().toString())),
                policies.otherPolicies().stream().map(name -> policy(name, "SSLNegotiationPolicyType",
                        "Reference-Security-Policy", name))).flatMap(each -> each).toList();
    }

    private static PolicyDescription policy(String name, String type, String attribute, String value) {
        return PolicyDescription.builder().policyName(name).policyTypeName(type)
                .policyAttributeDescriptions(PolicyAttributeDescription.builder().attributeName(attribute)
                        .attributeValue(value).build()).build();
    }
}
