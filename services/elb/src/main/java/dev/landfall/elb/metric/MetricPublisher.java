package dev.landfall.elb.metric;

import dev.landfall.elb.Arns;
import dev.landfall.elb.ElbTables;
import dev.landfall.elb.Scope;
import dev.landfall.elb.loadbalancer.LoadBalancerRow;
import dev.landfall.protocol.edge.EdgeReport.Measurement;
import dev.landfall.protocol.edge.EdgeReport.Metrics;
import dev.landfall.state.Image;
import dev.landfall.wire.Call;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import software.amazon.awssdk.services.cloudwatch.CloudWatchClient;
import software.amazon.awssdk.services.cloudwatch.model.Dimension;
import software.amazon.awssdk.services.cloudwatch.model.MetricDatum;

/**
 * Tells CloudWatch what data planes have measured, in the account and region of each load balancer. Has a thread of its
 * own, so that a slow CloudWatch holds up nobody; what it cannot take is dropped and counted.
 */
public final class MetricPublisher implements AutoCloseable {
    /** CloudWatch API reference, PutMetricData: the most metrics of a call. */
    private static final int DATA_MAX = 1_000;
    /** CloudWatch API reference, MetricDatum: the most values of a metric. */
    private static final int VALUES_MAX = 150;
    /** Reports come once a minute from each data plane. */
    private static final int WAITING_MAX = 64;

    private final CloudWatchClient cloudWatch;
    private final Supplier<Image> image;
    private final BlockingQueue<Metrics> waiting = new ArrayBlockingQueue<>(WAITING_MAX);
    private final AtomicLong dropped = new AtomicLong();
    private final Thread thread;

    public MetricPublisher(CloudWatchClient cloudWatch, Supplier<Image> image) {
        this.cloudWatch = cloudWatch;
        this.image = image;
        this.thread = Thread.ofVirtual().name("elb-metrics").start(this::run);
    }

    public void publish(Metrics report) {
        if (!waiting.offer(report)) {
            dropped.incrementAndGet();
        }
    }

    /** Reports that were not passed on. */
    public long dropped() {
        return dropped.get();
    }

    private void run() {
        try {
            while (true) {
                send(waiting.take());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void send(Metrics report) {
        try {
            calls(image.get(), report).forEach((destination, data) -> {
                for (int from = 0; from < data.size(); from += DATA_MAX) {
                    put(destination, data.subList(from, Math.min(data.size(), from + DATA_MAX)));
                }
            });
        } catch (RuntimeException e) { // a report that makes no sense must not be the last
            dropped.incrementAndGet();
        }
    }

    private void put(Destination to, List<MetricDatum> data) {
        try {
            Call.as(new Call("elb-metrics", to.scope.accountId(), to.scope.region(), "elb"), () ->
                    cloudWatch.putMetricData(request -> request.namespace(to.namespace).metricData(data)));
        } catch (Exception e) { // whatever it is, the next minute is told again
            dropped.incrementAndGet();
        }
    }

    record Destination(Scope scope, String namespace) implements Comparable<Destination> {
        @Override
        public int compareTo(Destination other) {
            return (scope + namespace).compareTo(other.scope + other.namespace);
        }
    }

    /** What to put where; what is measured of a load balancer that is gone is nobody's. */
    static SortedMap<Destination, List<MetricDatum>> calls(Image image, Metrics report) {
        var scopes = new TreeMap<String, Scope>();
        for (LoadBalancerRow row : image.all(ElbTables.LOAD_BALANCERS)) {
            scopes.put(Arns.metricName(row.arn()), Scope.of(row.arn()));
        }
        var calls = new TreeMap<Destination, List<MetricDatum>>();
        for (Measurement measured : report.measurements()) {
            Scope scope = scopes.get(measured.dimensions().getOrDefault("LoadBalancer", ""));
            if (scope != null) {
                calls.computeIfAbsent(new Destination(scope, measured.namespace()), any -> new ArrayList<>())
                        .addAll(data(measured, Instant.ofEpochMilli(report.startMillis())));
            }
        }
        return calls;
    }

    private static List<MetricDatum> data(Measurement measured, Instant time) {
        var data = new ArrayList<MetricDatum>();
        for (int from = 0; from < measured.values().size(); from += VALUES_MAX) {
            int to = Math.min(measured.values().size(), from + VALUES_MAX);
            data.add(MetricDatum.builder()
                    .metricName(measured.name())
                    .unit(measured.unit())
                    .timestamp(time)
                    .dimensions(measured.dimensions().entrySet().stream()
                            .map(each -> Dimension.builder().name(each.getKey()).value(each.getValue()).build())
                            .toList())
                    .values(measured.values().subList(from, to))
                    .counts(measured.counts().subList(from, to))
                    .build());
        }
        return data;
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
