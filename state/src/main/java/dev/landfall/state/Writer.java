package dev.landfall.state;

import dev.landfall.state.Journal.DataDirectoryException;
import dev.landfall.state.Journal.JournalException;
import dev.landfall.state.row.Forms;
import java.lang.System.Logger.Level;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * The only writer of the state. Two threads work as a pipeline: one decides operations in order against the newest
 * image, durable or not yet; the other makes what was decided durable, all that waits in one group, and only then
 * publishes the image, answers the callers, releases the effects and tells the followers. So an operation may build on
 * a decision whose group is still being written, but nobody outside learns of either before both are durable. That
 * holds for refusals too: an operation that throws because of such a decision is answered in its group.
 *
 * <p>When the journal refuses a group (a full disk), all decisions of the group and all that were built on it fail, the
 * newest image is the published one again, and the writer goes on. An operation that is being decided at that moment is
 * decided again, on the published image: it must be the pure function that {@link Operation} asks for.
 */
public final class Writer implements Decisions, AutoCloseable {
    /** About a second of decisions at the rate we aim for; a caller beyond that waits in {@link #submit}. */
    private static final int WAITING_MAX = 10_000;

    /** Bounds one transaction, and with it the time until the first caller of a group hears back. */
    private static final int GROUP_MAX = 2_000;

    private static final Duration SNAPSHOT_RETRY = Duration.ofMinutes(5);

    private static final System.Logger LOG = System.getLogger(Writer.class.getName());

    private record Submitted<A>(Operation<A> operation, CompletableFuture<A> answer) {
        Decided decide(Image image, Context context) {
            try {
                Decision<A> decision = operation.decide(image, context);
                return new Decided(decision.writes(), decision.effects(), decision.after(image),
                        () -> answer.complete(decision.reply()), answer);
            } catch (RuntimeException | Error e) { // also an Error: the caller must hear, and the next have its turn
                return new Decided(List.of(), List.of(), image, () -> answer.completeExceptionally(e), answer);
            }
        }
    }

    private record Decided(List<Write<?>> writes, List<Effect> effects, Image after, Runnable succeed,
            CompletableFuture<?> answer) {}

    private final Journal journal;
    private final Forms forms;
    private final Clock clock;
    private final Context.Ids ids;
    private final ArrayBlockingQueue<Submitted<?>> submitted = new ArrayBlockingQueue<>(WAITING_MAX);
    private final List<Consumer<Effect>> effectReceivers = new CopyOnWriteArrayList<>();
    private final List<Consumer<Commit>> followers = new CopyOnWriteArrayList<>();

    /**
     * Guards {@code head}, {@code group} and {@code allDecided}; held for moments, never during a decision or a write.
     */
    private final ReentrantLock lock = new ReentrantLock();

    private final Condition groupChanged = lock.newCondition();
    private List<Decided> group = new ArrayList<>();
    private Image head;
    private boolean allDecided;

    private volatile boolean closed;
    private volatile Image published;
    private final Thread deciding;
    private final Thread writing;

    /** Only the journal's thread starts one. */
    private volatile Thread snapshot = Thread.ofPlatform().unstarted(() -> {});

    private volatile long noSnapshotBefore = System.nanoTime();

    /**
     * Loads the journal and starts. The journal is closed with the writer, and at once if it cannot be loaded.
     *
     * @throws DataDirectoryException if a stored row cannot be read
     */
    public Writer(Journal journal, List<Table<?>> schema, Forms forms, Clock clock, Context.Ids ids) {
        this.journal = journal;
        this.forms = forms;
        this.clock = clock;
        this.ids = ids;
        this.published = loaded(journal, schema, forms);
        this.head = published;
        this.deciding = Thread.ofPlatform().name("decide").daemon().start(this::decideAll);
        this.writing = Thread.ofPlatform().name("journal").daemon().start(this::writeAll);
    }

    private static Image loaded(Journal journal, List<Table<?>> schema, Forms forms) {
        try (var loading = new Loading(journal, forms)) {
            Image image = loading.load(schema);
            journal.start();
            return image;
        } catch (RuntimeException | Error e) {
            try {
                journal.close();
            } catch (RuntimeException suppressed) {
                e.addSuppressed(suppressed);
            }
            throw e;
        }
    }

    @Override
    public Image image() {
        return published;
    }

    /** On the journal's thread. */
    @Override
    public void onEffect(Consumer<Effect> receiver) {
        effectReceivers.add(receiver);
    }

    /** On the journal's thread. */
    @Override
    public void follow(Consumer<Commit> follower) {
        followers.add(follower);
    }

    /**
     * {@inheritDoc}
     *
     * @throws IllegalStateException if the writer is closed, or on the writer's own threads, which would wait for
     * themselves
     */
    @Override
    public <A> A submit(Operation<A> operation) {
        if (isOwnThread()) {
            throw new IllegalStateException("a decision cannot be submitted by another, nor by a receiver or follower");
        }
        var next = new Submitted<>(operation, new CompletableFuture<A>());
        try {
            submitted.put(next);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for a decision", e);
        }
        if (closed && submitted.removeIf(waiting -> waiting == next)) { // else the deciding thread has taken it
            throw refusal();
        }
        try {
            return next.answer.join();
        } catch (CompletionException e) {
            switch (e.getCause()) {
                case RuntimeException cause -> throw cause;
                case Error cause -> throw cause;
                default -> throw e;
            }
        }
    }

    private boolean isOwnThread() {
        var current = Thread.currentThread();
        return current == deciding || current == writing;
    }

    private static IllegalStateException refusal() {
        return new IllegalStateException("the writer is closed");
    }

    /**
     * Ends after {@link #close} has set {@code closed}. Whoever adds an operation after the last one was drained here
     * sees {@code closed} and takes it out again, so none is left without an answer.
     */
    private void decideAll() {
        boolean interrupted = false; // by an operation; nobody else knows this thread
        while (!closed) {
            try {
                var next = submitted.take();
                if (closed) {
                    next.answer.completeExceptionally(refusal());
                } else {
                    decide(next);
                }
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        for (var left = submitted.poll(); left != null; left = submitted.poll()) {
            left.answer.completeExceptionally(refusal());
        }
        if (interrupted) {
            LOG.log(Level.WARNING, "an operation interrupted the deciding thread");
        }
    }

    private void decide(Submitted<?> next) {
        Image base = headWithRoom();
        while (true) {
            var decided = next.decide(base, new Context(clock.instant(), ids));
            lock.lock();
            try {
                if (head == base) {
                    head = decided.after;
                    group.add(decided);
                    groupChanged.signalAll();
                    return;
                }
                base = head; // a group failed meanwhile
            } finally {
                lock.unlock();
            }
        }
    }

    private Image headWithRoom() {
        lock.lock();
        try {
            while (group.size() >= GROUP_MAX) {
                groupChanged.awaitUninterruptibly();
            }
            return head;
        } finally {
            lock.unlock();
        }
    }

    private void writeAll() {
        while (true) {
            List<Decided> taken;
            lock.lock();
            try {
                while (group.isEmpty() && !allDecided) {
                    groupChanged.awaitUninterruptibly();
                }
                if (group.isEmpty()) {
                    return;
                }
                taken = group;
                group = new ArrayList<>();
                groupChanged.signalAll();
            } finally {
                lock.unlock();
            }
            commit(taken);
        }
    }

    private void commit(List<Decided> taken) {
        try {
            var batches = Batches.of(taken.stream().flatMap(decided -> decided.writes.stream()), forms);
            if (!batches.isEmpty()) {
                journal.append(batches);
            }
        } catch (RuntimeException | Error e) { // also an Error: callers would wait for this thread for ever
            var refused = e instanceof JournalException known ? known : new JournalException("the journal failed", e);
            fail(taken, refused);
            return;
        }
        var writes = taken.stream().<Write<?>>flatMap(decided -> decided.writes.stream()).toList();
        var commit = new Commit(published, taken.getLast().after, writes);
        published = commit.after();
        taken.forEach(decided -> decided.succeed.run());
        for (Decided decided : taken) {
            decided.effects.forEach(effect -> effectReceivers.forEach(receiver -> tell(receiver, effect)));
        }
        if (commit.after() != commit.before()) { // else all were refusals
            followers.forEach(follower -> tell(follower, commit));
        }
        snapshotIfDue();
    }

    /** Between two batches the published image is exactly what the journal holds. */
    private void snapshotIfDue() {
        if (!snapshot.isAlive() && journal.snapshotDue() && System.nanoTime() - noSnapshotBefore >= 0) {
            Journal.Position position = journal.position();
            Image image = published;
            snapshot = Thread.ofPlatform().name("snapshot").daemon().priority(Thread.MIN_PRIORITY)
                    .start(() -> snapshot(position, image));
        }
    }

    private void snapshot(Journal.Position position, Image image) {
        try {
            journal.snapshot(position, untilClosed(Batches.parts(image, forms)));
        } catch (CancellationException e) {
            LOG.log(Level.DEBUG, "closed during a snapshot; the next process makes one");
        } catch (RuntimeException e) {
            noSnapshotBefore = System.nanoTime() + SNAPSHOT_RETRY.toNanos();
            LOG.log(Level.WARNING, "a snapshot failed and the journal grows on; the next try is in "
                    + SNAPSHOT_RETRY.toMinutes() + " min: " + e.getMessage());
        }
    }

    /** What ended when the writer is closed would pass for complete: it fails instead. */
    private Iterator<byte[]> untilClosed(Iterator<byte[]> parts) {
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                if (closed) {
                    throw new CancellationException();
                }
                return parts.hasNext();
            }

            @Override
            public byte[] next() {
                return parts.next();
            }
        };
    }

    /** A receiver that throws is a bug of ours; it must not cost the others their turn, nor stop the journal. */
    private static <T> void tell(Consumer<T> receiver, T news) {
        try {
            receiver.accept(news);
        } catch (RuntimeException | Error e) {
            LOG.log(Level.ERROR, "a receiver of durable decisions failed", e);
        }
    }

    /** Later decisions were made on the image that is not going to be durable: they fail with it. */
    private void fail(List<Decided> taken, JournalException cause) {
        lock.lock();
        try {
            taken.forEach(decided -> decided.answer.completeExceptionally(cause));
            group.forEach(decided -> decided.answer.completeExceptionally(cause));
            group = new ArrayList<>();
            head = published;
            groupChanged.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Lets what was decided become durable, refuses the rest, and closes the journal. */
    @Override
    public void close() {
        if (isOwnThread()) {
            throw new IllegalStateException("the writer cannot be closed by a decision, a receiver or a follower");
        }
        closed = true;
        // Wakes the deciding thread if it waits for work; if there is no room, it has work and will see the mark.
        submitted.offer(new Submitted<>((image, context) -> Decision.of(""), new CompletableFuture<>()));
        join(deciding);
        lock.lock();
        try {
            allDecided = true;
            groupChanged.signalAll();
        } finally {
            lock.unlock();
        }
        join(writing);
        join(snapshot);
        journal.close();
    }

    /** An interrupt does not cut it short: the journal must not be closed under the thread that writes it. */
    private static void join(Thread thread) {
        boolean interrupted = false;
        while (true) {
            try {
                thread.join();
                break;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
