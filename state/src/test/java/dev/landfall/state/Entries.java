package dev.landfall.state;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Rows for tests of a journal, which does not know what its batches hold. */
final class Entries {
    private Entries() {}

    /** A row, or that it was deleted. */
    record Entry(String table, String key, Optional<byte[]> row) {}

    static byte[] batch(List<Entry> entries) {
        var bytes = new ByteArrayOutputStream();
        try (var out = new DataOutputStream(bytes)) {
            for (Entry entry : entries) {
                out.writeUTF(entry.table);
                out.writeUTF(entry.key);
                out.writeInt(entry.row.map(row -> row.length).orElse(-1));
                out.write(entry.row.orElse(new byte[0]));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    static void append(Journal journal, List<Entry> entries) {
        journal.append(List.of(batch(entries)));
    }

    static Iterator<byte[]> parts(Iterator<Entry> rows) {
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                return rows.hasNext();
            }

            @Override
            public byte[] next() {
                return batch(List.of(rows.next()));
            }
        };
    }

    /** The newest first. */
    static void load(Journal journal, Consumer<Entry> entries) {
        journal.load(batch -> read(batch).reversed().forEach(entries), batch -> read(batch).forEach(entries));
    }

    private static List<Entry> read(byte[] batch) {
        var entries = new ArrayList<Entry>();
        try (var in = new DataInputStream(new ByteArrayInputStream(batch))) {
            while (in.available() > 0) {
                String table = in.readUTF();
                String key = in.readUTF();
                int length = in.readInt();
                entries.add(new Entry(table, key,
                        length < 0 ? Optional.empty() : Optional.of(in.readNBytes(length))));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return entries;
    }
}
