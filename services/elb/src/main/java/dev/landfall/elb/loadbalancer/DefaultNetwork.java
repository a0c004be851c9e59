package dev.landfall.elb.loadbalancer;

import dev.landfall.elb.Scope;

/**
 * The network that every subnet is taken to be in as long as there is no service that knows subnets: one VPC an account
 * and region, with ids that are always the same, and an Availability Zone for each of a load balancer's subnets.
 */
public final class DefaultNetwork {
    /** The zones of the largest region are fewer. */
    public static final int ZONES_MAX = 26;

    private DefaultNetwork() {}

    public static String vpcId(Scope scope) {
        return "vpc-0" + digits(scope);
    }

    public static String securityGroupId(Scope scope) {
        return "sg-0" + digits(scope);
    }

    /** The zone of the nth subnet, from 0: {@code us-east-1a}. */
    public static String zone(Scope scope, int n) {
        return scope.region() + (char) ('a' + n);
    }

    /** FNV-1a of account and region; only to tell them apart. */
    private static String digits(Scope scope) {
        long hash = 0xcbf29ce484222325L;
        for (char c : (scope.accountId() + '/' + scope.region()).toCharArray()) {
            hash = (hash ^ c) * 0x100000001b3L;
        }
        return "%016x".formatted(hash);
    }
}
