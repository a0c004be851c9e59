package dev.landfall.protocol.edge;

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
 */
public record Balancer(
        String arn,
        String name,
        String dnsName,
        Type type,
        List<BindAddress> addresses,
        Map<String, String> attributes,
        List<Listener> listeners) {

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
    }

    /** A local address, and the availability zone whose node it stands for. */
    public record BindAddress(String address, String zone) {
        public BindAddress {
            Checks.address(address);
            zone = zone == null ? "" : zone;
        }
    }
}
