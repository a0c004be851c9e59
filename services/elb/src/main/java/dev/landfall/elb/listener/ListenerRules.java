package dev.landfall.elb.listener;

import dev.landfall.elb.ElbErrors;
import dev.landfall.elb.certificate.SslPolicies;
import dev.landfall.elb.loadbalancer.LoadBalancerRow;
import dev.landfall.elb.targetgroup.Protocols;
import java.util.List;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.Certificate;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.Listener;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.LoadBalancerTypeEnum;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.MutualAuthenticationAttributes;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.ProtocolEnum;

/** The rules for listeners. */
final class ListenerRules {
    private static final List<String> ALPN_POLICIES =
            List.of("HTTP1Only", "HTTP2Only", "HTTP2Optional", "HTTP2Preferred", "None");
    private static final List<String> MODES = List.of("off", "passthrough", "verify");

    private ListenerRules() {}

    /** The listener with what was left out, if its load balancer can have it. */
    static Listener completed(LoadBalancerRow balancer, Listener listener) {
        requireProtocol(balancer.loadBalancer().type(), listener);
        boolean encrypted = Protocols.isEncrypted(listener.protocol());
        List<Certificate> certificates = listener.certificates();
        if (encrypted && certificates.isEmpty()) {
            throw ElbErrors.validation("A certificate must be specified for " + listener.protocol() + " listeners");
        }
        if (!encrypted && (!certificates.isEmpty() || listener.sslPolicy() != null)) {
            throw ElbErrors.validation("Certificates and an SSL policy cannot be specified for "
                    + (listener.protocol() == null ? "gateway" : listener.protocol()) + " listeners");
        }
        requireOne(certificates);
        var complete = listener.toBuilder();
        if (encrypted) {
            String policy = listener.sslPolicy() == null ? SslPolicies.DEFAULT : listener.sslPolicy();
            SslPolicies.require(policy);
            complete.sslPolicy(policy).certificates(certificates.stream()
                    .map(certificate -> certificate.toBuilder().isDefault(null).build()).toList());
        }
        if (listener.hasAlpnPolicy() && !listener.alpnPolicy().isEmpty()) {
            requireAlpn(listener);
        }
        if (listener.mutualAuthentication() != null && listener.protocol() != ProtocolEnum.HTTPS) {
            throw ElbErrors.validation("Mutual authentication can be specified only for HTTPS listeners");
        }
        if (listener.protocol() == ProtocolEnum.HTTPS) {
            complete.mutualAuthentication(mutual(listener.mutualAuthentication()));
        }
        return complete.build();
    }

    /** A listener has one default certificate; more are added to its list one by one. */
    static void requireOne(List<Certificate> certificates) {
        if (certificates.size() > 1) {
            throw ElbErrors.validation("Up to '1' certificate ARNs can be specified, but '" + certificates.size()
                    + "' were specified");
        }
        for (Certificate certificate : certificates) {
            if (certificate.certificateArn() == null) {
                throw ElbErrors.validation("A certificate ARN must be specified");
            }
            if (certificate.isDefault() != null) {
                throw ElbErrors.validation("You cannot set the isDefault parameter for a certificate");
            }
        }
    }

    private static void requireProtocol(LoadBalancerTypeEnum type, Listener listener) {
        if (type == LoadBalancerTypeEnum.GATEWAY) {
            if (listener.port() != null) {
                throw ElbErrors.validation("A port cannot be specified for gateway listeners");
            }
            if (listener.protocol() != null) {
                throw ElbErrors.validation("A protocol cannot be specified for gateway listeners");
            }
            return;
        }
        if (listener.port() == null) {
            throw ElbErrors.validation("A listener port must be specified");
        }
        if (listener.protocol() == null) {
            throw ElbErrors.validation("A listener protocol must be specified");
        }
        if (Protocols.isQuic(listener.protocol()) && type == LoadBalancerTypeEnum.NETWORK) {
            throw ElbErrors.unsupportedProtocol();
        }
        List<ProtocolEnum> allowed = Protocols.ofListeners(type);
        if (!allowed.contains(listener.protocol())) {
            throw ElbErrors.validation("Listener protocol '" + listener.protocol() + "' must be one of '"
                    + Protocols.listed(allowed) + "'");
        }
    }

    private static void requireAlpn(Listener listener) {
        if (listener.protocol() != ProtocolEnum.TLS) {
            throw ElbErrors.validation("An ALPN policy can be specified only for TLS listeners");
        }
        if (listener.alpnPolicy().size() > 1) {
            throw ElbErrors.validation("Only one ALPN policy can be specified");
        }
        if (!ALPN_POLICIES.contains(listener.alpnPolicy().getFirst())) {
            throw ElbErrors.alpnPolicyNotSupported();
        }
    }

    /** Clients' certificates are not looked at; verifying them would take a trust store, of which there can be none. */
    private static MutualAuthenticationAttributes mutual(MutualAuthenticationAttributes given) {
        if (given == null || given.mode() == null && given.trustStoreArn() == null) {
            return MutualAuthenticationAttributes.builder().mode("off").build();
        }
        if (!MODES.contains(given.mode())) {
            throw ElbErrors.validation("Mutual authentication mode must be one of '" + String.join(", ", MODES) + "'");
        }
        if (given.mode().equals("verify")) {
            if (given.trustStoreArn() == null) {
                throw ElbErrors.validation("A trust store must be specified for mutual authentication mode 'verify'");
            }
            throw ElbErrors.trustStoreNotFound();
        }
        if (given.trustStoreArn() != null || given.ignoreClientCertificateExpiry() != null
                || given.advertiseTrustStoreCaNames() != null || given.trustStoreAssociationStatus() != null) {
            throw ElbErrors.validation("A trust store can be specified only for mutual authentication mode 'verify'");
        }
        return given;
    }
}
