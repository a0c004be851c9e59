package dev.landfall.wire.http;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Ends receptions that take too long, by interrupting the virtual thread that reads: an interrupt closes the socket
 * under a virtual thread, which is the only end a client that sends a byte a minute deserves. One daemon thread looks
 * at all of them a few times per timeout; watching costs a set insertion.
 */
final class Watchdog implements AutoCloseable {
    private static final int LOOKS_PER_TIMEOUT = 8;

    private final long timeoutNanos;
    private final Set<Watch> watches = ConcurrentHashMap.newKeySet();
    private final Thread patrol;

    Watchdog(Duration timeout) {
        timeoutNanos = timeout.toNanos();
        patrol = Thread.ofVirtual().name("wire-watchdog").start(this::patrol);
    }

    /** Watches the calling thread until the watch is closed. */
    Watch watch() {
        Watch watch = new Watch(Thread.currentThread(), System.nanoTime() + timeoutNanos);
        watches.add(watch);
        return watch;
    }

    private void patrol() {
        try {
            while (true) {
                Thread.sleep(Duration.ofNanos(Math.max(1, timeoutNanos / LOOKS_PER_TIMEOUT)));
                long now = System.nanoTime();
                for (Watch watch : watches) {
                    if (now - watch.deadline > 0) {
                        watch.expire();
                    }
                }
            }
        } catch (InterruptedException e) {
            // Closed.
        }
    }

    @Override
    public void close() {
        patrol.interrupt();
    }

    private enum State {
        OPEN,
        CLOSED,
        EXPIRING,
        EXPIRED
    }

    final class Watch implements AutoCloseable {
        private final Thread thread;
        private final long deadline;
        private final AtomicReference<State> state = new AtomicReference<>(State.OPEN);

        private Watch(Thread thread, long deadline) {
            this.thread = thread;
            this.deadline = deadline;
        }

        private void expire() {
            if (state.compareAndSet(State.OPEN, State.EXPIRING)) {
                watches.remove(this);
                thread.interrupt();
                state.set(State.EXPIRED);
            }
        }

        boolean isExpired() {
            return state.get() == State.EXPIRING || state.get() == State.EXPIRED;
        }

        /** Afterwards no interrupt of this watch is left, nor will one come. */
        @Override
        public void close() {
            watches.remove(this);
            if (!state.compareAndSet(State.OPEN, State.CLOSED)) {
                while (state.get() == State.EXPIRING) {
                    Thread.onSpinWait();
                }
                Thread.interrupted();
            }
        }
    }
}
