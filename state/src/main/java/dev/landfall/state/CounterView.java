package dev.landfall.state;

import dev.landfall.state.Table.Counter;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;

/** For each value of a counter how many rows have it; none for those that no row has. */
record CounterView<R>(Counter<R> counter, SortedTree<Integer> counts) implements View<R> {

    static <R> CounterView<R> empty(Counter<R> counter) {
        return new CounterView<>(counter, SortedTree.empty());
    }

    int count(String value) {
        Integer count = counts.get(value);
        return count == null ? 0 : count;
    }

    @Override
    public Making<R> making() {
        var counted = new HashMap<String, Integer>(); // sorted below
        return new Making<>() {
            @Override
            public void add(String key, R row) {
                View.values(counter.values(), row).forEach(value -> counted.merge(value, 1, Integer::sum));
            }

            @Override
            public View<R> made() {
                return new CounterView<>(counter, tree(counted));
            }
        };
    }

    static SortedTree<Integer> tree(HashMap<String, Integer> counted) {
        String[] values = counted.keySet().toArray(String[]::new);
        Arrays.sort(values);
        return SortedTree.of(Arrays.asList(values), Arrays.stream(values).map(counted::get).toList());
    }

    @Override
    public View<R> changed(String key, Optional<R> old, Optional<R> row) {
        List<String> before = View.values(counter.values(), old);
        List<String> after = View.values(counter.values(), row);
        if (before.equals(after)) {
            return this;
        }
        SortedTree<Integer> next = counts;
        for (String value : before) {
            next = less(next, value);
        }
        for (String value : after) {
            next = more(next, value);
        }
        return new CounterView<>(counter, next);
    }

    static SortedTree<Integer> more(SortedTree<Integer> counts, String value) {
        Integer count = counts.get(value);
        return counts.plus(value, count == null ? 1 : count + 1);
    }

    static SortedTree<Integer> less(SortedTree<Integer> counts, String value) {
        int left = counts.get(value) - 1;
        return left == 0 ? counts.minus(value) : counts.plus(value, left);
    }
}
