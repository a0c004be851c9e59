package dev.landfall.state;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/**
 * A typed table of the {@link Image}: rows are immutable records that {@link dev.landfall.state.row.Forms} can store,
 * {@code key} is unique and never changes for a row. Tables are compared by identity; declare each once, as a constant.
 *
 * @param derived what the image keeps of the rows beside them; none of it is stored
 * @param number of this table in this process, so that an image finds it without hashing
 */
public record Table<R>(
        String name, Class<R> rowType, Function<R, String> key, List<Derived<R>> derived, int number) {
    private static final AtomicInteger NUMBERS = new AtomicInteger();

    public Table {
        if (!name.matches("[a-z][a-z_]{0,40}") || name.startsWith("sqlite_")) {
            throw new IllegalArgumentException("a table's name is made of small letters and _: " + name);
        }
        derived = List.copyOf(derived);
    }

    @SafeVarargs
    @SuppressWarnings("varargs") // only read
    public static <R> Table<R> of(String name, Class<R> rowType, Function<R, String> key, Derived<R>... derived) {
        return new Table<>(name, rowType, key, List.of(derived), NUMBERS.getAndIncrement());
    }

    /** What follows from the rows. Each is one object, compared by identity. */
    public sealed interface Derived<R> {
        String name();
    }

    /** Groups rows by a value derived from them; a row may stand under no value, one or several. */
    public static final class Index<R> extends Valued<R> implements Derived<R> {
        public Index(String name, Function<R, List<String>> values) {
            super(name, values);
        }

        /** An index on exactly one value of every row. */
        public static <R> Index<R> on(String name, Function<R, String> value) {
            return new Index<>(name, row -> List.of(value.apply(row)));
        }
    }

    /** Counts rows by a value derived from them, as an {@link Index} groups them, and far cheaper. */
    public static final class Counter<R> extends Valued<R> implements Derived<R> {
        public Counter(String name, Function<R, List<String>> values) {
            super(name, values);
        }

        /** A counter of exactly one value of every row. */
        public static <R> Counter<R> on(String name, Function<R, String> value) {
            return new Counter<>(name, row -> List.of(value.apply(row)));
        }
    }

    /** A cell of a {@link Tally}. */
    public record Cell(String group, String member) {
        public Cell {
            Objects.requireNonNull(group, "there is no place for null");
            Objects.requireNonNull(member, "there is no place for null");
        }
    }

    /**
     * Counts rows by two values, so that all that is counted under the first is found together. Where the texts are the
     * rows' own, a count needs no text made for it: for as many different counts as there are rows.
     */
    public static final class Tally<R> extends Named implements Derived<R> {
        private final Function<R, Optional<Cell>> cell;

        public Tally(String name, Function<R, Optional<Cell>> cell) {
            super(name);
            this.cell = cell;
        }

        Function<R, Optional<Cell>> cell() {
            return cell;
        }
    }

    /**
     * Sorts rows by values derived from them, of which hardly two rows have the same: rows with equal values are in the
     * order of their keys.
     */
    public static final class Order<R> extends Valued<R> implements Derived<R> {
        public Order(String name, Function<R, List<String>> values) {
            super(name, values);
        }
    }

    /** Derives any number of values from a row. */
    private abstract static class Valued<R> extends Named {
        private final Function<R, List<String>> values;

        Valued(String name, Function<R, List<String>> values) {
            super(name);
            this.values = values;
        }

        final Function<R, List<String>> values() {
            return values;
        }
    }

    /** Has a name for messages. */
    private abstract static class Named {
        private final String name;

        Named(String name) {
            this.name = name;
        }

        public String name() {
            return name;
        }

        @Override
        public String toString() {
            return name;
        }
    }

    @Override
    public boolean equals(Object other) {
        return this == other;
    }

    @Override
    public int hashCode() {
        return System.identityHashCode(this);
    }

    @Override
    public String toString() {
        return name;
    }
}
