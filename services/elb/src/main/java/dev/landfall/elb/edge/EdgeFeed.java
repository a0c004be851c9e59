package dev.landfall.elb.edge;

import dev.landfall.elb.Arns;
import dev.landfall.elb.ElbTables;
import dev.landfall.elb.classic.Classic;
import dev.landfall.elb.loadbalancer.LoadBalancers;
import dev.landfall.elb.metric.MetricPublisher;
import dev.landfall.elb.rule.Rules;
import dev.landfall.protocol.edge.Balancer;
import dev.landfall.protocol.edge.EdgeReport;
import dev.landfall.protocol.edge.EdgeSnapshot;
import dev.landfall.protocol.edge.EdgeUpdate;
import dev.landfall.protocol.edge.TargetGroup;
import dev.landfall.state.Commit;
import dev.landfall.state.Decisions;
import dev.landfall.state.Image;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
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

    private final List<Consumer<String>> followers = new CopyOnWriteArrayList<>();
    private final Pending pending = new Pending();
    private final Roster roster;
    private final Reach reach;
    private final AtomicLong connected = new AtomicLong();

    private final Thread thread;

    private volatile Image noted;

    /** Guarded by this. It starts at the clock so that it goes on growing over restarts. */
    private EdgeSnapshot current;

    /** What commits have touched and no change has told yet. Safe for any thread. */
    private static final class Pending {
        private Touched now = Touched.nothing();
        private Touched later = Touched.nothing();
        private long laterNanos;

        synchronized void add(Touched touched) {
            now.add(touched);
            notifyAll();
        }

        /** To be taken again when {@link #RETRY} is over, and what comes first at once. */
        synchronized void addLater(Touched touched) {
            if (later.isNothing()) {
                laterNanos = System.nanoTime() + RETRY.toNanos();
            }
            later.add(touched);
            notifyAll();
        }

        synchronized Touched take() throws InterruptedException {
            while (now.isNothing()) {
                long left = laterNanos - System.nanoTime();
                if (later.isNothing()) {
                    wait();
                } else if (left > 0) {
                    TimeUnit.NANOSECONDS.timedWait(this, left);
                } else {
                    now = later;
                    later = Touched.nothing();
                }
            }
            Touched taken = now;
            now = Touched.nothing();
            return taken;
        }
    }

    /** @param clock the writer's */
    public EdgeFeed(Decisions writer, InstantSource clock, Snapshots snapshots, Observed observed,
            MetricPublisher metrics) {
        this.writer = writer;
        this.snapshots = snapshots;
        this.observed = observed;
        this.metrics = metrics;
        this.roster = new Roster(writer);
        long first = System.currentTimeMillis() * 1_000;
        this.reach = new Reach(clock, first, Roster.ids(writer.image()));
        this.noted = writer.image();
        writer.follow(this::note); // before the first snapshot, so that nothing falls between
        this.current = snapshots.of(writer.image(), first);
        this.thread = Thread.ofVirtual().name("elb-edge-feed").start(this::run);
    }

    private void note(Commit commit) {
        Touched touched = Touched.by(commit);
        if (touched.isNothing()) {
            noted = commit.after();
            return;
        }
        touched.targets().forEach(observed::changed);
        reach.changed(touched.tracked());
        pending.add(touched);
        SortedSet<String> gone = gone(commit.after(), touched.targets());
        reach.gone(gone);
        noted = commit.after();
        tellChanged(gone.stream().map(ElbTables::groupOf));
    }

    private void tellChanged(Stream<String> groupArns) {
        groupArns.distinct().forEach(arn -> followers.forEach(follower -> follower.accept(arn)));
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

    private void tellOrRetry(Touched touched) {
        try {
            tell(touched);
        } catch (RuntimeException e) {
            reach.changed(touched.tracked());
            pending.addLater(touched);
        }
    }

    /** What cannot be made now, as its certificates cannot be had, say, is told later; all else is told. */
    private synchronized void tell(Touched touched) {
        long version = current.version() + 1;
        observed.telling(touched.targets(), version);       // before the image is read: see there
        reach.telling(touched.tracked(), version);
        Image image = writer.image();
        Touched failed = Touched.nothing();
        var changedBalancers = new ArrayList<Balancer>();
        var removedBalancers = new ArrayList<String>();
        for (String arn : touched.balancers()) {
            try {
                snapshots.balancer(image, arn).ifPresentOrElse(changedBalancers::add, () -> removedBalancers.add(arn));
            } catch (RuntimeException e) {
                failed.add(Touched.balancers(List.of(arn)));
            }
        }
        var changedGroups = new ArrayList<TargetGroup>();
        var removedGroups = new ArrayList<String>();
        for (String arn : touched.groups()) {
            try {
                snapshots.targetGroup(image, arn).ifPresentOrElse(changedGroups::add, () -> removedGroups.add(arn));
            } catch (RuntimeException e) {
                failed.add(touched.ofGroup(arn));
            }
        }
        reach.changed(failed.tracked());
        if (!failed.isNothing()) {
            pending.addLater(failed);
        }
        var update = new EdgeUpdate(version, changedBalancers, removedBalancers, changedGroups, removedGroups);
        observed.told(gone(image, touched.targets()), version);
        removedGroups.forEach(observed::unused);
        reach.gone(removedBalancers);
        current = current.with(update);
        reach.told(version);        // before they can say that they have it
        connections.forEach(connection -> connection.offer(update));
    }

    private static SortedSet<String> gone(Image image, SortedSet<String> targets) {
        var gone = new TreeSet<>(targets);
        gone.removeIf(key -> Snapshots.hasTarget(image, key));
        return gone;
    }

    /** A certificate is another one from now on: the load balancers that have it are told anew. Does not block. */
    public void certificateChanged(String certificateArn) {
        Touched concerned = Touched.nothing();
        concerned.balancers().addAll(LoadBalancers.withCertificate(writer.image(), certificateArn));
        concerned.balancers().addAll(Classic.withCertificate(writer.image(), certificateArn));
        if (!concerned.isNothing()) {
            pending.add(concerned);
        }
    }

    /**
     * Connects a data plane of this process: it is told everything, and then each change, until it closes the
     * connection. What it has taken is in effect.
     */
    public EdgeConnection connect(DataPlane dataPlane) {
        return connect("local/" + connected.incrementAndGet(), new EdgeConnection(this, dataPlane, Whereabouts.HERE));
    }

    /**
     * Connects a data plane of another process, which says what is in effect, and is waited for when it has gone.
     *
     * @return nothing if there are too many
     */
    public Optional<EdgeConnection> connect(String id, DataPlane dataPlane) {
        var connection = new EdgeConnection(this, dataPlane, Whereabouts.ELSEWHERE);
        return roster.enter(id, () -> connect(id, connection)) ? Optional.of(connection) : Optional.empty();
    }

    private synchronized EdgeConnection connect(String id, EdgeConnection connection) {
        reach.connected(id, connection, current.version());
        connections.add(connection); // no change between this and everything, as both are told under one lock
        connection.start(current);
        return connection;
    }

    void disconnected(EdgeConnection connection, Whereabouts where) {
        connections.remove(connection);
        observed.forget(connection);
        switch (where) {
            case HERE -> reach.ended(connection);
            case ELSEWHERE -> reach.disconnected(connection);
        }
    }

    /** How far changes have come. */
    public Reach reach() {
        return reach;
    }

    /** Data planes that have been away for too long are not known any more. */
    public void forgetLost() {
        roster.strike(reach);
    }

    /** Whether all data planes do what that listener or rule was last told to do. */
    public boolean inEffect(String listenerOrRuleArn) {
        String listener = Arns.isRule(listenerOrRuleArn)
                ? Arns.listenerOf(listenerOrRuleArn) : listenerOrRuleArn;
        Image newest = writer.image();
        Image known = noted;
        boolean isNoted = known.version() >= newest.version()
                || Rules.of(known, listener).equals(Rules.of(newest, listener));
        return isNoted && reach.reached(Arns.loadBalancerOf(listener));
    }

    /** The newest image of which {@link #reach} knows what has changed; callers may know a newer one. */
    public Image noted() {
        return noted;
    }

    /** @param groupArns is told of target groups whose targets' health is another, or have drained; must not block */
    public void followTargets(Consumer<String> groupArns) {
        followers.add(groupArns);
    }

    synchronized EdgeSnapshot current() {
        return current;
    }

    void report(EdgeConnection from, EdgeReport report) {
        switch (report) {
            case EdgeReport.InEffect(var version) -> reach.inEffect(from, version);
            case EdgeReport.Ended() -> reach.ended(from).ifPresent(roster::leave);
            case EdgeReport.Health health -> tellChanged(observed.note(health, writer::image).stream());
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
