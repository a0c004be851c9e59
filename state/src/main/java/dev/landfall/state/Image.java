package dev.landfall.state;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.pcollections.TreePMap;
import org.pcollections.TreePSet;

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
        return rows(table).byKey.values();
    }

    public <R> int size(Table<R> table) {
        return rows(table).byKey.size();
    }

    /** The rows whose key begins with {@code prefix}. */
    public <R> Collection<R> startingWith(Table<R> table, String prefix) {
        var byKey = rows(table).byKey;
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
        return rows(table).byKey.tailMap(key, false);
    }

    /** The keys of the rows that stand under {@code value}. */
    public <R> NavigableSet<String> keys(Table<R> table, Table.Index<R> index, String value) {
        var keys = rows(table).index(index).get(value);
        return keys == null ? Collections.emptyNavigableSet() : keys;
    }

    /** The rows that stand under {@code value}. */
    public <R> List<R> find(Table<R> table, Table.Index<R> index, String value) {
        var rows = rows(table);
        return keys(table, index, value).stream().map(rows.byKey::get).toList();
    }

    public <R> int count(Table<R> table, Table.Index<R> index, String value) {
        return keys(table, index, value).size();
    }

    /**
     * The values of an index from {@code from} (inclusive) to {@code to} (exclusive) that have rows, in order; empty if
     * {@code from} is not less than {@code to}.
     */
    public <R> SortedMap<String, ? extends NavigableSet<String>> values(
            Table<R> table, Table.Index<R> index, String from, String to) {
        var values = rows(table).index(index);
        return from.compareTo(to) < 0 ? values.subMap(from, to) : Collections.emptySortedMap();
    }

    /** All values of an index that have rows, in order, with the keys of these. */
    public <R> NavigableMap<String, ? extends NavigableSet<String>> values(Table<R> table, Table.Index<R> index) {
        return rows(table).index(index);
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

    private <R> void applyTo(Rows<?>[] next, Write<R> write) {
        Rows<R> before = rowsIn(next, write.table());
        next[schema.position(write.table())] = switch (write) {
            case Write.Put<R>(var table, var row) -> before.with(write.key(), row);
            case Write.Delete<R>(var table, var key) -> before.without(key);
        };
    }

    /** An image of rows read from a journal; faster than applying them one by one. */
    static <R> Image withRows(Image image, Table<R> table, SortedMap<String, R> loaded) {
        var next = image.rows.clone();
        next[image.schema.position(table)] = Rows.load(table, loaded);
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
    private record Schema(List<Table<?>> tables, Map<Table<?>, Integer> positions) {
        static Schema of(List<Table<?>> tables) {
            var names = new HashSet<String>();
            var positions = new IdentityHashMap<Table<?>, Integer>();
            for (Table<?> table : tables) {
                if (!names.add(table.name())) {
                    throw new IllegalArgumentException("two tables are named " + table.name());
                }
                positions.put(table, positions.size());
            }
            return new Schema(List.copyOf(tables), positions);
        }

        int position(Table<?> table) {
            Integer position = positions.get(table);
            if (position == null) {
                throw new IllegalArgumentException("table " + table.name() + " is not part of this image");
            }
            return position;
        }
    }

    /**
     * One table's rows and indexes. An index holds keys, not rows, so that a change that leaves the indexed values as
     * they were costs the indexes nothing.
     */
    private record Rows<R>(
            Table<R> table, TreePMap<String, R> byKey, List<TreePMap<String, TreePSet<String>>> byIndex) {

        static <R> Rows<R> empty(Table<R> table) {
            return new Rows<>(table, TreePMap.empty(),
                    table.indexes().stream().map(index -> TreePMap.<String, TreePSet<String>>empty()).toList());
        }

        /** Indexes are independent of each other, so that every core makes some of them. */
        static <R> Rows<R> load(Table<R> table, SortedMap<String, R> loaded) {
            var indexes = table.indexes().parallelStream().map(index -> indexOf(loaded, index)).toList();
            return new Rows<>(table, TreePMap.fromSortedMap(loaded), indexes);
        }

        private static <R> TreePMap<String, TreePSet<String>> indexOf(
                SortedMap<String, R> loaded, Table.Index<R> index) {
            var keys = new HashMap<String, List<String>>();
            loaded.forEach((key, row) -> valuesOf(index, row)
                    .forEach(value -> keys.computeIfAbsent(value, any -> new ArrayList<>()).add(key)));
            var sets = new TreeMap<String, TreePSet<String>>();
            keys.forEach((value, under) -> sets.put(value, TreePSet.fromSortedSet(new TreeSet<>(under))));
            return TreePMap.fromSortedMap(sets);
        }

        /** Each value once: an index is a set of keys for each value. */
        private static <R> List<String> valuesOf(Table.Index<R> index, R row) {
            List<String> values = index.values().apply(row);
            values.forEach(value -> Objects.requireNonNull(value, "an index has no place for null"));
            return values.size() < 2 ? values : List.copyOf(new TreeSet<>(values));
        }

        TreePMap<String, TreePSet<String>> index(Table.Index<R> index) {
            int position = table.indexes().indexOf(index);
            if (position < 0) {
                throw new IllegalArgumentException("table " + table.name() + " has no index " + index.name());
            }
            return byIndex.get(position);
        }

        Rows<R> with(String key, R row) {
            R old = byKey.get(key);
            return new Rows<>(table, byKey.plus(key, row), reindexed(key, Optional.ofNullable(old), Optional.of(row)));
        }

        Rows<R> without(String key) {
            R old = byKey.get(key);
            return old == null
                    ? this
                    : new Rows<>(table, byKey.minus(key), reindexed(key, Optional.of(old), Optional.empty()));
        }

        private List<TreePMap<String, TreePSet<String>>> reindexed(String key, Optional<R> old, Optional<R> row) {
            @SuppressWarnings({"unchecked", "rawtypes"}) // an array only for List.of below
            TreePMap<String, TreePSet<String>>[] next = new TreePMap[byIndex.size()];
            boolean changed = false;
            for (int i = 0; i < next.length; i++) {
                var index = table.indexes().get(i);
                var before = old.map(was -> valuesOf(index, was)).orElse(List.of());
                var after = row.map(is -> valuesOf(index, is)).orElse(List.of());
                next[i] = before.equals(after) ? byIndex.get(i) : moved(byIndex.get(i), key, before, after);
                changed |= next[i] != byIndex.get(i);
            }
            return changed ? List.of(next) : byIndex;
        }

        private static TreePMap<String, TreePSet<String>> moved(
                TreePMap<String, TreePSet<String>> index, String key, List<String> before, List<String> after) {
            for (String value : before) {
                if (after.contains(value)) {
                    continue;
                }
                var keys = index.get(value).minus(key);
                index = keys.isEmpty() ? index.minus(value) : index.plus(value, keys);
            }
            for (String value : after) {
                if (before.contains(value)) {
                    continue;
                }
                var keys = index.get(value);
                index = index.plus(value, keys == null ? TreePSet.singleton(key) : keys.plus(key));
            }
            return index;
        }
    }
}
