package dev.landfall.app.balancing;

import dev.landfall.edge.SnapshotFile;
import dev.landfall.protocol.edge.EdgeMessage;
import dev.landfall.protocol.edge.EdgeReport;
import dev.landfall.protocol.edge.EdgeSnapshot;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;

/**
 * A data plane whose control plane is another process. It serves at once what it served last, and goes on with that
 * while the control plane is away; what it has been told is kept in a file. One thread connects and receives, one keeps
 * the file.
 */
public final class RemoteEdge implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(RemoteEdge.class.getName());
    private static final Duration SHORTEST_PAUSE = Duration.ofMillis(100);
    /** So that a control plane that is back is noticed soon: it is one connection a data plane. */
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(2);

    private final Supplier<Signed> address;
    private final HttpClient http;
    private final Carrier carrier;
    private final Kept kept;
    private final Minutes minutes;
    private final Thread thread;
    private volatile Optional<Line> line = Optional.empty();

    private RemoteEdge(Supplier<Signed> address, Path directory, List<String> shared) {
        this.address = address;
        http = HttpClient.newHttpClient();
        carrier = new Carrier(directory, shared, this::report);
        var file = new SnapshotFile(directory.resolve("snapshot.json"));
        file.read().map(EdgeMessage.Everything::new).ifPresent(carrier::accept);
        kept = new Kept(file);
        minutes = new Minutes(() -> {
            if (line.isPresent()) {         // else they are part of the next minute's that somebody hears
                carrier.measured().ifPresent(this::report);
            }
        });
        thread = Thread.ofVirtual().name("edge-connection").start(this::run);
    }

    /**
     * Serves what {@code directory} remembers, and connects.
     *
     * @param server the control plane's endpoint
     * @param region with the keys: what signs
     * @param directory for the snapshot and access logs
     * @param shared addresses at which load balancers are reached besides their own and 127.0.0.1
     */
    public static RemoteEdge start(URI server, String region, String accessKeyId, String secretKey, Path directory,
            List<String> shared) {
        var identity = AwsCredentialsIdentity.create(accessKeyId, secretKey);
        URI path = server.resolve(EdgeMessage.PATH + "?" + EdgeMessage.ID + "=" + EdgeId.of(directory));
        return new RemoteEdge(() -> Signed.of(path, region, identity), directory, shared);
    }

    /** How many load balancers it serves. */
    public int balancers() {
        return carrier.snapshot().balancers().size();
    }

    private void report(EdgeReport report) {
        line.ifPresent(open -> open.report(report));
    }

    private void run() {
        Duration pause = SHORTEST_PAUSE;
        String said = "";
        try {
            while (true) {
                try (Line open = Line.open(http, address.get(), Line.Timing.USUAL)) {
                    LOG.log(System.Logger.Level.INFO, "connected to the control plane");
                    pause = SHORTEST_PAUSE;
                    serve(open);
                } catch (IOException | RuntimeException e) {
                    if (!String.valueOf(e.getMessage()).equals(said)) {     // not once more for every attempt
                        said = String.valueOf(e.getMessage());
                        LOG.log(System.Logger.Level.WARNING,
                                "without control plane, load balancers go on as they are: {0}", said);
                    }
                } finally {
                    line = Optional.empty();
                }
                Thread.sleep(pause.toMillis() / 2 + ThreadLocalRandom.current().nextLong(pause.toMillis()));
                pause = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) < 0 ? pause.multipliedBy(2) : LONGEST_PAUSE;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Takes what it is told, until the connection ends. All that was reported before is reported anew. */
    private void serve(Line open) throws IOException, InterruptedException {
        accept(open, open.receive());
        line = Optional.of(open);
        carrier.reportEverything();
        while (true) {
            accept(open, open.receive());
        }
    }

    private void accept(Line from, EdgeMessage message) {
        carrier.accept(message);
        from.report(new EdgeReport.InEffect(message.version()));
        kept.keep(carrier.snapshot());
    }

    /** Stops serving, and says so. */
    @Override
    public void close() {
        minutes.close();
        carrier.close();
        line.ifPresent(RemoteEdge::end);
        thread.interrupt();
        line.ifPresent(Line::close);
        kept.close();
        http.shutdownNow();
    }

    private static void end(Line open) {
        try {
            open.end();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * The newest snapshot on its way to the disk; those between may be skipped. Every one is written whole: where
     * changes keep coming, a tenth of the time may go into that, and no more.
     */
    private static final class Kept implements AutoCloseable {
        private static final Duration PAUSE = Duration.ofMillis(250);
        private static final int PAUSE_TO_WRITE = 9;
        private final SnapshotFile file;
        private final Thread thread;
        private Optional<EdgeSnapshot> next = Optional.empty();
        private boolean closed;

        Kept(SnapshotFile file) {
            this.file = file;
            thread = Thread.ofPlatform().daemon().name("edge-snapshot").start(this::run);
        }

        synchronized void keep(EdgeSnapshot snapshot) {
            next = Optional.of(snapshot);
            notifyAll();
        }

        private synchronized Optional<EdgeSnapshot> take() throws InterruptedException {
            while (next.isEmpty() && !closed) {
                wait();
            }
            Optional<EdgeSnapshot> taken = next;
            next = Optional.empty();
            return taken;
        }

        /** Until it is closed, and no longer than that. */
        private synchronized void pause(Duration longest) throws InterruptedException {
            long end = System.nanoTime() + longest.toNanos();
            for (long left = longest.toMillis(); left > 0 && !closed; left = (end - System.nanoTime()) / 1_000_000) {
                wait(left);
            }
        }

        private void run() {
            try {
                for (var taken = take(); taken.isPresent(); taken = take()) {
                    long began = System.nanoTime();
                    write(taken.get());
                    Duration pause = Duration.ofNanos(System.nanoTime() - began).multipliedBy(PAUSE_TO_WRITE);
                    pause(pause.compareTo(PAUSE) > 0 ? pause : PAUSE);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        private void write(EdgeSnapshot snapshot) {
            try {
                file.write(snapshot);
            } catch (RuntimeException e) {
                LOG.log(System.Logger.Level.WARNING, "what is served cannot be kept for a restart", e);
            }
        }

        @Override
        public void close() {
            synchronized (this) {
                closed = true;
                notifyAll();
            }
            try {
                thread.join(Duration.ofSeconds(5));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
