package dev.landfall.edge;

import dev.landfall.protocol.edge.EdgeReport;
import dev.landfall.protocol.edge.EdgeSnapshot;
import dev.landfall.protocol.edge.EdgeUpdate;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * A data plane that lives longer than its control plane: what it was told last is on disk, and it starts from there.
 * The file is written by a thread of its own, once a second at most, however often targets change; what a crash loses
 * of the last second the control plane tells again. Safe for any thread.
 */
public final class LoneEdge implements AutoCloseable {
    private static final long WRITE_DELAY_MILLIS = 1_000;

    private final Edge edge;
    private final SnapshotFile file;
    private final ScheduledExecutorService writer = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("edge-snapshot").factory());
    private final AtomicBoolean scheduled = new AtomicBoolean();

    /**
     * Starts serving what it served before, if it did.
     *
     * @param threads event loops
     * @param directory for the snapshot and the access logs
     * @param reports as for {@link Edge}
     */
    public LoneEdge(int threads, Path directory, Consumer<EdgeReport> reports) {
        file = new SnapshotFile(directory.resolve("snapshot.json"));
        edge = new Edge(threads, directory.resolve("logs"), reports);
        Optional<EdgeSnapshot> last = file.read();
        try {
            last.ifPresent(edge::accept);
        } catch (IllegalArgumentException e) {
            return;         // written by another version: the control plane will say what to serve
        }
    }

    /** The data plane itself, for its health and measurements. */
    public Edge edge() {
        return edge;
    }

    /** @see Edge#accept(EdgeSnapshot) */
    public void accept(EdgeSnapshot snapshot) {
        edge.accept(snapshot);
        writeSoon();
    }

    /** @see Edge#accept(EdgeUpdate) */
    public void accept(EdgeUpdate update) {
        edge.accept(update);
        writeSoon();
    }

    private void writeSoon() {
        if (scheduled.compareAndSet(false, true)) {
            writer.schedule(this::write, WRITE_DELAY_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    private void write() {
        scheduled.set(false);       // before reading: what comes from here on is written by the next round
        file.write(edge.current());
    }

    /** Stops serving, with the last snapshot on disk. */
    @Override
    public void close() {
        writer.shutdownNow();
        try {
            writer.awaitTermination(5, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (edge.current().version() > 0) {
            file.write(edge.current());
        }
        edge.close();
    }
}
