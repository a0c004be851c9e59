package dev.landfall.ecs.deployment;

import dev.landfall.ecs.EcsTables;
import dev.landfall.ecs.Scope;
import dev.landfall.state.Decisions;
import dev.landfall.state.Image;
import dev.landfall.wire.Call;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import software.amazon.awssdk.services.cloudwatch.CloudWatchClient;
import software.amazon.awssdk.services.cloudwatch.model.AlarmType;
import software.amazon.awssdk.services.cloudwatch.model.DescribeAlarmsRequest;
import software.amazon.awssdk.services.cloudwatch.model.DescribeAlarmsResponse;
import software.amazon.awssdk.services.cloudwatch.model.MetricAlarm;
import software.amazon.awssdk.services.cloudwatch.model.StateValue;
import software.amazon.awssdk.services.ecs.model.ServiceDeploymentStatus;

/**
 * Asks CloudWatch for the alarms of the service deployments that go on, again and again, and has {@link ObserveAlarms}
 * note what it says. What it does between two passes is nothing, so that any thread may call {@link #pass}.
 */
public final class AlarmWatch {
    private static final System.Logger LOG = System.getLogger(AlarmWatch.class.getName());

    /** CloudWatch looks at its fastest alarms every ten seconds. */
    public static final Duration PERIOD = Duration.ofSeconds(5);

    private static final int COMPOSITE_ALARM_SECONDS = 60;

    /** "The names of the alarms": at most 100 in one call (CloudWatch API Reference, DescribeAlarms). */
    private static final int NAMES_MAX = 100;

    private final Decisions decisions;
    private final CloudWatchClient cloudWatch;

    public AlarmWatch(Decisions decisions, CloudWatchClient cloudWatch) {
        this.decisions = decisions;
        this.cloudWatch = cloudWatch;
    }

    /** Looks at the alarms of every service deployment that is watched. Where CloudWatch fails, the next pass asks. */
    public void pass() {
        Image image = decisions.image();
        for (ServiceDeploymentRow row : image.find(
                EcsTables.SERVICE_DEPLOYMENTS, EcsTables.SERVICE_DEPLOYMENTS_ONGOING, "ongoing")) {
            List<String> names = names(image, row);
            if (!names.isEmpty()) {
                observe(row, names);
            }
        }
    }

    private static List<String> names(Image image, ServiceDeploymentRow row) {
        boolean begun = row.is(ServiceDeploymentStatus.PENDING) || row.is(ServiceDeploymentStatus.IN_PROGRESS);
        return image.get(EcsTables.SERVICES, row.deployment().serviceArn())
                .map(service -> service.service().deploymentConfiguration())
                .filter(configuration -> begun && DeploymentAlarmRules.enabled(configuration))
                .map(configuration -> configuration.alarms().alarmNames()).orElse(List.of());
    }

    private void observe(ServiceDeploymentRow row, List<String> names) {
        Scope scope = Scope.of(row.deployment().serviceArn());
        List<AlarmState> states;
        try {
            states = Call.as(new Call("deployment-alarms", scope.accountId(), scope.region(), "landfall"),
                    () -> states(names));
        } catch (Exception e) {
            LOG.log(Level.WARNING, "CloudWatch does not say how the alarms of " + row.arn() + " are", e);
            return;
        }
        decisions.submit((image, context) -> ObserveAlarms.decide(image, row.arn(), states, context));
    }

    private List<AlarmState> states(List<String> names) {
        var states = new ArrayList<AlarmState>();
        for (int from = 0; from < names.size(); from += NAMES_MAX) {
            var request = DescribeAlarmsRequest.builder()
                    .alarmNames(names.subList(from, Math.min(names.size(), from + NAMES_MAX)))
                    .alarmTypes(AlarmType.METRIC_ALARM, AlarmType.COMPOSITE_ALARM)
                    .maxRecords(NAMES_MAX)
                    .build();
            String token = null;
            do {
                DescribeAlarmsResponse page = cloudWatch.describeAlarms(
                        request.toBuilder().nextToken(token).build());
                Stream.concat(
                        page.metricAlarms().stream().map(alarm -> new AlarmState(
                                alarm.alarmName(), alarm.stateValue() == StateValue.ALARM, seconds(alarm))),
                        page.compositeAlarms().stream().map(alarm -> new AlarmState(alarm.alarmName(),
                                alarm.stateValue() == StateValue.ALARM, COMPOSITE_ALARM_SECONDS)))
                        .forEach(states::add);
                token = page.nextToken();
            } while (token != null);
        }
        return List.copyOf(states);
    }

    private static int seconds(MetricAlarm alarm) {
        int period = alarm.period() == null
                ? alarm.metrics().stream().filter(query -> query.metricStat() != null)
                        .mapToInt(query -> query.metricStat().period()).max().orElse(COMPOSITE_ALARM_SECONDS)
                : alarm.period();
        return period * (alarm.evaluationPeriods() == null ? 1 : alarm.evaluationPeriods());
    }
}
