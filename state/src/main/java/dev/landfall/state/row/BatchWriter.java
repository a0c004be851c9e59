package dev.landfall.state.row;

/**
 * Rows that are written together: for each the table, the key and the row, or that it was deleted. What they have in
 * common is stored once. Confined to one thread.
 */
public final class BatchWriter {
    static final int DELETED = -1;

    private RowWriter out = new RowWriter();

    public <R> void put(String table, String key, Form<R> form, R row) {
        head(table, key);
        int length = out.values().reserve();
        int from = out.values().size();
        form.write(row, out);
        out.values().set(length, out.values().size() - from);
    }

    public void delete(String table, String key) {
        head(table, key);
        out.values().set(out.values().reserve(), DELETED);
    }

    private void head(String table, String key) {
        out.values().length(out.numberOf(table));
        out.values().length(out.numberOf(key));
    }

    public boolean isEmpty() {
        return out.values().size() == 0;
    }

    /** About as many bytes as {@link #take} would give. */
    public int size() {
        return out.size();
    }

    /** The batch; the next row begins another. */
    public byte[] take() {
        byte[] batch = out.toBytes();
        out = new RowWriter();
        return batch;
    }
}
