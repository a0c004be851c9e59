package dev.landfall.elb;

import dev.landfall.state.Journal;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;

/** A journal in memory, whose content outlives the writer that used it. */
public final class MemoryJournal implements Journal {
    private final Map<String, Map<String, byte[]>> stored;

    public MemoryJournal() {
        this(new TreeMap<>());
    }

    private MemoryJournal(Map<String, Map<String, byte[]>> stored) {
        this.stored = stored;
    }

    /** What is durable now, as the next process finds it; what is appended here later is not in it. */
    public synchronized MemoryJournal afterCrash() {
        var copy = new TreeMap<String, Map<String, byte[]>>();
        stored.forEach((table, rows) -> copy.put(table, new TreeMap<>(rows)));
        return new MemoryJournal(copy);
    }

    @Override
    public synchronized void load(Consumer<Entry> entries) {
        stored.forEach((table, rows) ->
                rows.forEach((key, row) -> entries.accept(new Entry(table, key, Optional.of(row)))));
    }

    @Override
    public synchronized void append(List<Entry> entries) {
        for (Entry entry : entries) {
            var rows = stored.computeIfAbsent(entry.table(), any -> new TreeMap<>());
            entry.row().ifPresentOrElse(row -> rows.put(entry.key(), row), () -> rows.remove(entry.key()));
        }
    }

    @Override
    public void close() {}
}
