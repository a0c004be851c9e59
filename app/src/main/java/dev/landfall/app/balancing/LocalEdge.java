package dev.landfall.app.balancing;

import dev.landfall.elb.edge.EdgeConnection;
import dev.landfall.elb.edge.EdgeFeed;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** The data plane that {@code landfall up} has in its own process. */
public final class LocalEdge implements AutoCloseable {
    private final EdgeConnection connection;
    private final Carrier carrier;
    private final Minutes minutes;

    private LocalEdge(EdgeConnection connection, Carrier carrier) {
        this.connection = connection;
        this.carrier = carrier;
        minutes = new Minutes(() -> carrier.measured().ifPresent(connection::report));
    }

    /**
     * It serves what {@code feed} tells from now on, and reports to it.
     *
     * @param shared addresses at which load balancers are reached besides their own and 127.0.0.1
     */
    public static LocalEdge connect(EdgeFeed feed, Path directory, List<String> shared) {
        var connection = new CompletableFuture<EdgeConnection>();
        var carrier = new Carrier(directory, shared, report -> connection.join().report(report));
        connection.complete(feed.connect(carrier::accept));
        return new LocalEdge(connection.join(), carrier);
    }

    /** Stops serving. */
    @Override
    public void close() {
        minutes.close();
        connection.close();
        carrier.close();
    }
}
