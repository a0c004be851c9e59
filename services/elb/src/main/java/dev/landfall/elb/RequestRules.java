package dev.landfall.elb;

import software.amazon.awssdk.services.elasticloadbalancingv2.model.ElasticLoadBalancingV2Request;

/** The rules of this service's model; see {@link dev.landfall.wire.rules.RequestRules}. */
final class RequestRules {
    private static final dev.landfall.wire.rules.RequestRules RULES =
            new dev.landfall.wire.rules.RequestRules(Elb.class, ElbErrors::validation);

    private RequestRules() {}

    /** The request, if it keeps the rules. */
    static <R extends ElasticLoadBalancingV2Request> R checked(R request) {
        return RULES.checked(request);
    }
}
