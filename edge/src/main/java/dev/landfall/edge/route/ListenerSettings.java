package dev.landfall.edge.route;

import dev.landfall.protocol.edge.Listener;
import java.util.ArrayList;
import java.util.List;

/**
 * The attributes of a listener, read once. Times in seconds.
 *
 * @param inserted response headers that the listener sets, whatever the target says
 */
public record ListenerSettings(
        boolean serverHeader,
        int tcpIdleTimeoutSeconds,
        String tlsVersionHeader,
        String tlsCipherHeader,
        List<Inserted> inserted) {

    /** A header, by its name in small letters. */
    public record Inserted(String name, String value) {}

    private static final List<String> INSERTABLE = List.of(
            "strict_transport_security", "access_control_allow_origin", "access_control_allow_methods",
            "access_control_allow_headers", "access_control_allow_credentials", "access_control_expose_headers",
            "access_control_max_age", "content_security_policy", "x_content_type_options", "x_frame_options");

    public static ListenerSettings of(Listener listener) {
        var attributes = new Attributes(listener.attributes());
        var inserted = new ArrayList<Inserted>();
        for (String name : INSERTABLE) {
            String value = attributes.text("routing.http.response." + name + ".header_value", "");
            if (!value.isEmpty()) {
                inserted.add(new Inserted(name.replace('_', '-'), OneLine.of(value)));
            }
        }
        return new ListenerSettings(
                attributes.on("routing.http.response.server.enabled", "true"),
                attributes.number("tcp.idle_timeout.seconds", 350),
                OneLine.of(attributes.text(
                        "routing.http.request.x_amzn_tls_version.header_name", "x-amzn-tls-version")),
                OneLine.of(attributes.text(
                        "routing.http.request.x_amzn_tls_cipher_suite.header_name", "x-amzn-tls-cipher-suite")),
                List.copyOf(inserted));
    }
}
