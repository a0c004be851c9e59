package dev.landfall.ecs.task;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import software.amazon.awssdk.services.ecs.model.CapacityProviderStrategyItem;

/** What holds for every strategy that ECS takes. */
class StrategyPropertyTest {
    @Property(tries = 500)
    void theBaseIsMetFirstAndTheRestIsByWeightToWithinOneTask(
            @ForAll("strategies") List<CapacityProviderStrategyItem> items, @ForAll @IntRange(max = 3_000) int total) {
        Map<String, Integer> shares = Strategy.shares(items, total);

        assertThat(shares.values().stream().mapToInt(Integer::intValue).sum()).isEqualTo(total);
        int base = items.stream().mapToInt(CapacityProviderStrategyItem::base).sum();
        int weights = items.stream().mapToInt(CapacityProviderStrategyItem::weight).sum();
        int left = Math.max(0, total - base);
        for (CapacityProviderStrategyItem item : items) {
            double exact = Math.min(total, item.base()) + (double) left * item.weight() / weights;
            assertThat((double) shares.get(item.capacityProvider())).as("%s of %s", item, total)
                    .isGreaterThan(exact - 1).isLessThan(exact + 1);
        }
    }

    @Property(tries = 200)
    void oneTaskMoreIsOneTaskMoreForOneProvider(
            @ForAll("strategies") List<CapacityProviderStrategyItem> items, @ForAll @IntRange(max = 500) int total) {
        Map<String, Integer> before = Strategy.shares(items, total);
        String next = Strategy.next(items, before);
        var grown = new TreeMap<>(before);
        grown.merge(next, 1, Integer::sum);

        assertThat(Strategy.shares(items, total + 1)).isEqualTo(grown);
    }

    /** Whichever tasks end, starting as many again leads back to the shares. */
    @Property(tries = 200)
    void replacementsGoToTheProviderThatIsShort(
            @ForAll("strategies") List<CapacityProviderStrategyItem> items, @ForAll @IntRange(max = 200) int total,
            @ForAll List<Integer> losses) {
        var counts = new TreeMap<>(Strategy.shares(items, total));
        int lost = 0;
        for (int loss : losses) {
            var nonEmpty = counts.keySet().stream().filter(Predicate.not(name -> counts.get(name) == 0)).toList();
            if (!nonEmpty.isEmpty()) {
                counts.merge(nonEmpty.get(Math.floorMod(loss, nonEmpty.size())), -1, Integer::sum);
                lost++;
            }
        }
        for (int i = 0; i < lost; i++) {
            counts.merge(Strategy.next(items, counts), 1, Integer::sum);
        }
        assertThat(counts).isEqualTo(Strategy.shares(items, total));
    }

    @Provide
    Arbitrary<List<CapacityProviderStrategyItem>> strategies() {
        Arbitrary<Integer> weight = Arbitraries.oneOf(
                Arbitraries.integers().between(0, 4), Arbitraries.integers().between(0, 1_000));
        return Combinators.combine(
                weight.list().ofMinSize(1).ofMaxSize(20).filter(weights -> weights.stream().anyMatch(w -> w > 0)),
                Arbitraries.integers().between(0, 19), Arbitraries.integers().between(0, 300))
                .as((weights, baseAt, base) -> {
                    var items = new ArrayList<CapacityProviderStrategyItem>();
                    for (int i = 0; i < weights.size(); i++) {
                        items.add(CapacityProviderStrategyItem.builder().capacityProvider("cp" + i)
                                .weight(weights.get(i)).base(i == baseAt ? base : 0).build());
                    }
                    return List.copyOf(items);
                });
    }
}
