package dev.landfall.elb;

import dev.landfall.elb.edge.EdgeFeed;
import dev.landfall.elb.target.FinishDraining;
import dev.landfall.elb.target.FinishDraining.Due;
import dev.landfall.state.Commit;
import dev.landfall.state.Decisions;
import dev.landfall.state.Journal.JournalException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;

/**
 * The thread that has the delay of draining targets begin, when all data planes know that they drain, and has them
 * forgotten when it is over: who has a target stopped waits for that. A data plane that has been away for too long is
 * forgotten as well.
 */
final class DrainingTimer implements AutoCloseable {
    /** After the journal has failed. */
    private static final Duration RETRY = Duration.ofSeconds(1);

    private final Decisions writer;
    private final InstantSource clock;
    private final EdgeFeed feed;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Thread thread;

    DrainingTimer(Decisions writer, InstantSource clock, EdgeFeed feed) {
        this.writer = writer;
        this.clock = clock;
        this.feed = feed;
        writer.follow(this::note);
        feed.reach().follow(this::signal);
        this.thread = Thread.ofVirtual().name("elb-draining").start(this::run);
    }

    private void note(Commit commit) {
        if (commit.writes().stream().anyMatch(write ->
                write.table() == ElbTables.TARGETS || write.table() == ElbTables.CLASSIC)) {
            signal();
        }
    }

    private void signal() {
        lock.lock();
        try {
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    private void run() {
        try {
            while (true) {
                Due due = await();
                try {
                    feed.forgetLost();
                    if (!due.isNothing()) {
                        writer.submit((image, context) -> FinishDraining.decide(image, due));
                    }
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

    /** Until something is due, or a data plane has been away for too long: then there is nothing. */
    private Due await() throws InterruptedException {
        lock.lock();
        try {
            while (true) {
                Instant now = clock.instant();
                Due due = due(now);
                if (!due.isNothing() || !feed.reach().lost().isEmpty()) {
                    return due;
                }
                Optional<Instant> next = next(now);
                if (next.isEmpty()) {
                    changed.await();
                } else {
                    changed.awaitNanos(Duration.between(now, next.get()).toNanos());
                }
            }
        } finally {
            lock.unlock();
        }
    }

    private Due due(Instant now) {
        return FinishDraining.due(feed.noted(), now, feed.reach()::reached);
    }

    /** When time alone will bring something. */
    private Optional<Instant> next(Instant now) {
        return Stream.of(FinishDraining.next(feed.noted(), now), feed.reach().patience())
                .flatMap(Optional::stream).min(Instant::compareTo);
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
