package dev.landfall.ecs;

import dev.landfall.state.KeyedQueue;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.function.Function;

/**
 * The threads of what works without being called, and their end. What fails is told and tried again: a full disk, say,
 * must not end it. Threads are begun by whoever owns it, before others know of it.
 */
public final class Background implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Background.class.getName());

    private final Future<?> beginning;
    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean closing;

    /** @param beginning what its threads wait for before they do anything */
    public Background(Future<?> beginning) {
        this.beginning = beginning;
    }

    /** Work that ends when its thread is interrupted. */
    @FunctionalInterface
    public interface Work {
        void run() throws InterruptedException;
    }

    public boolean closing() {
        return closing;
    }

    public void start(String name, Work work) {
        threads.add(Thread.ofVirtual().name(name).start(() -> {
            try {
                beginning.get();
                work.run();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (ExecutionException | CancellationException e) {
                LOG.log(Level.DEBUG, "nothing begins, so that " + name + " does not either", e);
            }
        }));
    }

    /**
     * Looks at what comes through the queue, one after the other.
     *
     * @param look answers when to look again, where only time will tell
     * @param retry when to look again after a look that failed
     */
    public void look(
            String name, KeyedQueue<String> queue, Function<String, Optional<Duration>> look, Duration retry) {
        start(name, () -> {
            while (true) {
                String key = queue.take();
                try {
                    look.apply(key).ifPresent(delay -> queue.addAfter(key, delay));
                } catch (RuntimeException e) {
                    if (closing) {
                        return;
                    }
                    LOG.log(Level.ERROR, "looking at " + key + " failed; it is tried again", e);
                    queue.addAfter(key, retry);
                } finally {
                    queue.done(key);
                }
            }
        });
    }

    /** Does {@code pass} at once and so long after each, whether it failed or not. */
    public void repeat(String name, Duration period, Runnable pass) {
        start(name, () -> {
            while (true) {
                attempt(pass, "a pass of " + name + " failed; the next is in " + period.toSeconds() + " s");
                Thread.sleep(period);
            }
        });
    }

    /** Failures of what is being closed are its consequence, and not told. */
    public void attempt(Runnable pass, String otherwise) {
        try {
            pass.run();
        } catch (RuntimeException e) {
            if (!closing) {
                LOG.log(Level.ERROR, otherwise, e);
            }
        }
    }

    /** Returns when nothing is under way any more. */
    @Override
    public void close() {
        closing = true;
        threads.forEach(Thread::interrupt);
        try {
            for (Thread thread : threads) {
                thread.join();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
