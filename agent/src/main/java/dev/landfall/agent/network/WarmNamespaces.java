package dev.landfall.agent.network;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.landfall.agent.engine.ContainerFacts;
import dev.landfall.agent.engine.Engine;
import dev.landfall.agent.engine.EngineError;
import dev.landfall.agent.engine.NetworkFacts;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * Running pause containers, connected to nothing, kept ready for tasks to come. Safe for any thread.
 *
 * <p>The control plane chooses a task's address, so a namespace cannot be given its address ahead. But connecting a
 * running container is cheap. Measured on a two-core host, Engine 20.10, milliseconds: create and start of a pause
 * container with a given address 195–240; connecting a running one 25; disconnecting the default bridge from a fresh
 * one 40–60, which is done ahead. A container that joins a namespace starts in 60, one that makes its own in 170–230.
 * So a task on a warm namespace starts in about half the time of a plain container of its own.
 *
 * <p>A container started with network mode {@code none} would be quicker to warm up, but the engine refuses to connect
 * it.
 */
public final class WarmNamespaces implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(WarmNamespaces.class.getName());
    private static final String FIRST_NETWORK = "bridge";

    /** How long nothing must have gone on before a namespace is made. */
    private static final Duration QUIET = Duration.ofMillis(100);

    /** How long closing waits for a namespace in the making. */
    private static final Duration MAKING = Duration.ofSeconds(10);

    private final Engine engine;
    private final Supplier<ObjectNode> document;
    private final int target;
    private final ReentrantLock lock = new ReentrantLock();
    private final Deque<String> ready = new ArrayDeque<>();
    private int making;
    private volatile boolean possible = true;
    private volatile boolean closed;
    private volatile Thread maker = Thread.ofVirtual().unstarted(() -> { });

    WarmNamespaces(Engine engine, Supplier<ObjectNode> document, int target) {
        this.engine = engine;
        this.document = document;
        this.target = target;
    }

    /**
     * Told what networks the engine has. Where its default one is switched off, what is started on it has no network
     * for good: connecting it succeeds and has no effect.
     */
    void foundNetworks(List<NetworkFacts> networks) {
        possible = networks.stream().anyMatch(each -> each.name().equals(FIRST_NETWORK));
    }

    /** A namespace that from now on belongs to the caller. */
    public Optional<String> take() {
        lock.lock();
        try {
            return Optional.ofNullable(ready.poll());
        } finally {
            lock.unlock();
        }
    }

    /**
     * Makes up for what was taken, in the background, one at a time and only while {@code idle}: on a small host it
     * would take as much from a starting task as it gives the next.
     */
    public void fill(BooleanSupplier idle) {
        lock.lock();
        try {
            if (closed || !possible || making > 0 || ready.size() >= target) {
                return;
            }
            making++;
            maker = Thread.ofVirtual().name("warm-namespace").start(() -> makeWhenIdle(idle));
        } finally {
            lock.unlock();
        }
    }

    private void makeWhenIdle(BooleanSupplier idle) {
        try {
            do {
                Thread.sleep(QUIET);
            } while (!idle.getAsBoolean() && !closed);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        boolean made = !closed && make();
        lock.lock();
        try {
            making--;
        } finally {
            lock.unlock();
        }
        if (made) {
            fill(idle);
        }
    }

    /** Whether one was made; after a failure the next task asks again. */
    private boolean make() {
        Optional<String> made = Optional.empty();
        try {
            ObjectNode pause = document.get();
            pause.withObject("/HostConfig").put("NetworkMode", FIRST_NETWORK);
            String id = engine.create(TaskNetwork.randomName(), pause);
            made = Optional.of(id);
            engine.start(id);
            engine.disconnect(FIRST_NETWORK, id);
        } catch (EngineError e) {
            LOG.log(System.Logger.Level.WARNING, "cannot warm up a network namespace: {0}", e.getMessage());
            discard(made);
            made = Optional.empty();
        }
        boolean keep;
        lock.lock();
        try {
            keep = !closed && made.isPresent();
            made.filter(id -> keep).ifPresent(ready::add);
        } finally {
            lock.unlock();
        }
        if (!keep) {
            discard(made);
        }
        return keep;
    }

    private void discard(Optional<String> id) {
        try {
            id.ifPresent(engine::remove);
        } catch (EngineError e) {
            LOG.log(System.Logger.Level.WARNING, "cannot remove a pause container: {0}", e.getMessage());
        }
    }

    /** Forgets those that died unnoticed; for when events may have been missed. */
    public void reconcile() {
        List<String> known;
        lock.lock();
        try {
            known = List.copyOf(ready);
        } finally {
            lock.unlock();
        }
        for (String id : known) {
            if (engine.inspect(id).filter(ContainerFacts::running).isEmpty()) {
                lost(id);
            }
        }
    }

    /** Forgets a namespace that died; true if it was one of these. */
    public boolean lost(String id) {
        boolean mine;
        lock.lock();
        try {
            mine = ready.remove(id);
        } finally {
            lock.unlock();
        }
        if (mine) {
            discard(Optional.of(id));
        }
        return mine;
    }

    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
        } finally {
            lock.unlock();
        }
        try {
            maker.join(MAKING);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        for (String id = ready.poll(); id != null; id = ready.poll()) {
            discard(Optional.of(id));
        }
    }
}
