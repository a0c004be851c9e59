package dev.landfall.state;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/**
 * A typed table of the {@link Image}: rows are immutable records that Jackson can write and read, {@code key} is unique
 * and never changes for a row. Tables are compared by identity; declare each once, as a constant.
 *
 * @param number of this table in this process, so that an image finds it without hashing
 */
public record Table<R>(String name, Class<R> rowType, Function<R, String> key, List<Index<R>> indexes,
        List<Counter<R>> counters, int number) {
    private static final AtomicInteger NUMBERS = new AtomicInteger();

    public Table {
        if (!name.matches("[a-z][a-z_]{0,40}") || name.startsWith("sqlite_")) {
            throw new IllegalArgumentException("a table's name is made of small letters and _: " + name);
        }
        indexes = List.copyOf(indexes);
        counters = List.copyOf(counters);
    }

    @SafeVarargs
    @SuppressWarnings("varargs") // only read
    public static <R> Table<R> of(String name, Class<R> rowType, Function<R, String> key, Index<R>... indexes) {
        return new Table<>(name, rowType, key, List.of(indexes), List.of(), NUMBERS.getAndIncrement());
    }

    /** The table that also counts; counters are far cheaper than indexes, and tell only how many. */
    @SafeVarargs
    @SuppressWarnings("varargs") // only read
    public final Table<R> counting(Counter<R>... more) {
        return new Table<>(name, rowType, key, indexes, List.of(more), NUMBERS.getAndIncrement());
    }

    /**
     * Groups rows by a value derived from them; a row may stand under no value, one or several. Compared by identity.
     */
    public record Index<R>(String name, Function<R, List<String>> values) {
        /** An index on exactly one value of every row. */
        public static <R> Index<R> on(String name, Function<R, String> value) {
            return new Index<>(name, row -> List.of(value.apply(row)));
        }

        @Override
        public boolean equals(Object other) {
            return this == other;
        }

        @Override
        public int hashCode() {
            return System.identityHashCode(this);
        }
    }

    /** Counts rows by a value derived from them, as an {@link Index} groups them. Compared by identity. */
    public record Counter<R>(String name, Function<R, List<String>> values) {
        /** A counter of exactly one value of every row. */
        public static <R> Counter<R> on(String name, Function<R, String> value) {
            return new Counter<>(name, row -> List.of(value.apply(row)));
        }

        @Override
        public boolean equals(Object other) {
            return this == other;
        }

        @Override
        public int hashCode() {
            return System.identityHashCode(this);
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
