package dev.landfall.state;

import dev.landfall.state.row.BatchReader;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** A journal in memory that a test can hold, and make fail. Once held, each append waits for a {@link #release}. */
final class HeldJournal implements Journal {
    private final List<List<byte[]>> batches = new CopyOnWriteArrayList<>();
    private final Semaphore permits = new Semaphore(0);
    private final LinkedBlockingQueue<List<byte[]>> entered = new LinkedBlockingQueue<>();
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
    HeldJournal reopened() {
        var next = new HeldJournal();
        next.batches.addAll(batches);
        return next;
    }

    /** Makes the next append that is let through throw. */
    void failNext(Throwable failure) {
        failures.add(failure);
    }

    /** Waits until an append has begun that was not reported before. */
    List<byte[]> awaitAppend() throws InterruptedException {
        var batch = entered.poll(Await.DEADLINE.toSeconds(), TimeUnit.SECONDS);
        if (batch == null) {
            throw new AssertionError("nothing was appended");
        }
        return batch;
    }

    /** What became durable, group by group. */
    List<List<BatchReader.Entry>> groups() {
        return batches.stream().map(group ->
                group.stream().flatMap(batch -> new BatchReader(batch).entries().stream()).toList()).toList();
    }

    boolean isClosed() {
        return closed;
    }

    @Override
    public void load(Consumer<byte[]> appended, Consumer<byte[]> snapshot) {
        if (started) {
            throw new IllegalStateException("loaded after the start");
        }
        batches.reversed().forEach(group -> group.reversed().forEach(appended));
    }

    @Override
    public void start() {
        started = true;
    }

    @Override
    public void append(List<byte[]> group) {
        if (!started || closed || group.isEmpty()) {
            throw new AssertionError("an append that must not be");
        }
        entered.add(group);
        if (held) {
            permits.acquireUninterruptibly();
        }
        switch (failures.poll()) {
            case RuntimeException failure -> throw failure;
            case Error failure -> throw failure;
            case null, default -> { }
        }
        batches.add(group);
    }

    @Override
    public void close() {
        closed = true;
    }
}
