package dev.landfall.ecs.deployment;

import software.amazon.awssdk.services.cloudwatch.CloudWatchClient;
import software.amazon.awssdk.services.cloudwatch.model.DescribeAlarmsRequest;
import software.amazon.awssdk.services.cloudwatch.model.DescribeAlarmsResponse;

/** A CloudWatch in which no alarm exists, for a control plane without one. */
public final class NoAlarms implements CloudWatchClient {
    @Override
    public DescribeAlarmsResponse describeAlarms(DescribeAlarmsRequest request) {
        return DescribeAlarmsResponse.builder().build();
    }

    @Override
    public String serviceName() {
        return SERVICE_NAME;
    }

    @Override
    public void close() {}
}
