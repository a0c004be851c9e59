package dev.landfall.state;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** A journal in memory that a test can hold, and make fail. Once held, each append waits for a {@link #release}. */
final class HeldJournal implements Journal {
    private final Map<String, Map<String, byte[]>> stored = new TreeMap<>();
    private final List<List<Entry>> batches = new CopyOnWriteArrayList<>();
    private final Semaphore permits = new Semaphore(0);
    private final LinkedBlockingQueue<List<Entry>> entered = new LinkedBlockingQueue<>();
    private final LinkedBlockingQueue<Throwable> failures = new LinkedBlockingQueue<>();
    private volatile boolean held;
    private volatile boolean started;
    private volatile boolean closed;

    void hold() {
        held = true;
    }

    /** Lets the append that waits now, or the next, go on. */
    void release() {
        permits.release();
    }

    void releaseAll() {
        held = false;
        permits.release(1_000_000);
    }

    /** Undoes what {@link #releaseAll} left over. */
    void takeBackPermits() {
        permits.drainPermits();
    }

    /** What was stored, as after a restart. */
    synchronized HeldJournal reopened() {
        var next = new HeldJournal();
        next.stored.putAll(stored);
        return next;
    }

    /** Makes the next append that is let through throw. */
    void failNext(Throwable failure) {
        failures.add(failure);
    }

    /** Waits until an append has begun that was not reported before. */
    List<Entry> awaitAppend() throws InterruptedException {
        var batch = entered.poll(Await.DEADLINE.toSeconds(), TimeUnit.SECONDS);
        if (batch == null) {
            throw new AssertionError("nothing was appended");
        }
        return batch;
    }

    /** The batches that became durable. */
    List<List<Entry>> batches() {
        return List.copyOf(batches);
    }

    boolean isClosed() {
        return closed;
    }

    @Override
    public synchronized void load(Consumer<Entry> entries) {
        if (started) {
            throw new IllegalStateException("loaded after the start");
        }
        stored.forEach((table, rows) ->
                rows.forEach((key, row) -> entries.accept(new Entry(table, key, Optional.of(row)))));
    }

    @Override
    public void start() {
        started = true;
    }

    @Override
    public void append(List<Entry> entries) {
        if (!started || closed || entries.isEmpty()) {
            throw new AssertionError("an append that must not be");
        }
        entered.add(entries);
        if (held) {
            permits.acquireUninterruptibly();
        }
        switch (failures.poll()) {
            case RuntimeException failure -> throw failure;
            case Error failure -> throw failure;
            case null, default -> { }
        }
        store(entries);
        batches.add(new ArrayList<>(entries));
    }

    private synchronized void store(List<Entry> entries) {
        for (Entry entry : entries) {
            var rows = stored.computeIfAbsent(entry.table(), any -> new TreeMap<>());
            entry.row().ifPresentOrElse(row -> rows.put(entry.key(), row), () -> rows.remove(entry.key()));
        }
    }

    @Override
    public void close() {
        closed = true;
    }
}
