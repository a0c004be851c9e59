package dev.landfall.edge.metric;

import dev.landfall.protocol.edge.EdgeReport.Measurement;
import dev.landfall.protocol.edge.EdgeReport.State;
import dev.landfall.protocol.edge.EdgeReport.TargetHealth;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads all meters out, in the form CloudWatch takes. */
public final class Measured {
    /** CloudWatch takes so many values in one datum (PutMetricData). */
    private static final int MAX_VALUES = 150;

    private Measured() {}

    /** What has been measured since the last call; nothing for what has not been. */
    public static List<Measurement> read(Collection<BalancerMeter> meters, List<TargetHealth> health) {
        var measurements = new ArrayList<Measurement>();
        Map<String, Hosts> hosts = hosts(health);
        for (BalancerMeter meter : meters) {
            series(meter, meter.total(), measurements);
            measurements.add(one(meter, meter.network() ? "ActiveFlowCount" : "ActiveConnectionCount", "Count",
                    meter.total().dimensions(),
                    meter.activeConnections().get()));
            for (Series group : meter.groups()) {
                series(meter, group, measurements);
                Hosts present = hosts.getOrDefault(group.dimensions().get("TargetGroup"), Hosts.NONE);
                measurements.add(one(meter, "HealthyHostCount", "Count", group.dimensions(), present.healthy()));
                measurements.add(one(meter, "UnHealthyHostCount", "Count", group.dimensions(), present.unhealthy()));
            }
        }
        return measurements;
    }

    private static void series(BalancerMeter meter, Series series, List<Measurement> to) {
        series.counts().forEach((counter, count) -> {
            Optional<String> name = meter.network() ? counter.networkMetric() : Optional.of(counter.metric());
            name.ifPresent(named -> to.add(one(meter, named, counter.unit(), series.dimensions(), count)));
        });
        long[] times = series.times();
        var values = new ArrayList<Double>();
        var counts = new ArrayList<Double>();
        for (int i = 0; i < times.length; i++) {
            if (times[i] > 0) {
                values.add(Series.seconds(i));
                counts.add((double) times[i]);
            }
        }
        for (int from = 0; from < values.size(); from += MAX_VALUES) {
            int end = Math.min(values.size(), from + MAX_VALUES);
            to.add(new Measurement(meter.namespace(), "TargetResponseTime", "Seconds", series.dimensions(),
                    values.subList(from, end), counts.subList(from, end)));
        }
    }

    private record Hosts(int healthy, int unhealthy) {
        static final Hosts NONE = new Hosts(0, 0);

        static Hosts of(TargetHealth target) {
            return new Hosts(target.state() == State.HEALTHY ? 1 : 0, target.state() == State.UNHEALTHY ? 1 : 0);
        }

        Hosts plus(Hosts other) {
            return new Hosts(healthy + other.healthy, unhealthy + other.unhealthy);
        }
    }

    /** By the groups' names in dimensions. All in one pass: changes of configuration wait meanwhile. */
    private static Map<String, Hosts> hosts(List<TargetHealth> health) {
        var hosts = new HashMap<String, Hosts>();
        health.forEach(target -> hosts.merge(
                BalancerMeter.groupDimension(target.targetGroupArn()), Hosts.of(target), Hosts::plus));
        return hosts;
    }

    private static Measurement one(
            BalancerMeter meter, String name, String unit, Map<String, String> dimensions, double value) {
        return new Measurement(meter.namespace(), name, unit, dimensions, List.of(value), List.of(1.0));
    }
}
