package dev.landfall.elb.certificate;

import dev.landfall.elb.Page;
import java.util.List;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.DescribeSslPoliciesRequest;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.DescribeSslPoliciesResponse;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.LoadBalancerTypeEnum;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.SslPolicy;

/** Describes AWS's security policies, or those that are named. */
public final class DescribeSslPolicies {
    private DescribeSslPolicies() {}

    public static DescribeSslPoliciesResponse read(DescribeSslPoliciesRequest request) {
        request.names().forEach(SslPolicies::require);
        List<SslPolicy> all = SslPolicies.list();
        List<SslPolicy> asked = all.stream()
                .filter(policy -> request.names().isEmpty() || request.names().contains(policy.name()))
                .filter(policy -> request.loadBalancerType() != LoadBalancerTypeEnum.GATEWAY).toList();
        Page<SslPolicy> page = Page.of("DescribeSSLPolicies", asked,
                policy -> "%03d".formatted(all.indexOf(policy)), request.marker(), request.pageSize());
        return DescribeSslPoliciesResponse.builder().sslPolicies(page.items())
                .nextMarker(page.nextMarker().orElse(null)).build();
    }
}
