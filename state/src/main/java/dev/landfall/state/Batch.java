package dev.landfall.state;

import dev.landfall.state.Journal.Entry;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The stored form of several entries: for each the table, the key and the row, each behind its length. A length is a
 * number of seven bits a byte, the lowest first; that of a row is one more than it is, and 0 for a deletion.
 */
final class Batch {
    private static final int LOW_BITS = 0x7F;
    private static final int MORE = 0x80;

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    void add(Entry entry) {
        add(entry.table().getBytes(StandardCharsets.UTF_8), 0);
        add(entry.key().getBytes(StandardCharsets.UTF_8), 0);
        entry.row().ifPresentOrElse(row -> add(row, 1), () -> addLength(0));
    }

    private void add(byte[] part, int more) {
        addLength(part.length + more);
        bytes.writeBytes(part);
    }

    private void addLength(int length) {
        int rest = length;
        while (rest > LOW_BITS) {
            bytes.write(rest & LOW_BITS | MORE);
            rest >>>= 7;
        }
        bytes.write(rest);
    }

    int size() {
        return bytes.size();
    }

    boolean isEmpty() {
        return bytes.size() == 0;
    }

    byte[] take() {
        byte[] taken = bytes.toByteArray();
        bytes.reset();
        return taken;
    }

    /**
     * The entries, in the order they were added in.
     *
     * @throws RuntimeException of any kind if these are not the bytes of a batch
     */
    static List<Entry> read(byte[] stored) {
        var buffer = ByteBuffer.wrap(stored);
        var entries = new ArrayList<Entry>();
        String table = "";
        byte[] tableBytes = new byte[0];
        while (buffer.hasRemaining()) {
            byte[] name = part(buffer, length(buffer));
            if (!java.util.Arrays.equals(name, tableBytes)) { // most batches are of few tables
                tableBytes = name;
                table = new String(name, StandardCharsets.UTF_8);
            }
            String key = new String(part(buffer, length(buffer)), StandardCharsets.UTF_8);
            int row = length(buffer);
            entries.add(new Entry(table, key, row == 0 ? Optional.empty() : Optional.of(part(buffer, row - 1))));
        }
        return entries;
    }

    private static byte[] part(ByteBuffer buffer, int length) {
        if (length < 0 || length > buffer.remaining()) {
            throw new IllegalArgumentException("a part of " + length + " bytes where "
                    
                     + buffer.remaining() + " are left");
        }
        byte[] part = new byte[length];
        buffer.get(part);
        return part;
    }

    private static int length(ByteBuffer buffer) {
        int length = 0;
        int shift = 0;
        while (true) {
            byte next = buffer.get();
            length |= (next & LOW_BITS) << shift;
            if ((next & MORE) == 0) {
                return length;
            }
            shift += 7;
        }
    }
}
