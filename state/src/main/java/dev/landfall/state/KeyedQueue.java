package dev.landfall.state;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Keys that need another look. A key waits at most once, and no two workers hold the same key; a key added while it is
 * being worked on comes back when the worker is {@linkplain #done done}. Safe for any thread.
 */
public final class KeyedQueue<K> {
    private record Later<K>(long atNanos, K key) {}

    /** A delay beyond a year is a year, so that the sums of clock and delay cannot overflow. */
    private static final Duration DELAY_MAX = Duration.ofDays(365);

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition ready = lock.newCondition();
    private final Queue<K> waiting = new ArrayDeque<>();
    private final Set<K> dirty = new HashSet<>();
    private final Set<K> working = new HashSet<>();
    private final PriorityQueue<Later<K>> later =
            new PriorityQueue<>((a, b) -> Long.signum(a.atNanos - b.atNanos));
    private final Map<K, Long> soonest = new HashMap<>();

    public void add(K key) {
        lock.lock();
        try {
            enqueue(key);
        } finally {
            lock.unlock();
        }
    }

    /** Adds the key once {@code delay} has passed; of several delays for a key the shortest counts. */
    public void addAfter(K key, Duration delay) {
        lock.lock();
        try {
            long at = System.nanoTime() + (delay.compareTo(DELAY_MAX) > 0 ? DELAY_MAX : delay).toNanos();
            Long earlier = soonest.get(key);
            if (earlier == null || at - earlier < 0) {
                soonest.put(key, at);
                later.add(new Later<>(at, key));
                ready.signal();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Waits for a key. The caller must call {@link #done} with it. */
    public K take() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (true) {
                enqueueDue();
                if (!waiting.isEmpty()) {
                    K key = waiting.remove();
                    dirty.remove(key);
                    working.add(key);
                    wakeAnother();
                    return key;
                }
                if (later.isEmpty()) {
                    ready.await();
                } else {
                    ready.await(later.peek().atNanos - System.nanoTime(), TimeUnit.NANOSECONDS);
                }
            }
        } finally {
            lock.unlock();
        }
    }

    /**
     * Ends the work on a key.
     *
     * @throws IllegalStateException if the key was not taken: whoever holds it could lose it to another worker
     */
    public void done(K key) {
        lock.lock();
        try {
            if (!working.remove(key)) {
                throw new IllegalStateException("the key was not taken: " + key);
            }
            if (dirty.contains(key)) {
                waiting.add(key);
                ready.signal();
            }
        } finally {
            lock.unlock();
        }
    }

    /** A worker that leaves may have been the only one to watch the clock, or have taken a signal meant for more. */
    private void wakeAnother() {
        if (!waiting.isEmpty() || !later.isEmpty()) {
            ready.signal();
        }
    }

    private void enqueueDue() {
        long now = System.nanoTime();
        while (!later.isEmpty() && later.peek().atNanos - now <= 0) {
            Later<K> due = later.remove();
            if (soonest.remove(due.key, due.atNanos)) {
                enqueue(due.key);
            }
        }
    }

    private void enqueue(K key) {
        if (dirty.add(key) && !working.contains(key)) {
            waiting.add(key);
            ready.signal();
        }
    }
}
