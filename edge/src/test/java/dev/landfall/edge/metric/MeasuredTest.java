package dev.landfall.edge.metric;

import static org.assertj.core.api.Assertions.assertThat;

import dev.landfall.edge.Backend;
import dev.landfall.edge.Ground;
import dev.landfall.edge.Wire;
import dev.landfall.protocol.edge.Action;
import dev.landfall.protocol.edge.EdgeReport.Measurement;
import dev.landfall.protocol.edge.EdgeReport.State;
import dev.landfall.protocol.edge.TargetGroup;
import dev.landfall.testkit.Await;
import dev.landfall.testkit.FreePorts;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class MeasuredTest {
    private static final String TG =
            "arn:aws:elasticloadbalancing:us-east-1:000000000000:targetgroup/web/73e2d6bc24d8a067";

    private static final Predicate<Measurement> OF_GROUP = one -> one.dimensions().containsKey("TargetGroup");
    private static final Predicate<Measurement> TOTAL = OF_GROUP.negate();

    private static double sum(List<Measurement> all, String name, Predicate<Measurement> which) {
        return all.stream()
                .filter(one -> one.name().equals(name) && which.test(one))
                .mapToDouble(one -> {
                    double sum = 0;
                    for (int i = 0; i < one.values().size(); i++) {
                        sum += one.values().get(i) * one.counts().get(i);
                    }
                    return sum;
                }).sum();
    }

    @Test
    void countsAsCloudWatchNamesThem() {
        try (var ground = new Ground(); Backend target = Backend.answering("hello");
                Backend bad = Backend.raw("HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n")) {
            ground.standard = Ground.forward(TG);
            ground.group(TG, Map.of(), target).apply();
            try (Wire client = ground.connect()) {
                for (int i = 0; i < 10; i++) {
                    client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n").message();
                }
                ground.group(TG, Map.of(), bad).apply();
                client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n").message();
                ground.group(TG, Map.of()).apply();
                client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n").message();

                List<Measurement> all = ground.edge.metrics().measurements();
                assertThat(all).extracting(Measurement::namespace).containsOnly("AWS/ApplicationELB");
                assertThat(all).filteredOn(one -> one.dimensions().containsKey("TargetGroup"))
                        .extracting(Measurement::dimensions).containsOnly(Map.of(
                                "LoadBalancer", "app/lb/50dc6c495c0c9188",
                                "TargetGroup", "targetgroup/web/73e2d6bc24d8a067"));
                assertThat(sum(all, "RequestCount", TOTAL)).isEqualTo(12);
                assertThat(sum(all, "HTTPCode_Target_2XX_Count", OF_GROUP)).isEqualTo(10);
                assertThat(sum(all, "HTTPCode_Target_5XX_Count", OF_GROUP)).isEqualTo(1);
                assertThat(sum(all, "HTTPCode_ELB_5XX_Count", TOTAL)).isEqualTo(1);
                assertThat(sum(all, "HTTPCode_ELB_503_Count", TOTAL)).isEqualTo(1);
                assertThat(sum(all, "NewConnectionCount", TOTAL)).isEqualTo(1);
                assertThat(sum(all, "ActiveConnectionCount", TOTAL)).isEqualTo(1);
                assertThat(sum(all, "ProcessedBytes", TOTAL)).isGreaterThan(12 * 50);
                assertThat(all).filteredOn(one -> one.name().equals("TargetResponseTime")).singleElement()
                        .satisfies(one -> assertThat(one.counts().stream().mapToDouble(x -> x).sum()).isEqualTo(11));
                assertThat(sum(ground.edge.metrics().measurements(), "RequestCount", TOTAL)).isZero();
            }
        }
    }

    @Test
    void aGroupThatIsUsedNoMoreIsToldOfOnceMoreAndForgotten() {
        try (var ground = new Ground(); Backend target = Backend.answering("hello")) {
            ground.standard = Ground.forward(TG);
            ground.group(TG, Map.of(), target).apply();
            try (Wire client = ground.connect()) {
                client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n").message();
                ground.standard = Ground.forward("other");
                ground.group("other", Map.of(), target).apply();
                assertThat(sum(ground.edge.metrics().measurements(), "RequestCount", OF_GROUP)).isEqualTo(1);
                assertThat(ground.edge.metrics().measurements()).filteredOn(OF_GROUP).isEmpty();
                client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n").message();
                assertThat(ground.edge.metrics().measurements()).filteredOn(OF_GROUP)
                        .extracting(one -> one.dimensions().get("TargetGroup")).containsOnly("other");
            }
        }
    }

    @Test
    void hostsAreCountedForEachGroupByTheirHealth() {
        var check = new TargetGroup.HealthCheck(
                true, TargetGroup.Protocol.HTTP, "traffic-port", "/", 1, 1, 2, 1, "200");
        try (var ground = new Ground(); Backend one = Backend.answering("x"); Backend two = Backend.answering("x")) {
            var gone = new TargetGroup.Target("127.0.0.1", "127.0.0.1", FreePorts.one(), "");
            for (String arn : List.of(TG, "other")) {
                ground.group(new TargetGroup(arn, arn, TargetGroup.Protocol.HTTP, null, TargetGroup.TargetType.IP,
                        check, Map.of(), arn.equals(TG) ? List.of(one.target(), two.target(), gone) : List.of(gone)));
            }
            ground.standard = new Action.Forward(
                    List.of(new Action.WeightedGroup(TG, 1), new Action.WeightedGroup("other", 1)), 0);
            ground.apply();
            Await.until("all are checked", Duration.ofSeconds(20), () -> ground.edge.health().targets().stream()
                    .allMatch(target -> target.state() == State.HEALTHY || target.state() == State.UNHEALTHY));
            try (Wire client = ground.connect()) {
                while (ground.edge.metrics().measurements().stream().filter(OF_GROUP)
                        .map(Measurement::dimensions).distinct().count() < 2) {
                    client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n").message();
                }
            }
            List<Measurement> all = ground.edge.metrics().measurements();
            for (String arn : List.of(TG, "other")) {
                Predicate<Measurement> its = measured -> BalancerMeter.groupDimension(arn)
                        .equals(measured.dimensions().get("TargetGroup"));
                assertThat(sum(all, "HealthyHostCount", its)).as(arn).isEqualTo(arn.equals(TG) ? 2 : 0);
                assertThat(sum(all, "UnHealthyHostCount", its)).as(arn).isEqualTo(1);
            }
        }
    }

    @Property
    void timesKeepTheirSizeInBuckets(@ForAll @LongRange(min = 0, max = 100_000_000_000L) long micros) {
        double seconds = Series.seconds(Series.bucket(micros));
        assertThat(Math.abs(seconds - micros / 1e6)).isLessThanOrEqualTo(micros / 1e6 * 0.07 + 1e-9);
    }
}
