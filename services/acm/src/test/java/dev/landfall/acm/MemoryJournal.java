package dev.landfall.acm;

import dev.landfall.state.Journal;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** A journal in memory, whose content outlives the writer that used it. */
final class MemoryJournal implements Journal {
    private final List<byte[]> stored;

    MemoryJournal() {
        this(List.of());
    }

    private MemoryJournal(List<byte[]> stored) {
        this.stored = new ArrayList<>(stored);
    }

    /** What is durable now, as the next process finds it. */
    synchronized MemoryJournal afterCrash() {
        return new MemoryJournal(stored);
    }

    @Override
    public synchronized void load(Consumer<byte[]> appended, Consumer<byte[]> snapshot) {
        stored.reversed().forEach(appended);
    }

    @Override
    public synchronized void append(List<byte[]> batches) {
        stored.addAll(batches);
    }

    @Override
    public void close() {}
}
