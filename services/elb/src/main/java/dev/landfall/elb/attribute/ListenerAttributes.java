package dev.landfall.elb.attribute;

import static dev.landfall.elb.attribute.Setting.bool;
import static dev.landfall.elb.attribute.Setting.choice;
import static dev.landfall.elb.attribute.Setting.headerName;
import static dev.landfall.elb.attribute.Setting.range;
import static dev.landfall.elb.attribute.Setting.text;

import dev.landfall.elb.ElbErrors;
import dev.landfall.elb.listener.ListenerRow;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.stream.Stream;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.ListenerAttribute;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.ProtocolEnum;

/** The attributes of listeners, with AWS's defaults (API reference, ListenerAttribute; header modification). */
public final class ListenerAttributes {
    private static final int HEADER_VALUE_MAX = 1_024;
    private static final String RESPONSE = "routing.http.response.";
    private static final String REQUEST = "routing.http.request.";

    private static final List<Setting> OF_HTTP = List.of(
            bool(RESPONSE + "server.enabled", "true"),
            text(RESPONSE + "strict_transport_security.header_value", HEADER_VALUE_MAX),
            text(RESPONSE + "access_control_allow_origin.header_value", HEADER_VALUE_MAX),
            text(RESPONSE + "access_control_allow_methods.header_value", HEADER_VALUE_MAX),
            text(RESPONSE + "access_control_allow_headers.header_value", HEADER_VALUE_MAX),
            choice(RESPONSE + "access_control_allow_credentials.header_value", "", "", "true"),
            text(RESPONSE + "access_control_expose_headers.header_value", HEADER_VALUE_MAX),
            new Setting(RESPONSE + "access_control_max_age.header_value", "", (key, value) -> value.isEmpty()
                    ? Optional.empty() : range(key, "", 0, 86_400).wrong().of(key, value)),
            text(RESPONSE + "content_security_policy.header_value", HEADER_VALUE_MAX),
            choice(RESPONSE + "x_content_type_options.header_value", "", "", "nosniff"),
            text(RESPONSE + "x_frame_options.header_value", HEADER_VALUE_MAX));
    private static final List<Setting> OF_HTTPS = List.of(
            headerName(REQUEST + "x_amzn_mtls_clientcert_serial_number.header_name", ""),
            headerName(REQUEST + "x_amzn_mtls_clientcert_issuer.header_name", ""),
            headerName(REQUEST + "x_amzn_mtls_clientcert_subject.header_name", ""),
            headerName(REQUEST + "x_amzn_mtls_clientcert_validity.header_name", ""),
            headerName(REQUEST + "x_amzn_mtls_clientcert_leaf.header_name", ""),
            headerName(REQUEST + "x_amzn_mtls_clientcert.header_name", ""),
            headerName(REQUEST + "x_amzn_tls_version.header_name", ""),
            headerName(REQUEST + "x_amzn_tls_cipher_suite.header_name", ""));
    private static final List<Setting> OF_TCP = List.of(range("tcp.idle_timeout.seconds", "350", 60, 6_000));
    private static final List<String> KNOWN =
            Stream.of(OF_HTTP, OF_HTTPS, OF_TCP).flatMap(List::stream).map(Setting::key).toList();

    private ListenerAttributes() {}

    private static Settings of(ListenerRow row) {
        ProtocolEnum protocol = row.listener().protocol() == null ? ProtocolEnum.GENEVE : row.listener().protocol();
        List<Setting> mine = switch (protocol) {
            case HTTP -> OF_HTTP;
            case HTTPS -> Stream.concat(OF_HTTP.stream(), OF_HTTPS.stream()).toList();
            case TCP, TCP_UDP, GENEVE -> OF_TCP;
            case TLS, UDP, QUIC, TCP_QUIC, UNKNOWN_TO_SDK_VERSION -> List.of();
        };
        return new Settings("Listener", mine, KNOWN);
    }

    public static List<ListenerAttribute> shown(ListenerRow row) {
        return of(row).shown(row.attributes()).stream()
                .map(each -> ListenerAttribute.builder().key(each.key()).value(each.value()).build()).toList();
    }

    /** What is set once a caller's changes are made. */
    static SortedMap<String, String> with(ListenerRow row, List<ListenerAttribute> changes) {
        return of(row).with(row.attributes(),
                changes.stream().map(each -> new Settings.Change(each.key(), each.value())).toList(),
                key -> ElbErrors.invalidConfiguration("Listener attribute key '" + key
                        + "' is not supported on listeners with protocol '" + row.listener().protocolAsString() + "'"));
    }
}
