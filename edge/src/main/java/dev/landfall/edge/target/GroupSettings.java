package dev.landfall.edge.target;

import dev.landfall.edge.route.Attributes;
import dev.landfall.protocol.edge.TargetGroup;
import java.util.Map;

/** The attributes of a target group, read once. Times in seconds. */
public record GroupSettings(
        TargetGroup.Protocol protocol,
        TargetGroup.ProtocolVersion version,
        Algorithm algorithm,
        int deregistrationDelaySeconds,
        int slowStartSeconds,
        Stickiness stickiness,
        String appCookie,
        int stickinessSeconds,
        CrossZone crossZone,
        int minimumHealthyCount,
        int minimumHealthyPercent,
        boolean proxyProtocol,
        boolean endsConnectionsAfterDelay,
        boolean endsConnectionsWhenUnhealthy,
        boolean ofInstances,
        boolean preservesClientAddress) {

    /** load_balancing.algorithm.type */
    public enum Algorithm { ROUND_ROBIN, LEAST_OUTSTANDING_REQUESTS, WEIGHTED_RANDOM }

    /** stickiness.type, when it is enabled. */
    public enum Stickiness { NONE, LB_COOKIE, APP_COOKIE, SOURCE_IP }

    /** load_balancing.cross_zone.enabled */
    public enum CrossZone { AS_THE_BALANCER, ON, OFF }

    private static final Map<String, Algorithm> ALGORITHMS = Map.of(
            "round_robin", Algorithm.ROUND_ROBIN,
            "least_outstanding_requests", Algorithm.LEAST_OUTSTANDING_REQUESTS,
            "weighted_random", Algorithm.WEIGHTED_RANDOM);
    private static final Map<String, Stickiness> STICKINESS = Map.of(
            "lb_cookie", Stickiness.LB_COOKIE,
            "app_cookie", Stickiness.APP_COOKIE,
            "source_ip", Stickiness.SOURCE_IP);
    private static final Map<String, CrossZone> CROSS_ZONE = Map.of("true", CrossZone.ON, "false", CrossZone.OFF);
    /** A day, for both kinds of cookies. */
    private static final int COOKIE_SECONDS = 86_400;

    public static GroupSettings of(TargetGroup group) {
        var attributes = new Attributes(group.attributes());
        boolean udp = group.protocol() == TargetGroup.Protocol.UDP
                || group.protocol() == TargetGroup.Protocol.TCP_UDP;
        Stickiness stickiness = attributes.on("stickiness.enabled", "false")
                ? STICKINESS.getOrDefault(attributes.text("stickiness.type", "lb_cookie"), Stickiness.NONE)
                : Stickiness.NONE;
        String unhealthy = "target_group_health.unhealthy_state_routing.minimum_healthy_targets.";
        return new GroupSettings(
                group.protocol(),
                group.protocolVersion(),
                ALGORITHMS.getOrDefault(
                        attributes.text("load_balancing.algorithm.type", "round_robin"), Algorithm.ROUND_ROBIN),
                attributes.number("deregistration_delay.timeout_seconds", 300),
                attributes.number("slow_start.duration_seconds", 0),
                stickiness,
                attributes.text("stickiness.app_cookie.cookie_name", ""),
                attributes.number("stickiness." + (stickiness == Stickiness.APP_COOKIE ? "app" : "lb")
                        + "_cookie.duration_seconds", COOKIE_SECONDS),
                CROSS_ZONE.getOrDefault(
                        attributes.text("load_balancing.cross_zone.enabled", ""), CrossZone.AS_THE_BALANCER),
                attributes.number(unhealthy + "count", 1),
                attributes.number(unhealthy + "percentage", 0),
                attributes.on("proxy_protocol_v2.enabled", "false"),
                attributes.on("deregistration_delay.connection_termination.enabled", udp ? "true" : "false"),
                attributes.on("target_health_state.unhealthy.connection_termination.enabled", "true"),
                group.targetType() == TargetGroup.TargetType.INSTANCE,
                preserves(group, attributes, udp));
    }

    /** AWS's defaults: on, but for addresses behind TCP and TLS; of UDP it cannot be switched off. */
    private static boolean preserves(TargetGroup group, Attributes attributes, boolean udp) {
        return switch (group.protocol()) {
            case HTTP, HTTPS -> false;
            case TCP, TLS, UDP, TCP_UDP -> udp || attributes.on("preserve_client_ip.enabled",
                    Boolean.toString(group.targetType() != TargetGroup.TargetType.IP));
        };
    }

    /** Whether targets get TLS. */
    public boolean secure() {
        return protocol == TargetGroup.Protocol.HTTPS || protocol == TargetGroup.Protocol.TLS;
    }
}
