package dev.landfall.elb.metric;

import static org.assertj.core.api.Assertions.assertThat;

import dev.landfall.elb.Stage;
import dev.landfall.elb.Surroundings;
import dev.landfall.protocol.edge.EdgeReport;
import dev.landfall.protocol.edge.EdgeReport.Measurement;
import dev.landfall.wire.Call;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.cloudwatch.CloudWatchClient;
import software.amazon.awssdk.services.cloudwatch.model.MetricDatum;
import software.amazon.awssdk.services.cloudwatch.model.PutMetricDataRequest;
import software.amazon.awssdk.services.cloudwatch.model.PutMetricDataResponse;

/** What data planes measure reaches CloudWatch under AWS's names. */
class MetricPublisherTest {
    private record Put(String account, PutMetricDataRequest request) {}

    private static final class Recorder implements CloudWatchClient {
        final LinkedBlockingQueue<Put> put = new LinkedBlockingQueue<>();

        @Override
        public PutMetricDataResponse putMetricData(PutMetricDataRequest request) {
            put.add(new Put(Call.current().accountId(), request));
            return PutMetricDataResponse.builder().build();
        }

        @Override
        public String serviceName() {
            return SERVICE_NAME;
        }

        @Override
        public void close() {}
    }

    private static Measurement measured(String balancer, List<Double> values) {
        return new Measurement("AWS/ApplicationELB", "TargetResponseTime", "Seconds",
                Map.of("LoadBalancer", balancer, "TargetGroup", "targetgroup/a/0123456789abcdef"), values,
                Collections.nCopies(values.size(), 2.0));
    }

    @Test
    void goesToTheAccountOfItsLoadBalancer() throws Exception {
        var recorder = new Recorder();
        Stage.play(Stage.Way.IN_PROCESS, Surroundings.NONE.with(recorder), on -> {
            on.alb();
            on.as("999999999999", "eu-central-1", there -> there.alb("other"));
            List<Double> many = DoubleStream.iterate(0, i -> i + 1).limit(200).boxed().toList();
            on.service().edges().connect(message -> { }).report(new EdgeReport.Metrics(60_000, 120_000, List.of(
                    measured("app/web/0000000000000001", List.of(0.5)),
                    measured("app/gone/0000000000000009", List.of(0.5)),
                    measured("app/other/0000000000000002", many))));

            Put first = recorder.put.poll(20, TimeUnit.SECONDS);
            assertThat(first.account()).isEqualTo("123456789012");
            assertThat(first.request().namespace()).isEqualTo("AWS/ApplicationELB");
            assertThat(first.request().metricData()).singleElement().satisfies(datum -> {
                assertThat(datum.metricName()).isEqualTo("TargetResponseTime");
                assertThat(datum.unitAsString()).isEqualTo("Seconds");
                assertThat(datum.timestamp()).isEqualTo(Instant.ofEpochSecond(60));
                assertThat(datum.dimensions()).extracting(each -> each.name() + '=' + each.value()).containsExactly(
                        "LoadBalancer=app/web/0000000000000001", "TargetGroup=targetgroup/a/0123456789abcdef");
                assertThat(datum.values()).containsExactly(0.5);
                assertThat(datum.counts()).containsExactly(2.0);
            });
            Put second = recorder.put.poll(20, TimeUnit.SECONDS);
            assertThat(second.account()).isEqualTo("999999999999");
            assertThat(second.request().metricData()).extracting(MetricDatum::values).extracting(List::size)
                    .as("no more than CloudWatch takes").containsExactly(150, 50);
            return on;
        });
    }
}
