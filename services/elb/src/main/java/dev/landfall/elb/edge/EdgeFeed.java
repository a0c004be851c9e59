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

    private final Pending pending = new Pending();

    private final Thread thread;

    /** Guarded by this. It starts at the clock so that it goes on growing over restarts. */
    private EdgeSnapshot current;

    /** What commits have touched and no change has told yet. Safe for any thread. */
    private static final class Pending {
        private final SortedSet<String> balancers = new TreeSet<>();
        private final SortedSet<String> groups = new TreeSet<>();
        private final SortedSet<String> targets = new TreeSet<>();

        synchronized void add(Touched touched) {
            balancers.addAll(touched.balancers());
            groups.addAll(touched.groups());
            targets.addAll(touched.targets());
            notifyAll();
        }

        synchronized Touched take() throws InterruptedException {
            while (balancers.isEmpty() && groups.isEmpty()) {
                wait();
            }
            var taken = new Touched(new TreeSet<>(balancers), new TreeSet<>(groups), new TreeSet<>(targets));
            balancers.clear();
            groups.clear();
            targets.clear();
            return taken;
        }
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
        touched.targets().forEach(observed::changed);
        if (!touched.balancers().isEmpty() || !touched.groups().isEmpty()) {
            pending.add(touched);
        }
    }

    private void run() {
        try {
            while (true) {
                tellOrRetry(pending.take());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Where certificates come from may fail for a while; what was not told then is told later. */
    private void tellOrRetry(Touched touched) throws InterruptedException {
        try {
            tell(touched);
        } catch (RuntimeException e) {
            Thread.sleep(RETRY);
            pending.add(touched);
        }
    }

    private synchronized void tell(Touched touched) {
        long version = current.version() + 1;
        observed.telling(touched.targets(), version);       // before the image is read: see there
        Image image = writer.image();
        var changedBalancers = new ArrayList<Balancer>();
        var removedBalancers = new ArrayList<String>();
        for (String arn : touched.balancers()) {
            snapshots.balancer(image, arn).ifPresentOrElse(changedBalancers::add, () -> removedBalancers.add(arn));
        }
        var changedGroups = new ArrayList<TargetGroup>();
        var removedGroups = new ArrayList<String>();
        for (String arn : touched.groups()) {
            snapshots.targetGroup(image, arn).ifPresentOrElse(changedGroups::add, () -> removedGroups.add(arn));
        }
        var update = new EdgeUpdate(version, changedBalancers, removedBalancers, changedGroups, removedGroups);
        observed.told(gone(image, touched.targets()), version);
        removedGroups.forEach(observed::unused);
        current = current.with(update);
        connections.forEach(connection -> connection.offer(update));
    }

    private static SortedSet<String> gone(Image image, SortedSet<String> targets) {
        var gone = new TreeSet<>(targets);
        gone.removeIf(key -> Snapshots.hasTarget(image, key));
        return gone;
    }

    /** A certificate is another one from now on: the load balancers that have it are told anew. Does not block. */
    public void certificateChanged(String certificateArn) {
        var concerned = new Touched(new TreeSet<>(), new TreeSet<>(), new TreeSet<>());
        concerned.balancers().addAll(LoadBalancers.withCertificate(writer.image(), certificateArn));
        concerned.balancers().addAll(Classic.withCertificate(writer.image(), certificateArn));
        if (!concerned.balancers().isEmpty()) {
            pending.add(concerned);
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
        observed.forget(connection);
    }

    synchronized EdgeSnapshot current() {
        return current;
    }

    void report(EdgeConnection from, EdgeReport report) {
        switch (report) {
            case EdgeReport.Health health -> observed.note(health, writer::image);
            case EdgeReport.Listeners listeners -> observed.note(from, listeners, writer.image());
            case EdgeReport.Metrics measured -> metrics.publish(measured);
        }
    }

    @Override
    public synchronized void close() {
        thread.interrupt();
        connections.forEach(EdgeConnection::close);
    }
}
