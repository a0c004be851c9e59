package dev.landfall.elb;

import dev.landfall.elb.metric.NoMetrics;
import software.amazon.awssdk.services.cloudwatch.CloudWatchClient;

/**
 * What Elastic Load Balancing is handed beside its own state.
 *
 * @param certificates of ACM and IAM, by ARN
 * @param instances where the targets are that are instances
 * @param metrics is told what the data planes measure
 * @param addresses that load balancers get
 */
public record Surroundings(
        Certificates certificates, Instances instances, CloudWatchClient metrics, AddressRange addresses) {
    /** No certificates, all instances on this machine, and nobody who wants the metrics. */
    public static final Surroundings NONE =
            new Surroundings(Certificates.NONE, Instances.THIS_MACHINE, new NoMetrics(), AddressRange.DEFAULT);

    public Surroundings with(Certificates nextCertificates) {
        return new Surroundings(nextCertificates, instances, metrics, addresses);
    }

    public Surroundings with(Instances nextInstances) {
        return new Surroundings(certificates, nextInstances, metrics, addresses);
    }

    public Surroundings with(CloudWatchClient nextMetrics) {
        return new Surroundings(certificates, instances, nextMetrics, addresses);
    }

    public Surroundings with(AddressRange nextAddresses) {
        return new Surroundings(certificates, instances, metrics, nextAddresses);
    }
}
