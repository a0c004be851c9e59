package dev.landfall.sim.plane;

import dev.landfall.sim.Violation;
import dev.landfall.state.Table;
import dev.landfall.state.row.BatchReader;
import dev.landfall.state.row.BatchWriter;
import dev.landfall.state.row.Form;
import dev.landfall.wire.SdkForms;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;

/**
 * Rows as they are read from what they were stored as. Each must be read as it was written, and since rows never change
 * each is read once, however many processes begin with it. Any thread may ask.
 */
final class ReadBack {
    /** This very row. */
    private record Same(Object row) {
        @Override
        public boolean equals(Object other) {
            return other instanceof Same(var known) && known == row;
        }

        @Override
        public int hashCode() {
            return System.identityHashCode(row);
        }
    }

    private final Map<Same, Object> known = new ConcurrentHashMap<>();

    /**
     * A table's rows as they are read.
     *
     * @param disk what becomes of a batch on the disk
     */
    <R> SortedMap<String, R> of(Table<R> table, SortedMap<String, Object> stored, UnaryOperator<byte[]> disk) {
        var fresh = new TreeMap<>(stored);
        fresh.values().removeIf(row -> known.containsKey(new Same(row)));
        if (!fresh.isEmpty()) {
            read(table, fresh, disk);
        }
        var rows = new TreeMap<String, R>();
        stored.forEach((key, row) -> rows.put(key, table.rowType().cast(known.get(new Same(row)))));
        return rows;
    }

    private <R> void read(Table<R> table, SortedMap<String, Object> fresh, UnaryOperator<byte[]> disk) {
        Form<R> form = SdkForms.rows().of(table.rowType());
        var batch = new BatchWriter();
        fresh.forEach((key, row) -> batch.put(table.name(), key, form, table.rowType().cast(row)));
        var reader = new BatchReader(disk.apply(batch.take()));
        for (BatchReader.Entry entry : reader.entries()) {
            Object row = fresh.get(entry.key());
            R read = row(reader, entry, form);
            if (!row.equals(read)) {
                throw new Violation("durable",
                        "a row of " + table + " was not read as it was written, " + row + ", but as " + read);
            }
            known.put(new Same(row), read);
            known.put(new Same(read), read);
        }
    }

    private static <R> R row(BatchReader reader, BatchReader.Entry entry, Form<R> form) {
        try {
            return reader.row(entry, form);
        } catch (RuntimeException e) {
            throw new Violation("durable", "the row " + entry.key() + " cannot be read", e);
        }
    }
}
