package dev.landfall.sim.plane;

import dev.landfall.ecs.EcsTables;
import dev.landfall.state.Image;
import dev.landfall.state.Journal.JournalException;
import dev.landfall.state.Table;
import dev.landfall.state.Write;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What is durable: the rows as they were written, and on a restart as they are read back. Rows are immutable, so that
 * encoding them at the restart is the same as when they were written, and only those are encoded that matter.
 */
public final class Store {
    private final Map<Table<?>, TreeMap<String, Object>> rows = new LinkedHashMap<>();
    private final ReadBack readBack;
    private int refusals;
    private int losses;
    private boolean garbling;

    Store(ReadBack readBack) {
        this.readBack = readBack;
        EcsTables.ALL.forEach(table -> rows.put(table, new TreeMap<>()));
    }

    /** The next appends fail, as on a full disk. */
    public void refuse(int appends) {
        refusals = appends;
    }

    /** The next appends are said to be durable and are not: a bug for tests to find. */
    public void lose(int appends) {
        losses = appends;
    }

    /** What is read from now on has a bit changed in each table: likewise. */
    public void garble() {
        garbling = true;
    }

    /** Whether the disk is full just now. */
    public boolean refusing() {
        return refusals > 0;
    }

    /** @throws JournalException if the disk is full */
    void append(List<Write<?>> writes) {
        if (refusals > 0) {
            refusals--;
            throw new JournalException("the simulated disk is full", null);
        }
        if (losses > 0) {
            losses--;
            return;
        }
        for (Write<?> write : writes) {
            var table = rows.get(write.table());
            switch (write) {
                case Write.Put<?>(var any, var row) -> table.put(write.key(), row);
                case Write.Delete<?>(var any, var key) -> table.remove(key);
            }
        }
    }

    /** The image that a new process makes of what is durable. Each row must be read as it was written. */
    Image load() {
        var writes = new ArrayList<Write<?>>();
        rows.forEach((table, stored) -> reread(table, stored, writes));
        return Image.empty(EcsTables.ALL).apply(writes);
    }

    private <R> void reread(Table<R> table, TreeMap<String, Object> stored, List<Write<?>> writes) {
        readBack.of(table, stored, this::kept).forEach((key, row) -> {
            stored.put(key, row);
            writes.add(Write.put(table, row));
        });
    }

    private byte[] kept(byte[] batch) {
        if (garbling) {
            batch[batch.length - 1] ^= 1;
        }
        return batch;
    }
}
