package dev.landfall.ecs.task;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import software.amazon.awssdk.services.ecs.model.CapacityProviderStrategyItem;

/**
 * Distributes tasks over capacity providers: first the base, then by weight (ECS API Reference,
 * CapacityProviderStrategyItem). Reads nothing but its arguments.
 *
 * <p>How many tasks each provider should have follows from their number alone, so that every path to that number ends
 * with the same distribution, and one task more or less changes one provider's share by one. That is an apportionment
 * problem, and Balinski and Young's quota method solves it: the next task goes to the provider that is furthest behind
 * its weight, of those that would not have more than their exact share rounded up. With weights of 1 and 3 these are
 * B, B, A, B, and again; after every fourth task the shares are exact, and in between nobody is off by a whole task.
 */
public final class Strategy {
    private Strategy() {}

    /**
     * The provider of the next task: the one that lacks most of what it should have with one task more; of several the
     * first in the strategy.
     *
     * @param counts how many tasks each provider has already
     */
    public static String next(List<CapacityProviderStrategyItem> items, Map<String, Integer> counts) {
        int total = items.stream().mapToInt(item -> count(item, counts)).sum();
        Map<String, Integer> shares = shares(items, total + 1);
        String shortest = items.getFirst().capacityProvider();
        int most = 0;
        for (CapacityProviderStrategyItem item : items) {
            int lacking = shares.get(item.capacityProvider()) - count(item, counts);
            if (lacking > most) {
                most = lacking;
                shortest = item.capacityProvider();
            }
        }
        return shortest;
    }

    /** How many of {@code total} tasks each provider should have. */
    public static SortedMap<String, Integer> shares(List<CapacityProviderStrategyItem> items, int total) {
        var shares = new TreeMap<String, Integer>();
        int left = total;
        for (CapacityProviderStrategyItem item : items) {
            int base = Math.min(left, base(item));
            shares.put(item.capacityProvider(), base);
            left -= base;
        }
        var weighted = items.stream().filter(item -> weight(item) > 0).toList();
        if (weighted.isEmpty()) { // one provider without a weight gets everything; several are refused
            shares.merge(items.getFirst().capacityProvider(), left, Integer::sum);
            return shares;
        }
        int[] byWeight = byWeight(weighted, left);
        for (int i = 0; i < byWeight.length; i++) {
            shares.merge(weighted.get(i).capacityProvider(), byWeight[i], Integer::sum);
        }
        return shares;
    }

    /** Shares repeat once the sum of the weights is reached: what is left is less than that, and small. */
    private static int[] byWeight(List<CapacityProviderStrategyItem> items, int total) {
        int divisor = items.stream().mapToInt(Strategy::weight).reduce(0, Strategy::greatestCommonDivisor);
        var weights = new ArrayList<Integer>();
        items.forEach(item -> weights.add(weight(item) / divisor));
        int sum = weights.stream().mapToInt(Integer::intValue).sum();
        int rounds = total / sum;
        int[] shares = new int[weights.size()];
        for (int given = 0; given < total % sum; given++) {
            shares[furthestBehind(weights, shares, sum, given + 1)]++;
        }
        for (int i = 0; i < shares.length; i++) {
            shares[i] += rounds * weights.get(i);
        }
        return shares;
    }

    private static int furthestBehind(List<Integer> weights, int[] shares, int sum, int total) {
        int best = -1;
        for (int i = 0; i < shares.length; i++) {
            boolean withinQuota = shares[i] < Math.ceilDiv((long) weights.get(i) * total, (long) sum);
            boolean further = best < 0
                    || (long) weights.get(i) * (shares[best] + 1) > (long) weights.get(best) * (shares[i] + 1);
            if (withinQuota && further) {
                best = i;
            }
        }
        return best;
    }

    private static int greatestCommonDivisor(int a, int b) {
        return b == 0 ? a : greatestCommonDivisor(b, a % b);
    }

    private static int count(CapacityProviderStrategyItem item, Map<String, Integer> counts) {
        return counts.getOrDefault(item.capacityProvider(), 0);
    }

    private static int base(CapacityProviderStrategyItem item) {
        return item.base() == null ? 0 : item.base();
    }

    private static int weight(CapacityProviderStrategyItem item) {
        return item.weight() == null ? 0 : item.weight();
    }
}
