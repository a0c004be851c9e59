package dev.landfall.protocol.edge;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.HashSet;
import java.util.List;
import java.util.Map;

/**
 * A target group with its targets.
 *
 * @param protocolVersion of HTTP and HTTPS groups; others say HTTP1
 * @param attributes target group attributes by AWS's keys ({@code deregistration_delay.timeout_seconds}, …); what is
 *     absent has AWS's default
 */
public record TargetGroup(
        String arn,
        String name,
        Protocol protocol,
        ProtocolVersion protocolVersion,
        TargetType targetType,
        HealthCheck healthCheck,
        Map<String, String> attributes,
        List<Target> targets) {

    public enum Protocol { HTTP, HTTPS, TCP, TLS, UDP, TCP_UDP }

    public enum ProtocolVersion { HTTP1, HTTP2, GRPC }

    public enum TargetType {
        @JsonProperty("instance") INSTANCE,
        @JsonProperty("ip") IP,
        @JsonProperty("lambda") LAMBDA,
        @JsonProperty("alb") ALB
    }

    public TargetGroup {
        Checks.present(arn, "arn");
        Checks.present(name, "name");
        Checks.present(protocol, "protocol");
        protocolVersion = protocolVersion == null ? ProtocolVersion.HTTP1 : protocolVersion;
        Checks.present(targetType, "targetType");
        Checks.present(healthCheck, "healthCheck");
        attributes = Checks.map(attributes);
        targets = Checks.list(targets);
        var seen = new HashSet<String>();
        targets.forEach(target -> Checks.that(seen.add(target.id() + " " + target.port()), "target twice", target));
    }

    /** This with other targets. */
    public TargetGroup withTargets(List<Target> targets) {
        return new TargetGroup(
                arn, name, protocol, protocolVersion, targetType, healthCheck, attributes, targets);
    }

    /**
     * One target: {@code id} and {@code port} name it in the API, {@code address} is where it is. A target that was
     * deregistered stays here until its delay is over.
     *
     * @param zone its availability zone; empty is every zone ("all")
     * @param drainingSinceMillis when it was deregistered, in epoch milliseconds; null while it is registered
     * @param registeredMillis when it was registered, in epoch milliseconds: of the same id and port, another one is
     *     another target, whose health nobody knows yet
     */
    public record Target(
            String id, String address, int port, String zone, Long drainingSinceMillis, long registeredMillis) {
        public Target {
            Checks.present(id, "id");
            Checks.address(address);
            Checks.port(port);
            zone = zone == null || zone.equals("all") ? "" : zone;
        }

        public Target(String id, String address, int port, String zone) {
            this(id, address, port, zone, null);
        }

        public Target(String id, String address, int port, String zone, Long drainingSinceMillis) {
            this(id, address, port, zone, drainingSinceMillis, 0);
        }

        public boolean draining() {
            return drainingSinceMillis != null;
        }
    }

    /**
     * How targets are checked. {@code enabled} is false only for groups that may do without (lambda).
     *
     * @param port digits, or {@code traffic-port}
     * @param matcher HTTP codes ("200", "200-299", "200,202") or, for GRPC groups, gRPC codes ("0", "0-99"); unused by
     *     TCP checks
     */
    public record HealthCheck(
            boolean enabled,
            Protocol protocol,
            String port,
            String path,
            int intervalSeconds,
            int timeoutSeconds,
            int healthyThresholdCount,
            int unhealthyThresholdCount,
            String matcher) {

        public HealthCheck {
            Checks.present(protocol, "health check protocol");
            Checks.that(protocol == Protocol.HTTP || protocol == Protocol.HTTPS || protocol == Protocol.TCP,
                    "health check protocol", protocol);
            port = port == null ? "traffic-port" : port;
            Checks.that(port.matches("traffic-port|[1-9][0-9]{0,4}"), "health check port", port);
            path = path == null || path.isEmpty() ? "/" : path;
            Checks.that(intervalSeconds >= 1 && intervalSeconds <= 300, "intervalSeconds", intervalSeconds);
            Checks.that(timeoutSeconds >= 1 && timeoutSeconds <= 120, "timeoutSeconds", timeoutSeconds);
            Checks.that(healthyThresholdCount >= 1 && healthyThresholdCount <= 10, "healthyThresholdCount",
                    healthyThresholdCount);
            Checks.that(unhealthyThresholdCount >= 1 && unhealthyThresholdCount <= 10, "unhealthyThresholdCount",
                    unhealthyThresholdCount);
            matcher = matcher == null ? "" : matcher;
            Checks.that(matcher.matches("[0-9,\\- ]{0,256}"), "matcher", matcher);
        }
    }
}
