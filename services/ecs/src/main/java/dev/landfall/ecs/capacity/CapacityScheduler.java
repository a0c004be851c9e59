package dev.landfall.ecs.capacity;

import dev.landfall.ecs.EcsTables;
import dev.landfall.ecs.cluster.ClusterRow;
import dev.landfall.ecs.instance.Absence;
import dev.landfall.state.Commit;
import dev.landfall.state.Context;
import dev.landfall.state.Decision;
import dev.landfall.state.Draft;
import dev.landfall.state.Image;
import dev.landfall.state.KeyedQueue;
import dev.landfall.state.Write;
import dev.landfall.state.Writer;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;

/**
 * Does at capacity what nobody calls for: completes changes of clusters and providers, ends interrupted Spot instances,
 * gives up lost tasks, and, where a rate of it is wanted, interrupts Spot capacity. Works by key, the ARN of what to
 * look at; the whole state is looked at once when it starts, and a failed look is repeated.
 */
public final class CapacityScheduler implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(CapacityScheduler.class.getName());
    private static final Duration RETRY = Duration.ofSeconds(1);
    private static final double MILLIS_PER_HOUR = 3_600_000;

    private final Writer writer;
    private final CapacityPolicy policy;
    private final KeyedQueue<String> queue = new KeyedQueue<>();
    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean closing;

    public CapacityScheduler(Writer writer, CapacityPolicy policy) {
        this.writer = writer;
        this.policy = policy;
        writer.follow(this::changed);
        Image image = writer.image();
        image.all(EcsTables.CLUSTERS).forEach(this::look);
        image.all(EcsTables.CAPACITY_PROVIDERS).forEach(this::look);
        image.all(EcsTables.INTERRUPTION_NOTICES).forEach(this::look);
        image.all(EcsTables.ABSENCES).forEach(this::look);
        threads.add(Thread.ofVirtual().name("capacity").start(this::work));
        if (policy.spotInterruptionsPerHour() > 0) {
            threads.add(Thread.ofVirtual().name("spot").start(this::interruptions));
        }
    }

    private void changed(Commit commit) {
        for (Write<?> write : commit.writes()) {
            if (write instanceof Write.Put<?>(var _, var row)) {
                look(row);
            }
        }
    }

    private void look(Object row) {
        switch (row) {
            case ClusterRow cluster when Attachments.inProgress(cluster.cluster()) -> queue.add(cluster.arn());
            case CapacityProviderRow provider when provider.inProgress() -> queue.add(provider.arn());
            case InterruptionNotice notice -> queue.add(notice.instanceArn());
            case Absence absence -> queue.add(absence.instanceArn());
            default -> { } // rows of every other kind are no business of ours
        }
    }

    private void work() {
        try {
            while (true) {
                String arn = queue.take();
                try {
                    lookAt(arn).ifPresent(delay -> queue.addAfter(arn, delay));
                } catch (RuntimeException e) {
                    if (closing) {
                        return;
                    }
                    LOG.log(Level.ERROR, "looking at " + arn + " failed; it is tried again", e);
                    queue.addAfter(arn, RETRY);
                } finally {
                    queue.done(arn);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Replies with when to look again, if only time will tell. */
    private Optional<Duration> lookAt(String arn) {
        return writer.submit((image, context) -> settle(image, arn, policy, context));
    }

    /** Everything that is due at one cluster, provider or container instance. */
    static Decision<Optional<Duration>> settle(Image image, String arn, CapacityPolicy policy, Context context) {
        String resource = arn.split(":", 6)[5];
        return switch (resource.substring(0, resource.indexOf('/'))) {
            case "cluster" -> SettleCapacity.ofCluster(image, arn);
            case "capacity-provider" -> SettleCapacity.ofProvider(image, arn, context);
            default -> {
                var draft = new Draft(image);
                Optional<Duration> reclaim = ReclaimInstance.whenDue(draft, arn, context);
                Optional<Duration> lost = LostTasks.giveUp(draft, arn, policy, context);
                yield draft.reply(Stream.concat(reclaim.stream(), lost.stream()).min(Duration::compareTo));
            }
        };
    }

    /** At random moments: the time between two is distributed exponentially, as for events that do not know another. */
    private void interruptions() {
        try {
            while (true) {
                double pause = -Math.log(1 - ThreadLocalRandom.current().nextDouble())
                        * MILLIS_PER_HOUR / policy.spotInterruptionsPerHour();
                Thread.sleep(Math.round(pause));
                try {
                    writer.submit((image, context) ->
                            Interrupt.decide(image, Interrupt.Request.anyOne(), policy, context));
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
