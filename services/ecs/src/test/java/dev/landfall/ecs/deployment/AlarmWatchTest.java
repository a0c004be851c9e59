package dev.landfall.ecs.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.landfall.ecs.Ecs;
import dev.landfall.ecs.EcsTables;
import dev.landfall.ecs.MemoryJournal;
import dev.landfall.ecs.World;
import dev.landfall.state.Writer;
import dev.landfall.wire.Call;
import dev.landfall.wire.SdkForms;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.cloudwatch.CloudWatchClient;
import software.amazon.awssdk.services.cloudwatch.model.CompositeAlarm;
import software.amazon.awssdk.services.cloudwatch.model.DescribeAlarmsRequest;
import software.amazon.awssdk.services.cloudwatch.model.DescribeAlarmsResponse;
import software.amazon.awssdk.services.cloudwatch.model.InternalServiceException;
import software.amazon.awssdk.services.cloudwatch.model.MetricAlarm;
import software.amazon.awssdk.services.cloudwatch.model.StateValue;
import software.amazon.awssdk.services.ecs.model.ServiceDeploymentAlarms;
import software.amazon.awssdk.services.ecs.model.ServiceDeploymentRollbackMonitorsStatus;

/** How the alarms of deployments are asked for. */
class AlarmWatchTest {
    private final FakeCloudWatch cloudWatch = new FakeCloudWatch();
    private Writer writer;
    private Ecs ecs;

    /** Answers two alarms a page, and throws on anything but DescribeAlarms. */
    private static final class FakeCloudWatch implements CloudWatchClient {
        private final SortedMap<String, StateValue> alarms = new TreeMap<>();
        private final List<DescribeAlarmsRequest> asked = new ArrayList<>();
        private final List<Call> calls = new ArrayList<>();
        private boolean broken;

        @Override
        public DescribeAlarmsResponse describeAlarms(DescribeAlarmsRequest request) {
            asked.add(request);
            calls.add(Call.current());
            if (broken) {
                throw InternalServiceException.builder().message("broken").build();
            }
            List<String> there = request.alarmNames().stream().filter(alarms::containsKey).toList();
            int from = request.nextToken() == null ? 0 : Integer.parseInt(request.nextToken());
            int to = Math.min(there.size(), from + 2);
            var page = there.subList(from, to);
            return DescribeAlarmsResponse.builder()
                    .metricAlarms(page.stream().filter(name -> !name.startsWith("composite")).map(name ->
                            MetricAlarm.builder().alarmName(name).stateValue(alarms.get(name)).period(60)
                                    .evaluationPeriods(3).build()).toList())
                    .compositeAlarms(page.stream().filter(name -> name.startsWith("composite")).map(name ->
                            CompositeAlarm.builder().alarmName(name).stateValue(alarms.get(name)).build()).toList())
                    .nextToken(to < there.size() ? String.valueOf(to) : null)
                    .build();
        }

        @Override
        public String serviceName() {
            return SERVICE_NAME;
        }

        @Override
        public void close() {}
    }

    @BeforeEach
    void aWriter() {
        writer = new Writer(new MemoryJournal(), EcsTables.ALL, SdkForms.rows(), Clock.systemUTC(),
                () -> UUID.randomUUID().toString().replace("-", ""));
        ecs = Ecs.operations(writer);
    }

    @AfterEach
    void close() {
        ecs.close();
        writer.close();
    }

    private void service(String... alarms) throws Exception {
        Call.as(new Call("test", World.SCOPE.accountId(), World.SCOPE.region(), "test"), () -> {
            ecs.createCluster(request -> request.clusterName("default"));
            ecs.registerTaskDefinition(request -> request.family("web").containerDefinitions(World.container("app")));
            ecs.createService(request -> request.serviceName("plain").taskDefinition("web").desiredCount(1));
            return ecs.createService(request -> request.serviceName("svc").taskDefinition("web").desiredCount(1)
                    .deploymentConfiguration(each ->
                            each.alarms(it -> it.alarmNames(alarms).enable(true).rollback(true))));
        });
    }

    private ServiceDeploymentRow row() {
        return writer.image().all(EcsTables.SERVICE_DEPLOYMENTS).stream()
                .filter(each -> each.deployment().serviceArn().endsWith("/svc")).findFirst().orElseThrow();
    }

    @Test
    void everyAlarmOfTheServiceIsAskedForInItsAccountAndRegion() throws Exception {
        cloudWatch.alarms.put("a", StateValue.OK);
        cloudWatch.alarms.put("b", StateValue.INSUFFICIENT_DATA);
        cloudWatch.alarms.put("composite", StateValue.OK);
        service("a", "b", "composite", "missing");
        new AlarmWatch(writer, cloudWatch).pass();

        assertThat(cloudWatch.asked).hasSize(2);
        assertThat(cloudWatch.calls).allSatisfy(call -> {
            assertThat(call.accountId()).isEqualTo(World.SCOPE.accountId());
            assertThat(call.region()).isEqualTo(World.SCOPE.region());
        });
        ServiceDeploymentAlarms alarms = row().deployment().alarms();
        assertThat(alarms.status()).isEqualTo(ServiceDeploymentRollbackMonitorsStatus.MONITORING);
        assertThat(alarms.alarmNames()).containsExactly("a", "b", "composite", "missing");
        assertThat(row().alarmSeconds()).isEqualTo(180);
    }

    @Test
    void anAlarmOnALaterPageIsSeen() throws Exception {
        cloudWatch.alarms.put("a", StateValue.OK);
        cloudWatch.alarms.put("b", StateValue.OK);
        cloudWatch.alarms.put("composite", StateValue.ALARM);
        service("a", "b", "composite");
        new AlarmWatch(writer, cloudWatch).pass();
        assertThat(row().deployment().alarms().status())
                .as("it was on before").isEqualTo(ServiceDeploymentRollbackMonitorsStatus.DISABLED);
    }

    @Test
    void namesAreAskedForAHundredAtATime() throws Exception {
        service(IntStream.range(0, 250).mapToObj(i -> "alarm" + i).toArray(String[]::new));
        new AlarmWatch(writer, cloudWatch).pass();
        assertThat(cloudWatch.asked).extracting(request -> request.alarmNames().size()).containsExactly(100, 100, 50);
    }

    @Test
    void aCloudWatchThatFailsIsAskedAgain() throws Exception {
        service("a");
        cloudWatch.broken = true;
        var watch = new AlarmWatch(writer, cloudWatch);
        watch.pass();
        assertThat(row().deployment().alarms().status()).isNull();
        cloudWatch.broken = false;
        watch.pass();
        assertThat(row().deployment().alarms().status()).isEqualTo(ServiceDeploymentRollbackMonitorsStatus.MONITORING);
        writer.submit((image, context) -> ObserveAlarms.decide(image, "arn:of:nothing", List.of(), context));
    }

    @Test
    void servicesWithoutAlarmsAreNotAskedFor() throws Exception {
        service("a");
        new AlarmWatch(writer, new NoAlarms()).pass();
        assertThat(row().deployment().alarms().status()).isEqualTo(ServiceDeploymentRollbackMonitorsStatus.MONITORING);
        assertThat(cloudWatch.asked).isEmpty();
        writer.image().all(EcsTables.SERVICE_DEPLOYMENTS).stream()
                .filter(each -> each.deployment().serviceArn().endsWith("/plain"))
                .forEach(each -> assertThat(each.deployment().alarms().status()).isNull());
    }
}
