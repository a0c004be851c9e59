package dev.landfall.state.row;

/**
 * Rows that are written together: for each the table, the key and the row, or that it was deleted. What they have in
 * common is stored once. Confined to one thread.
 */
public final class BatchWriter {
    static final int DELETED = -1;

    private RowWriter out = new RowWriter();
    private long textBytes;

    public <R> void put(String table, String key, Form<R> form, R row) {
        int texts = head(table, key);
        int length = out.reserve();
        int from = out.size();
        form.write(row, out);
        out.setFixed(length, out.size() - from);
        textBytes += out.bytesOfTexts(texts);
    }

    public void delete(String table, String key) {
        int texts = head(table, key);
        out.setFixed(out.reserve(), DELETED);
        textBytes += out.bytesOfTexts(texts);
    }

    /** How many texts there were before. */
    private int head(String table, String key) {
        int texts = out.texts();
        out.length(out.numberOf(table));
        out.length(out.numberOf(key));
        return texts;
    }

    public boolean isEmpty() {
        return out.size() == 0;
    }

    /** About as many bytes as {@link #take} would give. */
    public long size() {
        return out.size() + textBytes;
    }

    /** The batch; the next row begins another. */
    public byte[] take() {
        byte[] batch = out.toBytes();
        out = new RowWriter();
        textBytes = 0;
        return batch;
    }
}
