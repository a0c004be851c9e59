package dev.landfall.elb.account;

import dev.landfall.elb.Page;
import dev.landfall.elb.Quotas;
import java.util.List;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.DescribeAccountLimitsRequest;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.DescribeAccountLimitsResponse;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.Limit;

/** Describes the quotas that hold here, under AWS's names (API reference, Limit). */
public final class DescribeAccountLimits {
    private static final List<Limit> LIMITS = List.of(
            limit("application-load-balancers", Quotas.APPLICATION_LOAD_BALANCERS),
            limit("certificates-per-application-load-balancer", Quotas.CERTIFICATES_PER_LOAD_BALANCER),
            limit("certificates-per-network-load-balancer", Quotas.CERTIFICATES_PER_LOAD_BALANCER),
            limit("condition-values-per-alb-rule", Quotas.CONDITION_VALUES_PER_RULE),
            limit("condition-wildcards-per-alb-rule", Quotas.CONDITION_WILDCARDS_PER_RULE),
            limit("gateway-load-balancers", Quotas.GATEWAY_LOAD_BALANCERS),
            limit("listeners-per-application-load-balancer", Quotas.LISTENERS_PER_LOAD_BALANCER),
            limit("listeners-per-network-load-balancer", Quotas.LISTENERS_PER_LOAD_BALANCER),
            limit("network-load-balancers", Quotas.NETWORK_LOAD_BALANCERS),
            limit("rules-per-application-load-balancer", Quotas.RULES_PER_APPLICATION_LOAD_BALANCER),
            limit("target-groups", Quotas.TARGET_GROUPS),
            limit("target-groups-per-action-on-application-load-balancer", Quotas.TARGET_GROUPS_PER_ACTION),
            limit("target-groups-per-action-on-network-load-balancer", Quotas.TARGET_GROUPS_PER_ACTION),
            limit("target-groups-per-application-load-balancer",
                    Quotas.TARGET_GROUPS_PER_APPLICATION_LOAD_BALANCER),
            limit("target-id-registrations-per-application-load-balancer", Quotas.REGISTRATIONS_PER_TARGET),
            limit("targets-per-application-load-balancer", Quotas.TARGETS_PER_APPLICATION_LOAD_BALANCER),
            limit("targets-per-network-load-balancer", Quotas.TARGETS_PER_NETWORK_LOAD_BALANCER));

    private DescribeAccountLimits() {}

    private static Limit limit(String name, int max) {
        return Limit.builder().name(name).max(Integer.toString(max)).build();
    }

    public static DescribeAccountLimitsResponse read(DescribeAccountLimitsRequest request) {
        Page<Limit> page =
                Page.of("DescribeAccountLimits", LIMITS, Limit::name, request.marker(), request.pageSize());
        return DescribeAccountLimitsResponse.builder().limits(page.items())
                .nextMarker(page.nextMarker().orElse(null)).build();
    }
}
