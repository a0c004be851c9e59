package dev.landfall.state;

import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * All tables at one moment. Immutable: readers share it without locks, and {@link #apply} makes the next one, which
 * shares all that did not change. Rows and index entries are in the order of their keys.
 */
public final class Image {
    private final long version;
    private final Schema schema;

    /** In the order of the schema; never changed once the image is made. */
    private final Rows<?>[] rows;

    private Image(long version, Schema schema, Rows<?>[] rows) {
        this.version = version;
        this.schema = schema;
        this.rows = rows;
    }

    public static Image empty(List<Table<?>> schema) {
        return new Image(0, Schema.of(schema), schema.stream().map(Rows::empty).toArray(Rows<?>[]::new));
    }

    /** The number of decisions that led here; grows with each. */
    public long version() {
        return version;
    }

    public <R> Optional<R> get(Table<R> table, String key) {
        return Optional.ofNullable(rows(table).byKey.get(key));
    }

    public <R> Collection<R> all(Table<R> table) {
        return rows(table).byKey.asMap().values();
    }

    public <R> int size(Table<R> table) {
        return rows(table).byKey.size();
    }

    /** The rows whose key begins with {@code prefix}. */
    public <R> Collection<R> startingWith(Table<R> table, String prefix) {
        var byKey = rows(table).byKey.asMap();
        return afterAllWith(prefix)
                .map(end -> byKey.subMap(prefix, end))
                .orElseGet(() -> byKey.tailMap(prefix))
                .values();
    }

    /** The least text that is greater than every text with this prefix; none if the prefix is at the very end. */
    private static Optional<String> afterAllWith(String prefix) {
        int last = prefix.length() - 1;
        while (last >= 0 && prefix.charAt(last) == Character.MAX_VALUE) {
            last--;
        }
        return last < 0
                ? Optional.empty()
                : Optional.of(prefix.substring(0, last) + (char) (prefix.charAt(last) + 1));
    }

    /** The rows whose key is greater than {@code key}, in order. */
    public <R> SortedMap<String, R> after(Table<R> table, String key) {
        return rows(table).byKey.asMap().tailMap(key + '\0');
    }

    /** The keys of the rows that stand under {@code value}, unmodifiable. */
    public <R> SortedSet<String> keys(Table<R> table, Table.Index<R> index, String value) {
        return rows(table).index(index).under(value);
    }

    /**
     * The key that has {@code position} others before it under {@code value}, found without a walk past them.
     *
     * @throws IndexOutOfBoundsException if so many do not stand there
     */
    public <R> String keyAt(Table<R> table, Table.Index<R> index, String value, int position) {
        KeySet keys = rows(table).index(index).under(value);
        return keys.at(Objects.checkIndex(position, keys.size()));
    }

    /** The rows that stand under {@code value}. */
    public <R> List<R> find(Table<R> table, Table.Index<R> index, String value) {
        var rows = rows(table);
        return keys(table, index, value).stream().map(rows.byKey::get).toList();
    }

    public <R> int count(Table<R> table, Table.Index<R> index, String value) {
        return rows(table).index(index).under(value).size();
    }

    public <R> int count(Table<R> table, Table.Counter<R> counter, String value) {
        return rows(table).counter(counter).count(value);
    }

    /**
     * The values of an index from {@code from} (inclusive) to {@code to} (exclusive) that have rows, in order; empty if
     * {@code from} is not less than {@code to}.
     */
    public <R> SortedMap<String, ? extends SortedSet<String>> values(
            Table<R> table, Table.Index<R> index, String from, String to) {
        return rows(table).index(index).byValue().asMap().subMap(from, to);
    }

    /** The members of a group that have rows, in order, and how many. */
    public <R> SortedMap<String, Integer> tally(Table<R> table, Table.Tally<R> tally, String group) {
        return rows(table).tally(tally).group(group).asMap();
    }

    public <R> int count(Table<R> table, Table.Tally<R> tally, String group, String member) {
        Integer count = rows(table).tally(tally).group(group).get(member);
        return count == null ? 0 : count;
    }

    /**
     * Rows' keys by what an order has for them, from {@code from} (inclusive) to {@code to} (exclusive): the keys of
     * this map are the values, each with something behind it.
     */
    public <R> SortedMap<String, String> ordered(Table<R> table, Table.Order<R> order, String from, String to) {
        return rows(table).order(order).keys().asMap().subMap(from, to);
    }

    /** The tables, in the order they were declared in. */
    public List<Table<?>> tables() {
        return schema.tables;
    }

    /** The image after one decision's writes, in their order. */
    public Image apply(List<Write<?>> writes) {
        if (writes.isEmpty()) {
            return new Image(version + 1, schema, rows);
        }
        var next = rows.clone();
        for (Write<?> write : writes) {
            applyTo(next, write);
        }
        return new Image(version + 1, schema, next);
    }

    /** The same rows, as what another number of decisions led to. */
    Image numbered(long decisions) {
        return new Image(decisions, schema, rows);
    }

    private <R> void applyTo(Rows<?>[] next, Write<R> write) {
        Rows<R> before = rowsIn(next, write.table());
        next[schema.position(write.table())] = switch (write) {
            case Write.Put<R>(var table, var row) -> before.with(write.key(), row);
            case Write.Delete<R>(var table, var key) -> before.without(key);
        };
    }

    /** An image of rows read from a journal, in the order of their keys; faster than applying them one by one. */
    static <R> Image withRows(Image image, Table<R> table, List<String> keys, List<R> loaded) {
        var next = image.rows.clone();
        next[image.schema.position(table)] = Rows.load(table, keys, loaded);
        return new Image(image.version, image.schema, next);
    }

    private <R> Rows<R> rows(Table<R> table) {
        return rowsIn(rows, table);
    }

    @SuppressWarnings("unchecked") // Rows<R> is only ever stored at the position of its own Table<R>
    private <R> Rows<R> rowsIn(Rows<?>[] all, Table<R> table) {
        return (Rows<R>) all[schema.position(table)];
    }

    /** Which table is where; shared by all images of one history. */
    private record Schema(List<Table<?>> tables, int[] positions) {
        private static final int NOT_HERE = -1;

        static Schema of(List<Table<?>> tables) {
            var names = new HashSet<String>();
            var positions = new int[tables.stream().mapToInt(Table::number).max().orElse(-1) + 1];
            Arrays.fill(positions, NOT_HERE);
            for (int i = 0; i < tables.size(); i++) {
                if (!names.add(tables.get(i).name())) {
                    throw new IllegalArgumentException("two tables are named " + tables.get(i).name());
                }
                positions[tables.get(i).number()] = i;
            }
            return new Schema(List.copyOf(tables), positions);
        }

        int position(Table<?> table) {
            int position = table.number() < positions.length ? positions[table.number()] : NOT_HERE;
            if (position == NOT_HERE) {
                throw new IllegalArgumentException("table " + table.name() + " is not part of this image");
            }
            return position;
        }
    }

    /** One table's rows, and a view for each of the table's {@link Table#derived}. The array is never changed. */
    private record Rows<R>(Table<R> table, SortedTree<R> byKey, View<R>[] views) {
        private static final int REST_AFTER_MILLIS = 500;

        static <R> Rows<R> empty(Table<R> table) {
            @SuppressWarnings({"unchecked", "rawtypes"}) // Java has no arrays of generic types
            View<R>[] views = table.derived().stream().map(View::empty).toArray(View[]::new);
            return new Rows<>(table, SortedTree.empty(), views);
        }

        /**
         * Who asks for a view waits for it alone. What nobody has asked for is made a little later, so that the first
         * answers have the cores to themselves. From the last to the first: a change of a row asks for all of them from
         * the first to the last, so that two cores share the work.
         */
        static <R> Rows<R> load(Table<R> table, List<String> keys, List<R> loaded) {
            View<R>[] views = empty(table).views;
            Arrays.setAll(views, i -> {
                View<R> empty = views[i];
                return new DeferredView<>(() -> loaded(empty.making(), keys, loaded));
            });
            CompletableFuture.delayedExecutor(REST_AFTER_MILLIS, TimeUnit.MILLISECONDS).execute(() -> {
                for (int i = views.length - 1; i >= 0; i--) {
                    views[i].now();
                }
            });
            return new Rows<>(table, SortedTree.of(keys, loaded), views);
        }

        private static <R> View<R> loaded(View.Making<R> making, List<String> keys, List<R> rows) {
            for (int i = 0; i < rows.size(); i++) {
                making.add(keys.get(i), rows.get(i));
            }
            return making.made();
        }

        private View<R> view(Table.Derived<R> derived) {
            int position = table.derived().indexOf(derived);
            if (position < 0) {
                throw new IllegalArgumentException("table " + table.name() + " has no " + derived.name());
            }
            return views[position].now();
        }

        IndexView<R> index(Table.Index<R> index) {
            return (IndexView<R>) view(index);
        }

        CounterView<R> counter(Table.Counter<R> counter) {
            return (CounterView<R>) view(counter);
        }

        TallyView<R> tally(Table.Tally<R> tally) {
            return (TallyView<R>) view(tally);
        }

        OrderView<R> order(Table.Order<R> order) {
            return (OrderView<R>) view(order);
        }

        Rows<R> with(String key, R row) {
            return changed(byKey.plus(key, row), key, Optional.ofNullable(byKey.get(key)), Optional.of(row));
        }

        Rows<R> without(String key) {
            R old = byKey.get(key);
            return old == null ? this : changed(byKey.minus(key), key, Optional.of(old), Optional.empty());
        }

        private Rows<R> changed(SortedTree<R> rows, String key, Optional<R> before, Optional<R> after) {
            View<R>[] next = views;
            for (int i = 0; i < views.length; i++) {
                View<R> view = views[i].changed(key, before, after);
                if (view != views[i]) {
                    next = next == views ? views.clone() : next;
                    next[i] = view;
                }
            }
            return new Rows<>(table, rows, next);
        }
    }
}
