package dev.landfall.elb.classic;

import dev.landfall.elb.Scope;
import dev.landfall.state.Decision;
import dev.landfall.state.Image;
import software.amazon.awssdk.services.elasticloadbalancing.model.ListenerDescription;
import software.amazon.awssdk.services.elasticloadbalancing.model.SetLoadBalancerListenerSslCertificateRequest;
import software.amazon.awssdk.services.elasticloadbalancing.model.SetLoadBalancerListenerSslCertificateResponse;

/** Gives a listener another certificate. */
final class SetLoadBalancerListenerSslCertificate {
    private SetLoadBalancerListenerSslCertificate() {}

    static Decision<SetLoadBalancerListenerSslCertificateResponse> decide(
            Image image, SetLoadBalancerListenerSslCertificateRequest request, Scope scope) {
        ClassicRow row = Classic.require(image, request.loadBalancerName(), scope);
        int port = request.loadBalancerPort();
        ListenerDescription listener = row.listener(port)
                .orElseThrow(() -> ClassicErrors.listenerNotFound(row.name(), port));
        if (!Listeners.isEncrypted(listener.listener())) {
            throw ClassicErrors.invalidConfiguration("A listener of protocol " + listener.listener().protocol()
                    + " cannot have an SSL certificate");
        }
        ListenerDescription next = listener.toBuilder().listener(listener.listener().toBuilder()
                .sslCertificateId(request.sslCertificateId()).build()).build();
        return Decision.of(SetLoadBalancerListenerSslCertificateResponse.builder().build(),
                Classic.put(row.withListeners(row.description().listenerDescriptions().stream()
                        .map(each -> each.equals(listener) ? next : each).toList())));
    }
}
