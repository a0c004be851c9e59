package dev.landfall.edge;

import dev.landfall.edge.log.LogWriter;
import dev.landfall.edge.metric.BalancerMeter;
import dev.landfall.edge.metric.Measured;
import dev.landfall.edge.net.Scarcity;
import dev.landfall.edge.net.Transport;
import dev.landfall.edge.route.Routes;
import dev.landfall.edge.target.Registry;
import dev.landfall.protocol.edge.Balancer;
import dev.landfall.protocol.edge.EdgeReport;
import dev.landfall.protocol.edge.EdgeReport.TargetHealth;
import dev.landfall.protocol.edge.EdgeSnapshot;
import dev.landfall.protocol.edge.EdgeUpdate;
import dev.landfall.protocol.edge.Listener;
import dev.landfall.protocol.edge.TargetGroup;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The data plane of load balancing: carries out the newest {@link EdgeSnapshot} and reports health and what it
 * measures.
 *
 * <p>Three kinds of threads. One control thread owns the configuration: it compiles snapshots, opens and closes
 * listeners, judges health and drains targets. A few event loops carry traffic; each works alone, and what they share
 * with the control thread are single fields that it replaces. One thread writes access logs.
 *
 * <p>A snapshot takes effect without disturbing anything it does not change: connections go on, requests under way keep
 * the rules they began with, and unchanged targets keep their connections, counts and health.
 *
 * <p>Runs inside another process or alone; {@link SnapshotFile} lets a lone one start without a control plane.
 */
public final class Edge implements AutoCloseable {
    /** After which a listener that could not be opened is tried again. */
    private static final Duration RETRY = Duration.ofSeconds(1);

    /** So that a report is a small message, however many targets there are. */
    private static final int TARGETS_PER_REPORT = 500;

    private final LogWriter logs;
    private final Transport transport;
    private final ScheduledExecutorService control;
    private final Registry registry;
    private final Listeners listeners;
    private final Consumer<EdgeReport> reports;
    private final Map<String, BalancerMeter> meters = new HashMap<>();
    private EdgeSnapshot current = EdgeSnapshot.EMPTY;
    /** The version whose targets are reported: that which is being carried out. */
    private long reported;
    private List<Routes> served = List.of();
    /** The listeners that cannot be as the snapshot says, and those of all that are not served as they are to be. */
    private List<EdgeReport.Listeners.Failure> wrong = List.of();
    private List<EdgeReport.Listeners.Failure> failures = List.of();
    private Optional<Future<?>> retry = Optional.empty();
    private long measuredMillis = System.currentTimeMillis();

    /**
     * Starts serving nothing.
     *
     * @param threads event loops; as many as processors, usually
     * @param logDirectory for access logs
     * @param reports is told of every change of health and of the listeners that cannot be opened, on the control
     *     thread; must not block
     */
    public Edge(int threads, Path logDirectory, Consumer<EdgeReport> reports) {
        this(threads, logDirectory, List.of(), reports);
    }

    /** @param shared addresses at which load balancers are to be reached besides their own and 127.0.0.1 */
    public Edge(int threads, Path logDirectory, List<String> shared, Consumer<EdgeReport> reports) {
        this(threads, logDirectory, shared, reports, Scarcity.usualLimitBytes());
    }

    /** @param bufferLimitBytes what the buffers of all connections may take before they are made to take less */
    Edge(int threads, Path logDirectory, List<String> shared, Consumer<EdgeReport> reports, long bufferLimitBytes) {
        this.reports = reports;
        logs = new LogWriter(logDirectory);
        transport = new Transport(threads, logs, bufferLimitBytes);
        var executor = new ScheduledThreadPoolExecutor(
                1, Thread.ofPlatform().daemon().name("edge-control").factory());
        executor.setRemoveOnCancelPolicy(true);     // the checks of a target that is gone would wait for their time
        control = executor;
        registry = new Registry(transport, control, this::report);
        listeners = new Listeners(transport, shared);
    }

    private void report(List<TargetHealth> changed) {
        reports.accept(new EdgeReport.Health(reported, changed));
    }

    /**
     * Makes a snapshot the one in effect; returns when it is. A listener with a value that cannot be carried out stays
     * as it was, and is reported; all others are as the snapshot says.
     */
    public void accept(EdgeSnapshot snapshot) {
        onControl(() -> {
            apply(snapshot);
            return null;
        });
    }

    /** Makes a change of the present snapshot take effect; returns when it has. */
    public void accept(EdgeUpdate update) {
        onControl(() -> {
            apply(current.with(update));
            return null;
        });
    }

    /** The snapshot in effect. */
    public EdgeSnapshot current() {
        return onControl(() -> current);
    }

    /** The health of all targets, as a newly connected control plane wants to know it. */
    public EdgeReport.Health health() {
        return onControl(() -> new EdgeReport.Health(reported, registry.health()));
    }

    /**
     * Reports everything there is to report, as a newly connected control plane wants to know it: the listeners that
     * cannot be opened, and the health of all targets. In order with the reports of changes.
     */
    public void reportEverything() {
        onControl(() -> {
            reports.accept(new EdgeReport.Listeners(current.version(), failures));
            List<TargetHealth> targets = registry.health();
            for (int from = 0; from < targets.size(); from += TARGETS_PER_REPORT) {
                report(targets.subList(from, Math.min(targets.size(), from + TARGETS_PER_REPORT)));
            }
            return null;
        });
    }

    /** What has been measured since the last call. */
    public EdgeReport.Metrics metrics() {
        return onControl(() -> {
            long start = measuredMillis;
            measuredMillis = System.currentTimeMillis();
            var metrics = new EdgeReport.Metrics(
                    start, measuredMillis, Measured.read(meters.values(), registry.health()));
            forgetUnusedGroups();
            return metrics;
        });
    }

    /** Once their last values are told. */
    private void forgetUnusedGroups() {
        var used = new HashMap<BalancerMeter, Set<String>>();
        served.forEach(routes ->
                used.computeIfAbsent(routes.meter(), any -> new HashSet<>()).addAll(routes.groupArns()));
        meters.values().forEach(meter -> meter.retain(used.getOrDefault(meter, Set.of())));
    }

    /** Bytes that buffers of connections hold at this moment. */
    public long bufferBytes() {
        return transport.bufferBytes();
    }

    private <T> T onControl(Supplier<T> work) {
        try {
            return control.submit(work::get).get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        } catch (ExecutionException e) {
            throw new IllegalStateException("the control thread failed", e.getCause());
        }
    }

    private void apply(EdgeSnapshot snapshot) {
        var routes = new TreeMap<String, Routes>();
        var failed = new ArrayList<EdgeReport.Listeners.Failure>();
        for (Balancer balancer : snapshot.balancers()) {
            BalancerMeter meter = meters.computeIfAbsent(
                    balancer.arn(), arn -> new BalancerMeter(balancer, transport.loops()));
            for (Listener listener : balancer.listeners()) {
                compile(balancer, listener, meter, failed).ifPresent(made -> routes.put(listener.arn(), made));
            }
            for (Balancer.Unread unread : balancer.unread()) {
                wrong(balancer, unread.listenerArn(), unread.port(), unread.reason(), failed);
                listeners.present(unread.listenerArn()).ifPresent(made -> routes.put(unread.listenerArn(), made));
            }
        }
        var used = new HashSet<String>();
        routes.values().forEach(made -> used.addAll(made.groupArns()));
        reported = snapshot.version();
        registry.apply(snapshot.targetGroups(), used);
        if (snapshot.balancers() != current.balancers()) {
            Set<String> arns = snapshot.balancers().stream().map(Balancer::arn).collect(Collectors.toSet());
            meters.keySet().retainAll(arns);
            logs.retain(arns);
        }
        current = snapshot;
        // Most changes are of targets, and leave all listeners as they are.
        if (!failed.equals(wrong) || !same(List.copyOf(routes.values()), served)) {
            wrong = failed;
            served = List.copyOf(routes.values());
            open();
        }
    }

    /** Whether they are the very same: what is unchanged is not compiled anew. */
    private static boolean same(List<Routes> some, List<Routes> others) {
        boolean same = some.size() == others.size();
        for (int i = 0; same && i < some.size(); i++) {
            same = some.get(i) == others.get(i);
        }
        return same;
    }

    /** What a listener comes to; what it was before if it has a value that is none. */
    private Optional<Routes> compile(Balancer balancer, Listener listener, BalancerMeter meter,
            List<EdgeReport.Listeners.Failure> failed) {
        Optional<Routes> unchanged = listeners.unchanged(balancer, listener);
        if (unchanged.isPresent()) {
            return unchanged;
        }
        try {
            return Optional.of(Routes.of(balancer, listener, meter, registry::group));
        } catch (RuntimeException e) {
            wrong(balancer, listener.arn(), listener.port(), String.valueOf(e.getMessage()), failed);
            return listeners.present(listener.arn());
        }
    }

    private static void wrong(Balancer balancer, String listenerArn, int port, String reason,
            List<EdgeReport.Listeners.Failure> failed) {
        balancer.addresses().forEach(address ->
                failed.add(new EdgeReport.Listeners.Failure(listenerArn, address.address(), port, reason)));
    }

    /** Opens what is wanted and not yet open. Whoever has one of its ports may give it up, so that it tries again. */
    private void open() {
        retry.ifPresent(planned -> planned.cancel(false));
        List<EdgeReport.Listeners.Failure> before = failures;
        List<EdgeReport.Listeners.Failure> unopened = listeners.apply(served);
        failures = Stream.concat(wrong.stream(), unopened.stream()).toList();
        retry = unopened.isEmpty() && !listeners.lacksDoors() ? Optional.empty()
                : Optional.of(control.schedule(this::open, RETRY.toMillis(), TimeUnit.MILLISECONDS));
        if (!failures.equals(before)) {
            reports.accept(new EdgeReport.Listeners(current.version(), failures));
        }
    }

    /** Stops serving: every connection ends. */
    @Override
    public void close() {
        onControl(() -> {
            registry.stop();
            listeners.close();
            return null;
        });
        control.shutdownNow();          // what waits for the end of a delay need not wait any more
        try {
            control.awaitTermination(5, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        transport.close();
        logs.gather();
        logs.close();
    }
}
