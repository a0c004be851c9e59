package dev.landfall.protocol.edge;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import java.util.Map;

/**
 * A load balancer with its listeners.
 *
 * @param dnsName the name that clients know it by; may be empty
 * @param addresses what each listener binds, at the listener's port
 * @param attributes load balancer attributes by AWS's keys ({@code idle_timeout.timeout_seconds}, …); what is absent
 *     has AWS's default
 * @param unread what the control plane has told of and this side cannot understand; the control plane has none
 */
public record Balancer(
        String arn,
        String name,
        String dnsName,
        Type type,
        List<BindAddress> addresses,
        Map<String, String> attributes,
        List<Listener> listeners,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) List<Unread> unread) {

    public enum Type {
        @JsonProperty("application") APPLICATION,
        @JsonProperty("network") NETWORK
    }

    public Balancer {
        Checks.present(arn, "arn");
        Checks.present(name, "name");
        dnsName = dnsName == null ? "" : dnsName;
        Checks.present(type, "type");
        addresses = Checks.list(addresses);
        attributes = Checks.map(attributes);
        listeners = Checks.list(listeners);
        unread = Checks.list(unread);
    }

    /** One of which all is understood. */
    public Balancer(String arn, String name, String dnsName, Type type, List<BindAddress> addresses,
            Map<String, String> attributes, List<Listener> listeners) {
        this(arn, name, dnsName, type, addresses, attributes, listeners, List.of());
    }

    /**
     * A listener with a value that cannot be understood.
     *
     * @param port 0 if that is the value
     */
    public record Unread(String listenerArn, int port, String reason) {
        public Unread {
            listenerArn = listenerArn == null ? "" : listenerArn;
            reason = reason == null ? "" : reason;
        }
    }

    /** A local address, and the availability zone whose node it stands for. */
    public record BindAddress(String address, String zone) {
        public BindAddress {
            Checks.address(address);
            zone = zone == null ? "" : zone;
        }
    }
}
