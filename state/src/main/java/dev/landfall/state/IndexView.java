package dev.landfall.state;

import dev.landfall.state.Table.Index;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;

/** For each value of an index the keys of the rows that stand under it. */
record IndexView<R>(Index<R> index, SortedTree<KeySet> byValue) implements View<R> {

    static <R> IndexView<R> empty(Index<R> index) {
        return new IndexView<>(index, SortedTree.empty());
    }

    KeySet under(String value) {
        KeySet keys = byValue.get(value);
        return keys == null ? KeySet.EMPTY : keys;
    }

    @Override
    public Making<R> making() {
        var grouped = new HashMap<String, List<String>>(); // sorted below
        return new Making<>() {
            @Override
            public void add(String key, R row) {
                for (String value : View.values(index.values(), row)) {
                    grouped.computeIfAbsent(value, any -> new ArrayList<>()).add(key);
                }
            }

            @Override
            public View<R> made() {
                String[] values = grouped.keySet().toArray(String[]::new);
                Arrays.sort(values);
                return new IndexView<>(index, SortedTree.of(Arrays.asList(values), Arrays.stream(values)
                        .map(value -> new KeySet(SortedTree.ofKeys(grouped.get(value)))).toList()));
            }
        };
    }

    @Override
    public View<R> changed(String key, Optional<R> old, Optional<R> row) {
        List<String> before = View.values(index.values(), old);
        List<String> after = View.values(index.values(), row);
        if (before.equals(after)) {
            return this;
        }
        SortedTree<KeySet> next = byValue;
        for (String value : before) {
            if (!after.contains(value)) {
                KeySet keys = next.get(value).minus(key);
                next = keys.isEmpty() ? next.minus(value) : next.plus(value, keys);
            }
        }
        for (String value : after) {
            if (!before.contains(value)) {
                KeySet keys = next.get(value);
                next = next.plus(value, (keys == null ? KeySet.EMPTY : keys).plus(key));
            }
        }
        return new IndexView<>(index, next);
    }
}
