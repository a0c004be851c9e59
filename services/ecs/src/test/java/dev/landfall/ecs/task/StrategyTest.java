package dev.landfall.ecs.task;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.services.ecs.model.CapacityProviderStrategyItem;

class StrategyTest {
    /** The seed's strategy: one task at least on FARGATE, then as many there as on FARGATE_SPOT. */
    @ParameterizedTest
    @CsvSource({"1, 1, 0", "2, 1, 1", "3, 2, 1", "5, 3, 2", "9, 5, 4"})
    void baseFirstThenByWeight(int tasks, int fargate, int spot) {
        assertThat(distribute(tasks, item("FARGATE_SPOT", 1, 0), item("FARGATE", 1, 1)))
                .isEqualTo(counts(fargate, spot));
    }

    @ParameterizedTest
    @CsvSource({"4, 1, 3", "8, 2, 6", "40, 10, 30"})
    void weightsAreKept(int tasks, int fargate, int spot) {
        assertThat(distribute(tasks, item("FARGATE", 1, 0), item("FARGATE_SPOT", 3, 0)))
                .isEqualTo(counts(fargate, spot));
    }

    private static Map<String, Integer> distribute(int tasks, CapacityProviderStrategyItem... items) {
        var counts = new TreeMap<String, Integer>();
        for (int i = 0; i < tasks; i++) {
            counts.merge(Strategy.next(List.of(items), counts), 1, Integer::sum);
        }
        return counts;
    }

    private static Map<String, Integer> counts(int fargate, int spot) {
        var counts = new TreeMap<String, Integer>(Map.of("FARGATE", fargate, "FARGATE_SPOT", spot));
        counts.values().removeIf(count -> count == 0);
        return counts;
    }

    private static CapacityProviderStrategyItem item(String provider, int weight, int base) {
        return CapacityProviderStrategyItem.builder().capacityProvider(provider).weight(weight).base(base).build();
    }
}
