package dev.landfall.app.balancing;

import dev.landfall.edge.Edge;
import dev.landfall.protocol.edge.Balancer;
import dev.landfall.protocol.edge.EdgeMessage;
import dev.landfall.protocol.edge.EdgeReport;
import dev.landfall.protocol.edge.EdgeSnapshot;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Consumer;

/**
 * The data plane of this process, which begins with the first load balancer: before that it costs nothing. Writes to
 * the log what a user has to know about it. Safe for any thread.
 */
final class Carrier implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Carrier.class.getName());

    private final Path directory;
    private final List<String> shared;
    private final Consumer<EdgeReport> reports;
    private EdgeSnapshot has = EdgeSnapshot.EMPTY;
    private Optional<Edge> edge = Optional.empty();
    private boolean closed;

    /**
     * @param directory for access logs
     * @param shared addresses at which load balancers are reached besides their own and 127.0.0.1
     * @param reports is told what has to be reported at once; must not block
     */
    Carrier(Path directory, List<String> shared, Consumer<EdgeReport> reports) {
        this.directory = directory;
        this.shared = shared;
        this.reports = reports;
    }

    /**
     * Returns when it is in effect. What cannot be carried out is logged and left; the next may be better. Everything
     * is taken whatever its version is: the control plane that tells it may have begun to count anew, as its clock or
     * its machine is another one, and is right nevertheless.
     */
    synchronized void accept(EdgeMessage message) {
        EdgeSnapshot next = message.after(has);
        if (closed || message instanceof EdgeMessage.Changed && next.version() == has.version()) {
            return;
        }
        EdgeSnapshot before = has;
        has = next;
        if (edge.isEmpty() && next.balancers().isEmpty()) {
            return;
        }
        if (edge.isEmpty()) {
            edge = Optional.of(new Edge(Runtime.getRuntime().availableProcessors(),
                    directory.resolve("access-logs"), shared, this::report));
        }
        try {
            edge.get().accept(next);
            logNew(before, next);
        } catch (RuntimeException e) {
            if (!Thread.currentThread().isInterrupted()) {
                LOG.log(System.Logger.Level.ERROR,
                        "a change of load balancers cannot be carried out; they go on as before", e);
            }
        }
    }

    private static void logNew(EdgeSnapshot before, EdgeSnapshot next) {
        var known = new TreeSet<>(before.balancers().stream().map(Balancer::arn).toList());
        for (Balancer balancer : next.balancers()) {
            if (!known.contains(balancer.arn())) {
                LOG.log(System.Logger.Level.INFO, "load balancer {0} has the address {1}", balancer.name(),
                        balancer.addresses().getFirst().address());
            }
        }
    }

    private void report(EdgeReport report) {
        if (report instanceof EdgeReport.Listeners(var _, var failures)) {
            for (EdgeReport.Listeners.Failure failure : failures) {
                LOG.log(System.Logger.Level.WARNING, "a listener cannot be opened at {0}:{1}: {2} ({3})",
                        failure.address(), String.valueOf(failure.port()), failure.reason(), failure.listenerArn());
            }
        }
        reports.accept(report);
    }

    /** What it has been told. */
    synchronized EdgeSnapshot snapshot() {
        return has;
    }

    /** Reports all there is to report, to a control plane that knows nothing. */
    void reportEverything() {
        running().ifPresent(Edge::reportEverything);
    }

    /** What has been measured since the last call; nothing before the first load balancer. */
    Optional<EdgeReport> measured() {
        return running().map(Edge::metrics);
    }

    private synchronized Optional<Edge> running() {
        return edge.filter(_ -> !closed);
    }

    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            edge.ifPresent(Edge::close);
        }
    }
}
