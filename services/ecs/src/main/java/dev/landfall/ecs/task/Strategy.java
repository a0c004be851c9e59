package dev.landfall.ecs.task;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.services.ecs.model.CapacityProviderStrategyItem;

/** Distributes tasks over capacity providers: each provider's base first, then by weight. */
public final class Strategy {
    private Strategy() {}

    /**
     * The provider of the next task: the first whose base is not met; else the one that is furthest behind its weight.
     *
     * @param counts how many tasks each provider runs already
     */
    public static String next(List<CapacityProviderStrategyItem> items, Map<String, Integer> counts) {
        for (CapacityProviderStrategyItem item : items) {
            if (count(item, counts) < base(item)) {
                return item.capacityProvider();
            }
        }
        return items.stream()
                .filter(item -> weight(item) > 0)
                .min(Comparator.comparingDouble(item ->
                        (count(item, counts) - base(item) + 1.0) / weight(item)))
                .orElse(items.getFirst())
                .capacityProvider();
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
