package dev.landfall.elb.classic;

import dev.landfall.elb.Certificates;
import dev.landfall.elb.Scope;
import dev.landfall.elb.certificate.SslPolicies;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import software.amazon.awssdk.services.elasticloadbalancing.model.Listener;
import software.amazon.awssdk.services.elasticloadbalancing.model.ListenerDescription;

/** The rules for listeners. */
final class Listeners {
    private static final int PORT_MAX = 65_535;
    private static final List<String> LAYER_7 = List.of("HTTP", "HTTPS");
    private static final List<String> LAYER_4 = List.of("TCP", "SSL");

    private Listeners() {}

    /**
     * That the certificates are there. Asks another service, and so is no part of a decision.
     *
     * @throws software.amazon.awssdk.services.elasticloadbalancing.model.CertificateNotFoundException if one is not
     */
    static void requireKnown(Certificates known, List<Listener> listeners, Scope scope) {
        listeners.stream().map(Listener::sslCertificateId).filter(arn -> arn != null)
                .forEach(arn -> requireKnown(known, arn, scope));
    }

    static void requireKnown(Certificates known, String arn, Scope scope) {
        if (known.find(arn, scope).isEmpty()) {
            throw ClassicErrors.certificateNotFound(arn);
        }
    }

    static boolean isEncrypted(Listener listener) {
        return listener.protocol().equals("HTTPS") || listener.protocol().equals("SSL");
    }

    /** Those there are with others added; one that is there just so is no mistake. */
    static List<ListenerDescription> with(List<ListenerDescription> there, List<Listener> added, String balancer) {
        var all = new ArrayList<ListenerDescription>(there);
        for (Listener listener : added.stream().map(Listeners::completed).toList()) {
            Optional<ListenerDescription> same = all.stream().filter(each ->
                    each.listener().loadBalancerPort().equals(listener.loadBalancerPort())).findFirst();
            if (same.isEmpty()) {
                all.add(ListenerDescription.builder().listener(listener)
                        .policyNames(isEncrypted(listener) ? List.of(SslPolicies.DEFAULT) : List.of()).build());
            } else if (!same.get().listener().equals(listener)) {
                throw ClassicErrors.duplicateListener(balancer, listener.loadBalancerPort());
            }
        }
        if (all.size() > Classic.LISTENERS) {
            throw ClassicErrors.invalidConfiguration("The maximum number of listeners per load balancer is '"
                    + Classic.LISTENERS + "'");
        }
        all.sort(Comparator.comparing(each -> each.listener().loadBalancerPort()));
        return all;
    }

    private static Listener completed(Listener listener) {
        String protocol = protocol(listener.protocol());
        String behind = listener.instanceProtocol() == null ? protocol : protocol(listener.instanceProtocol());
        if (LAYER_7.contains(protocol) != LAYER_7.contains(behind)) {
            throw ClassicErrors.invalidConfiguration("Listener protocol and instance protocol must be at the same "
                    + "layer: " + protocol + ", " + behind);
        }
        int port = listener.loadBalancerPort();
        if (port < 1 || port > PORT_MAX) {
            throw ClassicErrors.validation("LoadBalancerPort must be between 1 and " + PORT_MAX + ": " + port);
        }
        Listener complete = listener.toBuilder().protocol(protocol).instanceProtocol(behind).build();
        if (isEncrypted(complete) == (complete.sslCertificateId() == null)) {
            throw ClassicErrors.invalidConfiguration(isEncrypted(complete)
                    ? "A listener of protocol " + protocol + " must have an SSL certificate"
                    : "A listener of protocol " + protocol + " cannot have an SSL certificate");
        }
        return complete;
    }

    private static String protocol(String text) {
        String name = text.toUpperCase(Locale.ROOT);
        if (!LAYER_7.contains(name) && !LAYER_4.contains(name)) {
            throw ClassicErrors.unsupportedProtocol(text);
        }
        return name;
    }
}
