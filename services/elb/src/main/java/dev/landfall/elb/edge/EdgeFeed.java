package dev.landfall.elb.edge;

import dev.landfall.elb.Certificates;
import dev.landfall.elb.Instances;
import dev.landfall.elb.classic.Classic;
import dev.landfall.elb.loadbalancer.LoadBalancers;
import dev.landfall.elb.metric.MetricPublisher;
import dev.landfall.protocol.edge.Balancer;
import dev.landfall.protocol.edge.EdgeMessage;
import dev.landfall.protocol.edge.EdgeReport;
import dev.landfall.protocol.edge.EdgeSnapshot;
import dev.landfall.protocol.edge.EdgeUpdate;
import dev.landfall.protocol.edge.TargetGroup;
import dev.landfall.state.Commit;
import dev.landfall.state.Decisions;
import dev.landfall.state.Image;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;

/**
 * Keeps data planes at the newest configuration, and takes what they report.
 *
 * <p>A commit only notes which load balancers and target groups it touched. One thread makes these anew from the newest
 * image and hands the change to every connection, whose own thread tells its data plane: many commits become one
 * change, and a slow data plane holds up neither commits nor the others; one that falls behind is told everything
 * instead. Reports never reach the deciding thread. Safe for any thread.
 */
public final class EdgeFeed implements AutoCloseable {
    private static final Duration RETRY = Duration.ofSeconds(1);

    private final Decisions writer;
    private final Snapshots snapshots;
    private final Observed observed;
    private final MetricPublisher metrics;
    private final List<EdgeConnection> connections = new CopyOnWriteArrayList<>();

    /** Guarded by itself: what commits have touched and no change has told yet. */
    private final Pending pending = new Pending();

    private final Thread thread;

    /** Guarded by this. It starts at the clock so that it goes on growing over restarts. */
    private EdgeSnapshot current;

    private static final class Pending {
        private final SortedSet<String> balancers = new TreeSet<>();
        private final SortedSet<String> groups = new TreeSet<>();
    }

    public EdgeFeed(Decisions writer, Certificates certificates, Instances instances, Observed observed,
            MetricPublisher metrics) {
        this.writer = writer;
        this.snapshots = new Snapshots(certificates, instances);
        this.observed = observed;
        this.metrics = metrics;
        writer.follow(this::note); // before the first snapshot, so that nothing falls between
        this.current = snapshots.of(writer.image(), System.currentTimeMillis() * 1_000);
        this.thread = Thread.ofVirtual().name("elb-edge-feed").start(this::run);
    }

    private void note(Commit commit) {
        Touched touched = Touched.by(commit);
        touched.targets().forEach(observed::forget);
        if (touched.balancers().isEmpty() && touched.groups().isEmpty()) {
            return;
        }
        synchronized (pending) {
            pending.balancers.addAll(touched.balancers());
            pending.groups.addAll(touched.groups());
            pending.notifyAll();
        }
    }

    private void run() {
        try {
            while (true) {
                List<String> balancers;
                List<String> groups;
                synchronized (pending) {
                    while (pending.balancers.isEmpty() && pending.groups.isEmpty()) {
                        pending.wait();
                    }
                    balancers = List.copyOf(pending.balancers);
                    groups = List.copyOf(pending.groups);
                    pending.balancers.clear();
                    pending.groups.clear();
                }
                tellOrRetry(balancers, groups);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Where certificates come from may fail for a while; what was not told then is told later. */
    private void tellOrRetry(List<String> balancers, List<String> groups) throws InterruptedException {
        try {
            tell(balancers, groups);
        } catch (RuntimeException e) {
            Thread.sleep(RETRY);
            synchronized (pending) {
                pending.balancers.addAll(balancers);
                pending.groups.addAll(groups);
            }
        }
    }

    private synchronized void tell(List<String> balancers, List<String> groups) {
        Image image = writer.image();
        var changedBalancers = new ArrayList<Balancer>();
        var removedBalancers = new ArrayList<String>();
        for (String arn : balancers) {
            snapshots.balancer(image, arn).ifPresentOrElse(changedBalancers::add, () -> removedBalancers.add(arn));
        }
        var changedGroups = new ArrayList<TargetGroup>();
        var removedGroups = new ArrayList<String>();
        for (String arn : groups) {
            snapshots.targetGroup(image, arn).ifPresentOrElse(changedGroups::add, () -> removedGroups.add(arn));
        }
        var update = new EdgeUpdate(
                current.version() + 1, changedBalancers, removedBalancers, changedGroups, removedGroups);
        current = current.with(update);
        connections.forEach(connection -> connection.offer(update));
    }

    /** A certificate is another one from now on: the load balancers that have it are told anew. Does not block. */
    public void certificateChanged(String certificateArn) {
        List<String> concerned = Stream.concat(
                LoadBalancers.withCertificate(writer.image(), certificateArn).stream(),
                Classic.withCertificate(writer.image(), certificateArn).stream()).toList();
        if (!concerned.isEmpty()) {
            synchronized (pending) {
                pending.balancers.addAll(concerned);
                pending.notifyAll();
            }
        }
    }

    /** Connects a data plane: it is told everything, and then each change, until it closes the connection. */
    public synchronized EdgeConnection connect(DataPlane dataPlane) {
        var connection = new EdgeConnection(this, dataPlane);
        connections.add(connection); // no change between this and everything, as both are told under one lock
        connection.start(current);
        return connection;
    }

    void disconnected(EdgeConnection connection) {
        connections.remove(connection);
    }

    synchronized EdgeSnapshot current() {
        return current;
    }

    void report(EdgeReport report) {
        switch (report) {
            case EdgeReport.Health health -> observed.note(health, writer.image());
            case EdgeReport.Listeners listeners -> observed.note(listeners, writer.image());
            case EdgeReport.Metrics measured -> metrics.publish(measured);
        }
    }

    @Override
    public synchronized void close() {
        thread.interrupt();
        connections.forEach(EdgeConnection::close);
    }
}
