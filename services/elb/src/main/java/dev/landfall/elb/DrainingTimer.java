package dev.landfall.elb;

import dev.landfall.elb.target.FinishDraining;
import dev.landfall.state.Commit;
import dev.landfall.state.Decisions;
import dev.landfall.state.Image;
import dev.landfall.state.Journal.JournalException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** The thread that has drained targets forgotten when it is time. */
final class DrainingTimer implements AutoCloseable {
    /** After the journal has failed. */
    private static final Duration RETRY = Duration.ofSeconds(1);

    /**
     * Within this data planes are back at a control plane that was gone. Until then they may send requests to targets
     * of which they have not heard that they leave: none is forgotten, so that none ends.
     */
    private static final Duration RETURN = Duration.ofSeconds(5);

    private final Decisions writer;
    private final InstantSource clock;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Instant notBefore;
    private final Thread thread;

    DrainingTimer(Decisions writer, InstantSource clock) {
        this.writer = writer;
        this.clock = clock;
        this.notBefore = writer.image().size(ElbTables.TARGETS) == 0 ? Instant.EPOCH : clock.instant().plus(RETURN);
        writer.follow(this::note);
        this.thread = Thread.ofVirtual().name("elb-draining").start(this::run);
    }

    private void note(Commit commit) {
        if (commit.writes().stream().anyMatch(write ->
                write.table() == ElbTables.TARGETS || write.table() == ElbTables.CLASSIC)) {
            lock.lock();
            try {
                changed.signal();
            } finally {
                lock.unlock();
            }
        }
    }

    private void run() {
        try {
            while (true) {
                awaitNext();
                try {
                    writer.submit(FinishDraining::decide);
                } catch (JournalException e) {
                    Thread.sleep(RETRY);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IllegalStateException e) {
            // the writer was closed before this
        }
    }

    private void awaitNext() throws InterruptedException {
        lock.lock();
        try {
            while (true) {
                Optional<Instant> next = next(writer.image());
                if (next.isEmpty()) {
                    changed.await();
                    continue;
                }
                Duration left = Duration.between(clock.instant(), next.get());
                if (!left.isPositive()) {
                    return;
                }
                changed.awaitNanos(left.toNanos());
            }
        } finally {
            lock.unlock();
        }
    }

    /** When the next target is to be forgotten. */
    Optional<Instant> next(Image image) {
        return FinishDraining.next(image).map(drained -> drained.isBefore(notBefore) ? notBefore : drained);
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
