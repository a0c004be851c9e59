package dev.landfall.state;

import java.util.Collection;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.pcollections.TreePMap;
import org.pcollections.TreePSet;

/**
 * All tables at one moment. Immutable: readers share it without locks, and {@link #apply} makes the next one, which shares
 * all that did not change. Rows and index entries are in the order of their keys.
 */
public final class Image {
    private final long version;
    private final Map<Table<?>, Rows<?>> tables;

    private Image(long version, Map<Table<?>, Rows<?>> tables) {
        this.version = version;
        this.tables = tables;
    }

    public static Image empty(List<Table<?>> schema) {
        var tables = new IdentityHashMap<Table<?>, Rows<?>>();
        for (Table<?> table : schema) {
            if (tables.keySet().stream().anyMatch(other -> other.name().equals(table.name()))) {
                throw new IllegalArgumentException("two tables are named " + table.name());
            }
            tables.put(table, Rows.empty(table));
        }
        return new Image(0, tables);
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
        return rows(table).byKey.subMap(prefix, prefix + Character.MAX_VALUE).values();
    }

    /** The rows whose key is greater than {@code key}, in order. */
    public <R> SortedMap<String, R> after(Table<R> table, String key) {
        return rows(table).byKey.tailMap(key + '\0');
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

    /** The values of an index from {@code from} (inclusive) to {@code to} (exclusive) that have rows, in order. */
    public <R> SortedMap<String, ? extends NavigableSet<String>> values(
            Table<R> table, Table.Index<R> index, String from, String to) {
        return rows(table).index(index).subMap(from, to);
    }

    public List<Table<?>> tables() {
        return List.copyOf(tables.keySet());
    }

    /** The image after one decision's writes, in their order. */
    public Image apply(List<Write<?>> writes) {
        if (writes.isEmpty()) {
            return new Image(version + 1, tables);
        }
        var next = new IdentityHashMap<>(tables);
        for (Write<?> write : writes) {
            applyTo(next, write);
        }
        return new Image(version + 1, next);
    }

    private <R> void applyTo(Map<Table<?>, Rows<?>> next, Write<R> write) {
        Rows<R> rows = rowsIn(next, write.table());
        next.put(write.table(), switch (write) {
            case Write.Put<R>(var table, var row) -> rows.with(table.key().apply(row), row);
            case Write.Delete<R>(var table, var key) -> rows.without(key);
        });
    }

    /** An image of rows read from a journal; faster than applying them one by one. */
    static <R> Image withRows(Image image, Table<R> table, SortedMap<String, R> loaded) {
        var next = new IdentityHashMap<>(image.tables);
        next.put(table, Rows.load(table, loaded));
        return new Image(image.version, next);
    }

    private <R> Rows<R> rows(Table<R> table) {
        return rowsIn(tables, table);
    }

    @SuppressWarnings("unchecked") // Rows<R> is only ever stored under its own Table<R>
    private static <R> Rows<R> rowsIn(Map<Table<?>, Rows<?>> tables, Table<R> table) {
        var rows = (Rows<R>) tables.get(table);
        if (rows == null) {
            throw new IllegalArgumentException("table " + table.name() + " is not part of this image");
        }
        return rows;
    }

    /**
     * One table's rows and indexes. An index holds keys, not rows, so that a change that leaves the indexed values as they
     * were costs the indexes nothing.
     */
    private record Rows<R>(
            Table<R> table, TreePMap<String, R> byKey, List<TreePMap<String, TreePSet<String>>> byIndex) {

        static <R> Rows<R> empty(Table<R> table) {
            return new Rows<>(table, TreePMap.empty(),
                    table.indexes().stream().map(index -> TreePMap.<String, TreePSet<String>>empty()).toList());
        }

        static <R> Rows<R> load(Table<R> table, SortedMap<String, R> loaded) {
            var indexes = table.indexes().stream().map(index -> {
                var values = new TreeMap<String, TreeMap<String, Boolean>>();
                loaded.forEach((key, row) -> index.values().apply(row)
                        .forEach(value -> values.computeIfAbsent(value, any -> new TreeMap<>()).put(key, true)));
                var sets = new TreeMap<String, TreePSet<String>>();
                values.forEach((value, keys) -> sets.put(value, TreePSet.from(keys.navigableKeySet())));
                return TreePMap.from(sets);
            }).toList();
            return new Rows<>(table, TreePMap.from(loaded), indexes);
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
                var values = table.indexes().get(i).values();
                var before = old.map(values).orElse(List.of());
                var after = row.map(values).orElse(List.of());
                next[i] = before.equals(after) ? byIndex.get(i) : moved(byIndex.get(i), key, before, after);
                changed |= next[i] != byIndex.get(i);
            }
            return changed ? List.of(next) : byIndex;
        }

        private static TreePMap<String, TreePSet<String>> moved(
                TreePMap<String, TreePSet<String>> index, String key, List<String> before, List<String> after) {
            for (String value : before) {
                var keys = index.get(value).minus(key);
                index = keys.isEmpty() ? index.minus(value) : index.plus(value, keys);
            }
            for (String value : after) {
                var keys = index.get(value);
                index = index.plus(value, keys == null ? TreePSet.singleton(key) : keys.plus(key));
            }
            return index;
        }
    }
}
