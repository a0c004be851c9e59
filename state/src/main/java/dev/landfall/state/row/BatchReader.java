package dev.landfall.state.row;

import java.util.ArrayList;
import java.util.List;

/** The entries of a batch: all keys at once, each row when it is asked for. Confined to one thread at a time. */
public final class BatchReader {
    private final RowReader in;
    private final List<Entry> entries = new ArrayList<>();

    /** One row of a batch, or that it was deleted; {@code at} is where the row begins. */
    public record Entry(String table, String key, boolean deleted, int at) {}

    /** A batch by itself. */
    public BatchReader(byte[] batch) {
        this(batch, new SharedTexts(1));
    }

    /**
     * @param shared of all batches that are read together
     * @throws IllegalArgumentException if these are not the bytes of a batch
     */
    public BatchReader(byte[] batch, SharedTexts shared) {
        in = new RowReader(batch, shared);
        while (!in.atEnd()) {
            String table = in.text(in.length());
            String key = in.text(in.length());
            int length = in.fixed();
            int from = in.position();
            boolean deleted = length == BatchWriter.DELETED;
            if (!deleted) {
                in.skip(length);
            }
            entries.add(new Entry(table, key, deleted, from));
        }
    }

    /** In the order they were written in. */
    public List<Entry> entries() {
        return entries;
    }

    /** @throws RuntimeException of any kind if the row is not of that form */
    public <R> R row(Entry entry, Form<R> form) {
        in.moveTo(entry.at);
        return form.read(in);
    }
}
