package dev.landfall.state;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import dev.landfall.state.Journal.DataDirectoryException;
import dev.landfall.state.Journal.JournalException;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * The only writer of the state. Two threads work as a pipeline: one decides operations in order against the newest image,
 * durable or not yet; the other makes what was decided durable, all that waits in one group, and only then publishes the
 * image, answers the callers, releases the effects and tells the followers. So an operation may build on a decision whose
 * group is still being written, but nobody outside learns of either before both are durable.
 *
 * <p>When the journal refuses a group (a full disk), all decisions of the group and all that were built on it fail, the
 * newest image is the published one again, and the writer goes on.
 */
public final class Writer implements AutoCloseable {
    /** About a second of decisions at the rate we aim for; a caller beyond that waits in {@link #submit}. */
    private static final int WAITING_MAX = 10_000;

    /** Bounds one transaction, and with it the time until the first caller of a group hears back. */
    private static final int GROUP_MAX = 2_000;

    private static final System.Logger LOG = System.getLogger(Writer.class.getName());

    private record Submitted<A>(Operation<A> operation, CompletableFuture<A> answer) {}

    private record Decided<A>(Decision<A> decision, CompletableFuture<A> answer) {
        void succeed() {
            answer.complete(decision.reply());
        }
    }

    private final Journal journal;
    private final ObjectMapper json;
    private final Clock clock;
    private final Context.Ids ids;
    private final ArrayBlockingQueue<Submitted<?>> submitted = new ArrayBlockingQueue<>(WAITING_MAX);
    private final List<Consumer<Effect>> effectReceivers = new CopyOnWriteArrayList<>();
    private final List<Consumer<Commit>> followers = new CopyOnWriteArrayList<>();

    /** Guards {@code head}, {@code group} and {@code closing}. */
    private final ReentrantLock lock = new ReentrantLock();

    private final Condition groupChanged = lock.newCondition();
    private List<Decided<?>> group = new ArrayList<>();
    private Image head;
    private boolean closing;

    private volatile Image published;
    private final Thread deciding;
    private final Thread writing;

    /**
     * Loads the journal and starts.
     *
     * @throws DataDirectoryException if a stored row cannot be read
     */
    public Writer(Journal journal, List<Table<?>> schema, ObjectMapper json, Clock clock, Context.Ids ids) {
        this.journal = journal;
        this.json = json;
        this.clock = clock;
        this.ids = ids;
        Image loaded = Image.empty(schema);
        for (Table<?> table : schema) {
            loaded = load(loaded, table);
        }
        this.head = loaded;
        this.published = loaded;
        this.deciding = Thread.ofPlatform().name("decide").daemon().start(this::decideAll);
        this.writing = Thread.ofPlatform().name("journal").daemon().start(this::writeAll);
    }

    private <R> Image load(Image image, Table<R> table) {
        ObjectReader reader = json.readerFor(table.rowType());
        var rows = new TreeMap<String, R>();
        journal.load(table.name(), (key, bytes) -> {
            try {
                rows.put(key, reader.readValue(bytes));
            } catch (IOException e) {
                throw new DataDirectoryException("the row " + key + " of table " + table.name() + " cannot be read: "
                        + e.getMessage(), e);
            }
        });
        return Image.withRows(image, table, rows);
    }

    /** The newest durable image. */
    public Image image() {
        return published;
    }

    /** Hands every effect to {@code receiver}, in order, on the journal's thread: it must not block. */
    public void onEffect(Consumer<Effect> receiver) {
        effectReceivers.add(receiver);
    }

    /** Tells {@code follower} of every commit from now on, in order, on the journal's thread: it must not block. */
    public void follow(Consumer<Commit> follower) {
        followers.add(follower);
    }

    /**
     * Decides, and returns when the decision is durable. Throws what the operation threw.
     *
     * @throws JournalException if it could not be made durable; nothing has changed then
     */
    public <A> A submit(Operation<A> operation) {
        var answer = new CompletableFuture<A>();
        try {
            submitted.put(new Submitted<>(operation, answer));
            if (!deciding.isAlive()) {
                throw new IllegalStateException("the writer is closed");
            }
            return answer.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for a decision", e);
        }
    }

    private void decideAll() {
        try {
            while (true) {
                decide(submitted.take());
            }
        } catch (InterruptedException e) {
            var closed = new IllegalStateException("the writer is closed");
            for (var left = submitted.poll(); left != null; left = submitted.poll()) {
                left.answer.completeExceptionally(closed);
            }
        }
    }

    private <A> void decide(Submitted<A> next) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (group.size() >= GROUP_MAX) {
                groupChanged.await();
            }
            Decision<A> decision = next.operation.decide(head, new Context(clock.instant(), ids));
            head = head.apply(decision.writes());
            group.add(new Decided<>(decision, next.answer));
            groupChanged.signalAll();
        } catch (RuntimeException | Error e) { // also an Error: the caller must hear, and the next operation have its turn
            next.answer.completeExceptionally(e);
        } finally {
            lock.unlock();
        }
    }

    private void writeAll() {
        while (true) {
            List<Decided<?>> taken;
            Image image;
            lock.lock();
            try {
                while (group.isEmpty() && !closing) {
                    groupChanged.awaitUninterruptibly();
                }
                if (group.isEmpty()) {
                    return;
                }
                taken = group;
                group = new ArrayList<>();
                image = head;
                groupChanged.signalAll();
            } finally {
                lock.unlock();
            }
            commit(taken, image);
        }
    }

    private void commit(List<Decided<?>> taken, Image image) {
        List<Write<?>> writes = taken.stream().<Write<?>>flatMap(decided -> decided.decision.writes().stream()).toList();
        try {
            if (!writes.isEmpty()) {
                journal.append(entries(writes));
            }
        } catch (RuntimeException e) {
            fail(taken, e instanceof JournalException ? e : new JournalException("the journal failed", e));
            return;
        }
        var commit = new Commit(published, image, writes);
        published = image;
        taken.forEach(Decided::succeed);
        for (Decided<?> decided : taken) {
            decided.decision.effects().forEach(effect -> effectReceivers.forEach(receiver -> tell(receiver, effect)));
        }
        followers.forEach(follower -> tell(follower, commit));
    }

    /** A receiver that throws is a bug of ours; it must not cost the others their turn, nor stop the journal. */
    private static <T> void tell(Consumer<T> receiver, T news) {
        try {
            receiver.accept(news);
        } catch (RuntimeException e) {
            LOG.log(Level.ERROR, "a receiver of durable decisions failed", e);
        }
    }

    /** Later decisions were made on the image that is not going to be durable: they fail with it. */
    private void fail(List<Decided<?>> taken, RuntimeException cause) {
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

    /** The last state of each written row: within a group only that has to be stored. */
    private List<Journal.Entry> entries(List<Write<?>> writes) {
        var last = new LinkedHashMap<String, Write<?>>();
        writes.forEach(write -> last.put(write.table().name() + ' ' + write.key(), write));
        return last.values().stream().map(this::entry).toList();
    }

    private Journal.Entry entry(Write<?> write) {
        return switch (write) {
            case Write.Delete<?>(var table, var key) -> new Journal.Entry(table.name(), key, Optional.empty());
            case Write.Put<?>(var table, var row) -> {
                try {
                    yield new Journal.Entry(table.name(), write.key(), Optional.of(json.writeValueAsBytes(row)));
                } catch (JsonProcessingException e) {
                    throw new IllegalStateException("a row of " + table.name() + " cannot be written as JSON", e);
                }
            }
        };
    }

    /** Lets what was decided become durable, refuses the rest, and closes the journal. */
    @Override
    public void close() {
        deciding.interrupt();
        lock.lock();
        try {
            closing = true;
            groupChanged.signalAll();
        } finally {
            lock.unlock();
        }
        try {
            deciding.join();
            writing.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        journal.close();
    }
}
