package dev.landfall.edge.route;

import dev.landfall.edge.http.Desync;
import dev.landfall.protocol.edge.Balancer;
import java.util.Map;

/** The attributes of a load balancer, read once. Times in seconds. */
public record BalancerSettings(
        int idleTimeoutSeconds,
        int clientKeepAliveSeconds,
        Desync.Mode desyncMode,
        boolean dropsInvalidHeaders,
        boolean preservesHost,
        boolean addsTlsHeaders,
        boolean addsClientPort,
        ForwardedFor forwardedFor,
        boolean http2,
        boolean crossZone,
        boolean accessLog) {

    /** routing.http.xff_header_processing.mode */
    public enum ForwardedFor {
        APPEND, PRESERVE, REMOVE;

        private static final Map<String, ForwardedFor> BY_NAME =
                Map.of("append", APPEND, "preserve", PRESERVE, "remove", REMOVE);
    }

    public static BalancerSettings of(Balancer balancer) {
        var attributes = new Attributes(balancer.attributes());
        boolean application = balancer.type() == Balancer.Type.APPLICATION;
        return new BalancerSettings(
                attributes.number("idle_timeout.timeout_seconds", 60),
                attributes.number("client_keep_alive.seconds", 3_600),
                Desync.Mode.of(attributes.text("routing.http.desync_mitigation_mode", "defensive")),
                attributes.on("routing.http.drop_invalid_header_fields.enabled", "false"),
                attributes.on("routing.http.preserve_host_header.enabled", "false"),
                attributes.on("routing.http.x_amzn_tls_version_and_cipher_suite.enabled", "false"),
                attributes.on("routing.http.xff_client_port.enabled", "false"),
                ForwardedFor.BY_NAME.getOrDefault(
                        attributes.text("routing.http.xff_header_processing.mode", "append"), ForwardedFor.APPEND),
                attributes.on("routing.http2.enabled", "true"),
                attributes.on("load_balancing.cross_zone.enabled", application ? "true" : "false"),
                attributes.on("access_logs.s3.enabled", "false"));
    }
}
