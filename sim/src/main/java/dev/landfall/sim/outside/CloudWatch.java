package dev.landfall.sim.outside;

import java.util.ArrayList;
import java.util.TreeMap;
import software.amazon.awssdk.services.cloudwatch.CloudWatchClient;
import software.amazon.awssdk.services.cloudwatch.model.DescribeAlarmsRequest;
import software.amazon.awssdk.services.cloudwatch.model.DescribeAlarmsResponse;
import software.amazon.awssdk.services.cloudwatch.model.MetricAlarm;
import software.amazon.awssdk.services.cloudwatch.model.StateValue;

/** A CloudWatch of metric alarms that go off when they are told to. */
public final class CloudWatch implements CloudWatchClient {
    private static final int PERIOD_SECONDS = 60;

    private final TreeMap<String, StateValue> alarms = new TreeMap<>();

    /** Makes the alarm, or changes its state. */
    public void set(String alarm, StateValue state) {
        alarms.put(alarm, state);
    }

    @Override
    public DescribeAlarmsResponse describeAlarms(DescribeAlarmsRequest request) {
        var found = new ArrayList<MetricAlarm>();
        for (String name : request.alarmNames()) {
            if (alarms.containsKey(name)) {
                found.add(MetricAlarm.builder().alarmName(name).stateValue(alarms.get(name))
                        .period(PERIOD_SECONDS).evaluationPeriods(1).build());
            }
        }
        return DescribeAlarmsResponse.builder().metricAlarms(found).build();
    }

    @Override
    public String serviceName() {
        return SERVICE_NAME;
    }

    @Override
    public void close() {}
}
