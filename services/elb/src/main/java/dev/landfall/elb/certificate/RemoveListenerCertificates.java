package dev.landfall.elb.certificate;

import dev.landfall.elb.ElbErrors;
import dev.landfall.elb.ElbTables;
import dev.landfall.elb.Scope;
import dev.landfall.elb.listener.ListenerRow;
import dev.landfall.elb.listener.Listeners;
import dev.landfall.state.Decision;
import dev.landfall.state.Image;
import dev.landfall.state.Write;
import java.util.List;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.RemoveListenerCertificatesRequest;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.RemoveListenerCertificatesResponse;

/** Takes certificates from those that a listener chooses from; one that it does not have is no mistake. */
public final class RemoveListenerCertificates {
    private RemoveListenerCertificates() {}

    public static Decision<RemoveListenerCertificatesResponse> decide(
            Image image, RemoveListenerCertificatesRequest request, Scope scope) {
        ListenerRow row = Listeners.require(image, request.listenerArn(), scope);
        List<String> removed = CertificateLists.arns(request.certificates());
        if (row.listener().certificates().stream().anyMatch(each -> removed.contains(each.certificateArn()))) {
            throw ElbErrors.operationNotPermitted("The default certificate of a listener cannot be removed");
        }
        return Decision.of(RemoveListenerCertificatesResponse.builder().build(), Write.put(ElbTables.LISTENERS,
                row.with(row.moreCertificates().stream().filter(each -> !removed.contains(each)).toList())));
    }
}
