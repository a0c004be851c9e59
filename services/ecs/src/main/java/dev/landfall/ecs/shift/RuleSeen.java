package dev.landfall.ecs.shift;

import java.util.SortedMap;

/**
 * Where a listener rule, or the listener of a Network Load Balancer, was seen to send its traffic.
 *
 * @param weights of its target groups, by their ARNs
 */
record RuleSeen(String arn, SortedMap<String, Integer> weights) {
    /** Whether the target group may get traffic from it, were its weight another. */
    boolean names(String groupArn) {
        return weights.containsKey(groupArn);
    }

    int total() {
        return weights.values().stream().mapToInt(Integer::intValue).sum();
    }

    /** How much of the traffic the target group gets, in percent. */
    double percent(String groupArn) {
        int total = total();
        return total == 0 ? 0 : Steps.ALL * weights.getOrDefault(groupArn, 0) / total;
    }
}
