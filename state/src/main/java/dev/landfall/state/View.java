package dev.landfall.state;

import dev.landfall.state.Table.Counter;
import dev.landfall.state.Table.Derived;
import dev.landfall.state.Table.Index;
import dev.landfall.state.Table.Order;
import dev.landfall.state.Table.Tally;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * What an image keeps beside a table's rows for one {@link Derived}. Immutable. It holds keys, not rows, so that a
 * change which leaves the derived values as they were costs it nothing.
 */
sealed interface View<R> permits IndexView, CounterView, TallyView, OrderView, DeferredView {

    static <R> View<R> empty(Derived<R> derived) {
        return switch (derived) {
            case Index<R> index -> IndexView.empty(index);
            case Counter<R> counter -> CounterView.empty(counter);
            case Tally<R> tally -> TallyView.empty(tally);
            case Order<R> order -> OrderView.empty(order);
        };
    }

    /** A view in the making, of rows that come in the order of their keys; faster than changing one row by row. */
    interface Making<R> {
        void add(String key, R row);

        View<R> made();
    }

    /** For an empty view only. */
    Making<R> making();

    /** This view; of one that is still to be made, what it will be. */
    default View<R> now() {
        return this;
    }

    /** The view after the row of that key has changed; this one if nothing follows from that. */
    View<R> changed(String key, Optional<R> before, Optional<R> after);

    /** Each value once. */
    static <R> List<String> values(Function<R, List<String>> derive, R row) {
        List<String> values = derive.apply(row);
        values.forEach(value -> Objects.requireNonNull(value, "there is no place for null"));
        return values.size() < 2 ? values : List.copyOf(new TreeSet<>(values));
    }

    static <R> List<String> values(Function<R, List<String>> derive, Optional<R> row) {
        return row.isEmpty() ? List.of() : values(derive, row.get());
    }
}
