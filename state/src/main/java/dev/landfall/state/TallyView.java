package dev.landfall.state;

import dev.landfall.state.Table.Cell;
import dev.landfall.state.Table.Tally;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Optional;

/** For each group of a tally its members, and for each of these how many rows have both. */
record TallyView<R>(Tally<R> tally, SortedTree<SortedTree<Integer>> groups) implements View<R> {

    static <R> TallyView<R> empty(Tally<R> tally) {
        return new TallyView<>(tally, SortedTree.empty());
    }

    SortedTree<Integer> group(String group) {
        SortedTree<Integer> members = groups.get(group);
        return members == null ? SortedTree.empty() : members;
    }

    @Override
    public Making<R> making() {
        var counted = new HashMap<String, HashMap<String, Integer>>(); // sorted below
        return new Making<>() {
            @Override
            public void add(String key, R row) {
                tally.cell().apply(row).ifPresent(cell ->
                        counted.computeIfAbsent(cell.group(), any -> new HashMap<>())
                                .merge(cell.member(), 1, Integer::sum));
            }

            @Override
            public View<R> made() {
                String[] all = counted.keySet().toArray(String[]::new);
                Arrays.sort(all);
                return new TallyView<>(tally, SortedTree.of(Arrays.asList(all),
                        Arrays.stream(all).map(group -> CounterView.tree(counted.get(group))).toList()));
            }
        };
    }

    @Override
    public View<R> changed(String key, Optional<R> old, Optional<R> row) {
        Optional<Cell> before = old.flatMap(tally.cell());
        Optional<Cell> after = row.flatMap(tally.cell());
        if (before.equals(after)) {
            return this;
        }
        SortedTree<SortedTree<Integer>> next = groups;
        if (before.isPresent()) {
            String group = before.get().group();
            SortedTree<Integer> left = CounterView.less(next.get(group), before.get().member());
            next = left.isEmpty() ? next.minus(group) : next.plus(group, left);
        }
        if (after.isPresent()) {
            String group = after.get().group();
            SortedTree<Integer> members = next.get(group);
            next = next.plus(group,
                    CounterView.more(members == null ? SortedTree.empty() : members, after.get().member()));
        }
        return new TallyView<>(tally, next);
    }
}
