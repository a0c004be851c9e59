package dev.landfall.ecs.service;

import dev.landfall.state.Commit;
import dev.landfall.state.Decisions;
import dev.landfall.state.KeyedQueue;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Keeps every service as it is wanted: looks at it whenever one of its rows changed, when an instance came, and in a
 * slow pass over all. These are the threads; what a look is stands in {@link ServiceLooks}. A lost look is made up for
 * by the next.
 */
public final class ServiceScheduler implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(ServiceScheduler.class.getName());

    /** Decisions take turns on one thread; a few workers keep it busy. */
    private static final int WORKERS = 4;

    private final ServiceLooks looks;
    private final KeyedQueue<String> queue = new KeyedQueue<>();
    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean closing;

    public ServiceScheduler(Decisions decisions) {
        this.looks = new ServiceLooks(decisions);
        decisions.follow(this::changed);
        for (int i = 0; i < WORKERS; i++) {
            threads.add(Thread.ofVirtual().name("services-" + i).start(this::work));
        }
        threads.add(Thread.ofVirtual().name("services-pass").start(this::passes));
    }

    private void changed(Commit commit) {
        looks.concerned(commit).forEach(queue::add);
    }

    private void work() {
        try {
            while (true) {
                String serviceArn = queue.take();
                try {
                    looks.look(serviceArn).ifPresent(delay -> queue.addAfter(serviceArn, delay));
                } catch (RuntimeException e) {
                    if (closing) {
                        return;
                    }
                    LOG.log(Level.ERROR, "looking at " + serviceArn + " failed; it is tried again", e);
                    queue.addAfter(serviceArn, ServiceLooks.RETRY);
                } finally {
                    queue.done(serviceArn);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void passes() {
        try {
            while (true) {
                pass();
                Thread.sleep(ServiceLooks.FULL_PASS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** A full disk, say, must not end the passes: the next may succeed. */
    private void pass() {
        try {
            looks.all().forEach(queue::add);
            looks.forget(() -> !closing);
        } catch (RuntimeException e) {
            if (!closing) {
                Duration next = ServiceLooks.FULL_PASS;
                LOG.log(Level.ERROR, "a full pass failed; the next is in " + next.toSeconds() + " s", e);
            }
        }
    }

    /** Returns when no look is under way any more. */
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
