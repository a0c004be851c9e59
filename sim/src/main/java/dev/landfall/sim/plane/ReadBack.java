package dev.landfall.sim.plane;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.landfall.sim.Violation;
import dev.landfall.state.Table;
import dev.landfall.state.Write;
import dev.landfall.wire.RowJson;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Rows as they are read from what they were stored as. Each must be read as it was written, and since rows never change
 * each is read once, however many processes begin with it. Any thread may ask.
 */
final class ReadBack {
    private static final ObjectMapper JSON = RowJson.mapper();

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

    private final Map<Same, Write<?>> known = new ConcurrentHashMap<>();

    /** The write that puts the row as it is read. */
    Write<?> of(Table<?> table, Object row) {
        Write<?> before = known.get(new Same(row));
        if (before != null) {
            return before;
        }
        Write.Put<?> read = reread(table, row);
        known.put(new Same(row), read);
        known.put(new Same(read.row()), read);
        return read;
    }

    private static <R> Write.Put<R> reread(Table<R> table, Object row) {
        try {
            R read = JSON.readValue(JSON.writeValueAsBytes(row), table.rowType());
            if (!row.equals(read)) {
                throw new Violation("durable",
                        "a row of " + table + " was not read as it was written, " + row + ", but as " + read);
            }
            return new Write.Put<>(table, read);
        } catch (JsonProcessingException e) {
            throw new Violation("durable", "a row of " + table + " cannot be stored or read: " + row, e);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
