package dev.landfall.elb.metric;

import software.amazon.awssdk.services.cloudwatch.CloudWatchClient;
import software.amazon.awssdk.services.cloudwatch.model.PutMetricDataRequest;
import software.amazon.awssdk.services.cloudwatch.model.PutMetricDataResponse;

/** A CloudWatch that keeps no metrics, for a control plane without one. */
public final class NoMetrics implements CloudWatchClient {
    @Override
    public PutMetricDataResponse putMetricData(PutMetricDataRequest request) {
        return PutMetricDataResponse.builder().build();
    }

    @Override
    public String serviceName() {
        return SERVICE_NAME;
    }

    @Override
    public void close() {}
}
