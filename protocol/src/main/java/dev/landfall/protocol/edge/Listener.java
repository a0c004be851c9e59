package dev.landfall.protocol.edge;

import java.util.List;
import java.util.Map;

/**
 * A listener of a load balancer.
 *
 * @param certificates the default first; the others are chosen by server name
 * @param sslPolicy the name of one of AWS's policies; empty without TLS
 * @param alpnPolicy of a TLS listener: HTTP1Only, HTTP2Only, HTTP2Optional, HTTP2Preferred or None; empty is None
 * @param attributes listener attributes by AWS's keys
 * @param rules in the order they are tried; the last one is the default and has no conditions
 */
public record Listener(
        String arn,
        int port,
        Protocol protocol,
        List<Certificate> certificates,
        String sslPolicy,
        String alpnPolicy,
        Map<String, String> attributes,
        List<Rule> rules) {

    public enum Protocol { HTTP, HTTPS, TCP, TLS, UDP, TCP_UDP }

    public Listener {
        Checks.present(arn, "arn");
        Checks.port(port);
        Checks.present(protocol, "protocol");
        certificates = Checks.list(certificates);
        sslPolicy = sslPolicy == null ? "" : sslPolicy;
        alpnPolicy = alpnPolicy == null ? "" : alpnPolicy;
        attributes = Checks.map(attributes);
        rules = Checks.list(rules);
        Checks.that(!rules.isEmpty() && rules.getLast().conditions().isEmpty(), "default rule of", arn);
    }

    /** A certificate with its key. Both PEM: the chain from the leaf up, the key as PKCS #8. */
    public record Certificate(String arn, String chainPem, String privateKeyPem) {
        public Certificate {
            Checks.present(chainPem, "chainPem");
            Checks.present(privateKeyPem, "privateKeyPem");
        }

        /** Without the key, which belongs in no log. */
        @Override
        public String toString() {
            return "Certificate[" + arn + "]";
        }
    }
}
