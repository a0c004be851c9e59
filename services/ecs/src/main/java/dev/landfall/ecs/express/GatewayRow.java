package dev.landfall.ecs.express;

import java.util.List;

/**
 * An Application Load Balancer that the Express services of an account and region share.
 *
 * @param key account, region and name, {@code 000000000000/us-east-1/ecs-express-gateway-alb-0123abcd}
 * @param subnets those of the first service
 * @param securityGroups those that the load balancer was given
 * @param leaving whether it is being removed, so that no service may come any more
 */
public record GatewayRow(String key, List<String> subnets, List<String> securityGroups, Made balancer, Made listener,
        boolean leaving) {
    public GatewayRow {
        subnets = List.copyOf(subnets);
        securityGroups = List.copyOf(securityGroups);
    }

    /** Of the load balancer. */
    String name() {
        return key.substring(key.lastIndexOf('/') + 1);
    }

    GatewayRow withBalancer(Made next, List<String> groups) {
        return new GatewayRow(key, subnets, groups, next, listener, leaving);
    }

    GatewayRow withListener(Made next) {
        return new GatewayRow(key, subnets, securityGroups, balancer, next, leaving);
    }

    GatewayRow withLeave() {
        return new GatewayRow(key, subnets, securityGroups, balancer, listener, true);
    }
}
