package dev.landfall.protocol.edge;

import java.util.List;

/**
 * What has changed since the snapshot before: whole load balancers and whole target groups, new or replaced, and those
 * that are gone.
 */
public record EdgeUpdate(
        long version,
        List<Balancer> balancers,
        List<String> removedBalancerArns,
        List<TargetGroup> targetGroups,
        List<String> removedTargetGroupArns) {

    public EdgeUpdate {
        balancers = Checks.list(balancers);
        removedBalancerArns = Checks.list(removedBalancerArns);
        targetGroups = Checks.list(targetGroups);
        removedTargetGroupArns = Checks.list(removedTargetGroupArns);
    }
}
