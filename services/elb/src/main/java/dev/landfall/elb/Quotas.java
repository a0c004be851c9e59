package dev.landfall.elb;

import software.amazon.awssdk.services.elasticloadbalancingv2.model.LoadBalancerTypeEnum;

/** AWS's default quotas (user guides of Application and Network Load Balancers, quotas). */
public final class Quotas {
    public static final int APPLICATION_LOAD_BALANCERS = 50;
    public static final int NETWORK_LOAD_BALANCERS = 50;
    public static final int GATEWAY_LOAD_BALANCERS = 100;
    public static final int TARGET_GROUPS = 3_000;
    public static final int LISTENERS_PER_LOAD_BALANCER = 50;
    /** Of one listener's load balancer, without default rules. */
    public static final int RULES_PER_APPLICATION_LOAD_BALANCER = 100;
    public static final int CERTIFICATES_PER_LOAD_BALANCER = 25;
    public static final int TARGETS_PER_TARGET_GROUP = 1_000;
    public static final int TARGETS_PER_APPLICATION_LOAD_BALANCER = 1_000;
    public static final int TARGETS_PER_NETWORK_LOAD_BALANCER = 3_000;
    public static final int TARGET_GROUPS_PER_APPLICATION_LOAD_BALANCER = 100;
    public static final int TARGET_GROUPS_PER_ACTION = 5;
    public static final int REGISTRATIONS_PER_TARGET = 100;
    public static final int ACTIONS_PER_RULE = 5;
    public static final int CONDITION_VALUES_PER_RULE = 5;
    public static final int CONDITION_WILDCARDS_PER_RULE = 6;
    public static final int TAGS_PER_RESOURCE = 50;

    private Quotas() {}

    public static int loadBalancers(LoadBalancerTypeEnum type) {
        return switch (type) {
            case APPLICATION -> APPLICATION_LOAD_BALANCERS;
            case NETWORK -> NETWORK_LOAD_BALANCERS;
            case GATEWAY -> GATEWAY_LOAD_BALANCERS;
            case UNKNOWN_TO_SDK_VERSION -> 0;
        };
    }

    /** How many targets may stand behind one load balancer. */
    public static int targets(LoadBalancerTypeEnum type) {
        return type == LoadBalancerTypeEnum.APPLICATION
                ? TARGETS_PER_APPLICATION_LOAD_BALANCER : TARGETS_PER_NETWORK_LOAD_BALANCER;
    }
}
