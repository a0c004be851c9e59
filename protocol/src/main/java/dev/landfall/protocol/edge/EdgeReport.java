package dev.landfall.protocol.edge;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.List;
import java.util.Map;

/** What a data plane tells the control plane. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
    @JsonSubTypes.Type(value = EdgeReport.Health.class, name = "Health"),
    @JsonSubTypes.Type(value = EdgeReport.Metrics.class, name = "Metrics"),
    @JsonSubTypes.Type(value = EdgeReport.Listeners.class, name = "Listeners"),
    @JsonSubTypes.Type(value = EdgeReport.InEffect.class, name = "InEffect"),
    @JsonSubTypes.Type(value = EdgeReport.Ended.class, name = "Ended"),
})
public sealed interface EdgeReport {
    /**
     * Targets whose health is new or has changed; after a connection, all of them.
     *
     * @param version of the snapshot that has these targets: a target that is registered anew later is another one
     */
    record Health(long version, List<TargetHealth> targets) implements EdgeReport {
        public Health {
            targets = Checks.list(targets);
        }
    }

    /** What was measured from {@code startMillis} to {@code endMillis} (epoch milliseconds). */
    record Metrics(long startMillis, long endMillis, List<Measurement> measurements) implements EdgeReport {
        public Metrics {
            measurements = Checks.list(measurements);
        }
    }

    /** The listeners that could not be bound, with the reason; all others of snapshot {@code version} are served. */
    record Listeners(long version, List<Failure> failures) implements EdgeReport {
        public Listeners {
            failures = Checks.list(failures);
        }

        public record Failure(String listenerArn, String address, int port, String reason) {}
    }

    /**
     * That version is what new requests and connections meet from now on, as far as it can be carried out: the answer
     * to every message. What is not told a data plane any more, as something newer is, needs none.
     */
    record InEffect(long version) implements EdgeReport {}

    /** It has been stopped and carries no traffic any more: nobody need wait for it. The last report. */
    record Ended() implements EdgeReport {}

    /**
     * The health of one target, as DescribeTargetHealth shows it.
     *
     * @param reason AWS's code such as {@code Target.Timeout}; empty when healthy
     */
    record TargetHealth(
            String targetGroupArn, String id, int port, State state, String reason, String description) {
        public TargetHealth {
            Checks.present(targetGroupArn, "targetGroupArn");
            Checks.present(id, "id");
            Checks.present(state, "state");
            reason = reason == null ? "" : reason;
            description = description == null ? "" : description;
        }
    }

    /** AWS's TargetHealthStateEnum. */
    enum State {
        @JsonProperty("initial") INITIAL,
        @JsonProperty("healthy") HEALTHY,
        @JsonProperty("unhealthy") UNHEALTHY,
        @JsonProperty("unhealthy.draining") UNHEALTHY_DRAINING,
        @JsonProperty("unused") UNUSED,
        @JsonProperty("draining") DRAINING,
        @JsonProperty("unavailable") UNAVAILABLE
    }

    /**
     * One metric with its distribution: {@code values[i]} was seen {@code counts[i]} times, as PutMetricData takes it.
     *
     * @param namespace AWS/ApplicationELB or AWS/NetworkELB
     * @param unit CloudWatch's: Count, Seconds, Bytes
     * @param dimensions LoadBalancer, and perhaps TargetGroup and AvailabilityZone
     */
    record Measurement(
            String namespace,
            String name,
            String unit,
            Map<String, String> dimensions,
            List<Double> values,
            List<Double> counts) {
        public Measurement {
            Checks.present(namespace, "namespace");
            Checks.present(name, "name");
            dimensions = Checks.map(dimensions);
            values = Checks.list(values);
            counts = Checks.list(counts);
            Checks.that(values.size() == counts.size(), "counts", counts);
        }
    }
}
