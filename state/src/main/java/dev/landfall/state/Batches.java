package dev.landfall.state;

import dev.landfall.state.row.BatchWriter;
import dev.landfall.state.row.Forms;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.stream.Stream;

/** Makes batches of writes and of images. */
final class Batches {
    /** A group larger than this becomes several batches; well below SQLite's limit of a value, 1,000,000,000. */
    private static final int BATCH_BYTES = 8 << 20;

    /** What the writing of one part of a snapshot may hold up the groups by is some milliseconds. */
    private static final int PART_BYTES = 1 << 20;

    private Batches() {}

    /** Of writes that become durable together only the last of each row counts. */
    static List<byte[]> of(Stream<Write<?>> writes, Forms forms) {
        var tables = new LinkedHashMap<Table<?>, Map<String, Write<?>>>();
        writes.forEach(write ->
                tables.computeIfAbsent(write.table(), any -> new LinkedHashMap<>()).put(write.key(), write));
        var batches = new ArrayList<byte[]>();
        var batch = new BatchWriter();
        for (Map<String, Write<?>> rows : tables.values()) {
            for (Map.Entry<String, Write<?>> row : rows.entrySet()) {
                add(batch, row.getKey(), row.getValue(), forms);
                if (batch.size() >= BATCH_BYTES) {
                    batches.add(batch.take());
                }
            }
        }
        if (!batch.isEmpty()) {
            batches.add(batch.take());
        }
        return batches;
    }

    private static void add(BatchWriter batch, String key, Write<?> write, Forms forms) {
        switch (write) {
            case Write.Delete<?>(var table, var any) -> batch.delete(table.name(), key);
            case Write.Put<?> put -> add(batch, key, put, forms);
        }
    }

    private static <R> void add(BatchWriter batch, String key, Write.Put<R> put, Forms forms) {
        batch.put(put.table().name(), key, forms.of(put.table().rowType()), put.row());
    }

    /** The rows of an image, in parts. */
    static Iterator<byte[]> parts(Image image, Forms forms) {
        Iterator<Write<?>> rows = image.tables().stream().<Write<?>>flatMap(table -> puts(image, table)).iterator();
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                return rows.hasNext();
            }

            @Override
            public byte[] next() {
                if (!rows.hasNext()) {
                    throw new NoSuchElementException();
                }
                var part = new BatchWriter();
                while (rows.hasNext() && part.size() < PART_BYTES) {
                    Write<?> row = rows.next();
                    add(part, row.key(), row, forms);
                }
                return part.take();
            }
        };
    }

    private static <R> Stream<Write<?>> puts(Image image, Table<R> table) {
        return image.all(table).stream().map(row -> Write.put(table, row));
    }
}
