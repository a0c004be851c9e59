package dev.landfall.elb.certificate;

import dev.landfall.elb.ElbErrors;
import dev.landfall.elb.ElbTables;
import dev.landfall.elb.Quotas;
import dev.landfall.elb.Scope;
import dev.landfall.elb.listener.ListenerRow;
import dev.landfall.elb.listener.Listeners;
import dev.landfall.elb.targetgroup.Protocols;
import dev.landfall.state.Decision;
import dev.landfall.state.Image;
import dev.landfall.state.Write;
import java.util.List;
import java.util.stream.Stream;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.AddListenerCertificatesRequest;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.AddListenerCertificatesResponse;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.Certificate;

/** Adds certificates to those that a listener chooses from by server name; one that it has already is no mistake. */
public final class AddListenerCertificates {
    private AddListenerCertificates() {}

    public static Decision<AddListenerCertificatesResponse> decide(
            Image image, AddListenerCertificatesRequest request, Scope scope) {
        ListenerRow row = Listeners.require(image, request.listenerArn(), scope);
        if (!Protocols.isEncrypted(row.listener().protocol())) {
            throw ElbErrors.validation("Certificates cannot be specified for " + (row.listener().protocol() == null
                    ? "gateway" : row.listener().protocol()) + " listeners");
        }
        List<String> added = CertificateLists.arns(request.certificates());
        List<String> after = Stream.concat(row.moreCertificates().stream(), added.stream()).distinct().toList();
        long onBalancer = image.find(ElbTables.LISTENERS, ElbTables.LISTENERS_BY_LOAD_BALANCER,
                        row.listener().loadBalancerArn()).stream()
                .filter(other -> !other.arn().equals(row.arn()))
                .mapToLong(other -> other.moreCertificates().size()).sum();
        if (onBalancer + after.size() > Quotas.CERTIFICATES_PER_LOAD_BALANCER) {
            throw ElbErrors.tooManyCertificates();
        }
        return Decision.of(AddListenerCertificatesResponse.builder()
                        .certificates(added.stream().map(arn -> Certificate.builder().certificateArn(arn)
                                .isDefault(false).build()).toList()).build(),
                Write.put(ElbTables.LISTENERS, row.with(after)));
    }
}
