package dev.landfall.ecs.service;

import dev.landfall.ecs.EcsTables;
import dev.landfall.ecs.instance.InstanceRow;
import dev.landfall.ecs.task.ForgetTasks;
import dev.landfall.ecs.task.TaskRow;
import dev.landfall.ecs.taskdef.UnusedTaskDefinitions;
import dev.landfall.state.Commit;
import dev.landfall.state.Decisions;
import dev.landfall.state.KeyedQueue;
import dev.landfall.state.Write;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Keeps every service as it is wanted: looks at it whenever one of its rows changed, when an instance came, and in a
 * slow pass over all. What it does is decided by {@link ReconcileService}; a lost look is made up for by the next.
 */
public final class ServiceScheduler implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(ServiceScheduler.class.getName());

    /** Decisions take turns on one thread; a few workers keep it busy. */
    private static final int WORKERS = 4;

    private static final Duration FULL_PASS = Duration.ofSeconds(30);
    private static final Duration RETRY = Duration.ofSeconds(1);

    private final Decisions writer;
    private final KeyedQueue<String> queue = new KeyedQueue<>();
    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean closing;

    public ServiceScheduler(Decisions writer) {
        this.writer = writer;
        writer.follow(this::changed);
        for (int i = 0; i < WORKERS; i++) {
            threads.add(Thread.ofVirtual().name("services-" + i).start(this::work));
        }
        threads.add(Thread.ofVirtual().name("services-pass").start(this::passes));
    }

    private void changed(Commit commit) {
        boolean capacity = false;
        for (Write<?> write : commit.writes()) {
            if (write instanceof Write.Put<?>(var table, var row)) {
                if (table == EcsTables.TASKS && !((TaskRow) row).serviceArn().isEmpty()) {
                    queue.add(((TaskRow) row).serviceArn());
                } else if (table == EcsTables.SERVICES) {
                    queue.add(((ServiceRow) row).arn());
                } else if (table == EcsTables.INSTANCES && row instanceof InstanceRow instance) {
                    capacity |= instance.instance().agentConnected();
                }
            }
        }
        if (capacity) {
            addAll();
        }
    }

    private void addAll() {
        for (ServiceRow row : writer.image().all(EcsTables.SERVICES)) {
            if (!row.inactive()) {
                queue.add(row.arn());
            }
        }
    }

    private void work() {
        try {
            while (true) {
                String serviceArn = queue.take();
                try {
                    writer.submit((image, context) -> ReconcileService.decide(image, serviceArn, context))
                            .ifPresent(delay -> queue.addAfter(serviceArn, delay));
                } catch (RuntimeException e) {
                    if (closing) {
                        return;
                    }
                    LOG.log(Level.ERROR, "looking at " + serviceArn + " failed; it is tried again", e);
                    queue.addAfter(serviceArn, RETRY);
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
                Thread.sleep(FULL_PASS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** A full disk, say, must not end the passes: the next may succeed. */
    private void pass() {
        try {
            addAll();
            forget();
        } catch (RuntimeException e) {
            if (!closing) {
                LOG.log(Level.ERROR, "a full pass failed; the next is in " + FULL_PASS.toSeconds() + " s", e);
            }
        }
    }

    /** What only time ends: stopped tasks, used tokens, deleted task definitions that nothing uses any more. */
    private void forget() {
        while (writer.submit(ForgetTasks::decide) > 0 && !closing) {
            // a decision takes a bounded number of them; a busy cluster leaves more behind between two passes
        }
        var unused = UnusedTaskDefinitions.find(writer.image());
        if (!unused.isEmpty()) {
            writer.submit((image, context) -> UnusedTaskDefinitions.remove(image, unused, context));
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
