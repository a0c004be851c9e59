package dev.landfall.state;

import dev.landfall.state.Table.Order;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The keys of the rows by their values, each of which is made unique by the key behind it. */
record OrderView<R>(Order<R> order, SortedTree<String> keys) implements View<R> {
    /** Between a value and the key. Less than any character of a value, so that values sort as they would alone. */
    private static final char SEPARATOR = 0;

    static <R> OrderView<R> empty(Order<R> order) {
        return new OrderView<>(order, SortedTree.empty());
    }

    @Override
    public Making<R> making() {
        var all = new ArrayList<Map.Entry<String, String>>();
        return new Making<>() {
            @Override
            public void add(String key, R row) {
                View.values(order.values(), row).forEach(value -> all.add(Map.entry(place(value, key), key)));
            }

            @Override
            public View<R> made() {
                all.sort(Map.Entry.comparingByKey(Comparator.naturalOrder()));
                return new OrderView<>(order, SortedTree.of(all.stream().map(Map.Entry::getKey).toList(),
                        all.stream().map(Map.Entry::getValue).toList()));
            }
        };
    }

    private static String place(String value, String key) {
        return value + SEPARATOR + key;
    }

    @Override
    public View<R> changed(String key, Optional<R> old, Optional<R> row) {
        List<String> before = View.values(order.values(), old);
        List<String> after = View.values(order.values(), row);
        if (before.equals(after)) {
            return this;
        }
        SortedTree<String> next = keys;
        for (String value : before) {
            next = next.minus(place(value, key));
        }
        for (String value : after) {
            next = next.plus(place(value, key), key);
        }
        return new OrderView<>(order, next);
    }
}
