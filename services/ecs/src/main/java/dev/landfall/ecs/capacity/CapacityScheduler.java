package dev.landfall.ecs.capacity;

import dev.landfall.state.Commit;
import dev.landfall.state.Decisions;
import dev.landfall.state.KeyedQueue;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Does at capacity what nobody calls for, and, where a rate of it is wanted, interrupts Spot capacity. These are the
 * threads; what a look is stands in {@link CapacityLooks}. A failed look is repeated.
 */
public final class CapacityScheduler implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(CapacityScheduler.class.getName());
    private static final double MILLIS_PER_HOUR = 3_600_000;

    private final CapacityLooks looks;
    private final KeyedQueue<String> queue = new KeyedQueue<>();
    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean closing;

    public CapacityScheduler(Decisions decisions, CapacityPolicy policy) {
        looks = new CapacityLooks(decisions, policy);
        decisions.follow(this::changed);
        looks.all().forEach(queue::add);
        threads.add(Thread.ofVirtual().name("capacity").start(this::work));
        if (policy.spotInterruptionsPerHour() > 0) {
            threads.add(Thread.ofVirtual().name("spot").start(() -> interrupt(policy.spotInterruptionsPerHour())));
        }
    }

    private void changed(Commit commit) {
        looks.concerned(commit).forEach(queue::add);
    }

    private void work() {
        try {
            while (true) {
                String arn = queue.take();
                try {
                    looks.look(arn).ifPresent(delay -> queue.addAfter(arn, delay));
                } catch (RuntimeException e) {
                    if (closing) {
                        return;
                    }
                    LOG.log(Level.ERROR, "looking at " + arn + " failed; it is tried again", e);
                    queue.addAfter(arn, CapacityLooks.RETRY);
                } finally {
                    queue.done(arn);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** At random moments: the time between two is distributed exponentially, as for events that do not know another. */
    private void interrupt(double perHour) {
        try {
            while (true) {
                double pause = -Math.log(1 - ThreadLocalRandom.current().nextDouble()) * MILLIS_PER_HOUR / perHour;
                Thread.sleep(Math.round(pause));
                try {
                    looks.interruptAnyOne();
                } catch (RuntimeException e) {
                    if (closing) {
                        return;
                    }
                    LOG.log(Level.ERROR, "an interruption of Spot capacity failed; there will be others", e);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
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
