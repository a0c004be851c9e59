package dev.landfall.elb.edge;

import dev.landfall.elb.Certificates;
import dev.landfall.elb.ElbTables;
import dev.landfall.elb.Instances;
import dev.landfall.elb.Scope;
import dev.landfall.elb.certificate.SslPolicies;
import dev.landfall.elb.classic.ClassicRow;
import dev.landfall.elb.classic.ConfigureHealthCheck.Target;
import dev.landfall.elb.classic.StickinessPolicies;
import dev.landfall.elb.target.TargetRow;
import dev.landfall.protocol.edge.Action;
import dev.landfall.protocol.edge.Balancer;
import dev.landfall.protocol.edge.Listener;
import dev.landfall.protocol.edge.Rule;
import dev.landfall.protocol.edge.TargetGroup;
import dev.landfall.state.Image;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import software.amazon.awssdk.services.elasticloadbalancing.model.AdditionalAttribute;

/**
 * Classic Load Balancers as data planes have them: each listener has one rule, which forwards to a target group that
 * nobody else sees, of all instances at the listener's instance port.
 */
final class ClassicShapes {
    /** A load balancer's cookie that is to last for the browser's session lasts for a week, the longest there is. */
    private static final long SESSION_SECONDS = 604_800;

    private ClassicShapes() {}

    static Balancer balancer(ClassicRow row, Certificates certificates) {
        return new Balancer(row.arn(), row.name(), row.description().dnsName(), Balancer.Type.APPLICATION,
                List.of(new Balancer.BindAddress(row.address(), row.description().availabilityZones().getFirst())),
                attributes(row),
                row.listeners().stream().map(each -> listener(row, each, certificates)).toList());
    }

    private static SortedMap<String, String> attributes(ClassicRow row) {
        var attributes = new TreeMap<String, String>();
        attributes.put("idle_timeout.timeout_seconds",
                row.attributes().connectionSettings().idleTimeout().toString());
        attributes.put("load_balancing.cross_zone.enabled",
                row.attributes().crossZoneLoadBalancing().enabled().toString());
        attributes.put("access_logs.s3.enabled", row.attributes().accessLog().enabled().toString());
        attributes.put("routing.http2.enabled", "false"); // Classic Load Balancers speak HTTP/1.1
        row.attributes().additionalAttributes().stream().map(AdditionalAttribute::value)
                .forEach(mode -> attributes.put("routing.http.desync_mitigation_mode", mode));
        return attributes;
    }

    private static Listener listener(ClassicRow row,
            software.amazon.awssdk.services.elasticloadbalancing.model.Listener listener, Certificates certificates) {
        String arn = row.groupArn(listener.loadBalancerPort());
        Scope scope = Scope.of(row.arn());
        List<Listener.Certificate> own = Stream.ofNullable(listener.sslCertificateId())
                .flatMap(id -> certificates.find(id, scope).stream().map(found ->
                        new Listener.Certificate(id, found.chainPem(), found.privateKeyPem()))).toList();
        var attributes = new TreeMap<String, String>();
        attributes.put("tcp.idle_timeout.seconds", row.attributes().connectionSettings().idleTimeout().toString());
        return new Listener(arn, listener.loadBalancerPort(),
                listener.protocol().equals("SSL") ? Listener.Protocol.TLS
                        : Listener.Protocol.valueOf(listener.protocol()),
                own, listener.sslCertificateId() == null ? "" : SslPolicies.DEFAULT, "", attributes,
                List.of(new Rule(arn, List.of(), List.of(),
                        new Action.Forward(List.of(new Action.WeightedGroup(arn, 1)), 0))));
    }

    /** What a data plane has as the target group of a listener. */
    static Optional<TargetGroup> group(Image image, String groupArn, Instances instances) {
        return row(image, groupArn).flatMap(row -> listenerOf(row, groupArn).map(each -> group(row, each, instances)));
    }

    private static TargetGroup group(ClassicRow row,
            software.amazon.awssdk.services.elasticloadbalancing.model.Listener listener, Instances instances) {
        int port = listener.loadBalancerPort();
        return new TargetGroup(row.groupArn(port), row.name() + '-' + port,
                listener.instanceProtocol().equals("SSL") ? TargetGroup.Protocol.TLS
                        : TargetGroup.Protocol.valueOf(listener.instanceProtocol()),
                TargetGroup.ProtocolVersion.HTTP1, TargetGroup.TargetType.INSTANCE, check(row),
                groupAttributes(row, port),
                Stream.concat(row.instanceIds().stream().flatMap(id ->
                                target(id, listener.instancePort(), null, instances).stream()),
                        row.leaving().stream().filter(each -> !row.instanceIds().contains(each.instanceId()))
                                .flatMap(each -> target(each.instanceId(), listener.instancePort(),
                                        each.since().toEpochMilli(), instances).stream())).toList());
    }

    private static Optional<TargetGroup.Target> target(String id, int port, Long since, Instances instances) {
        return instances.address(id).map(at -> new TargetGroup.Target(id, at, port, "", since));
    }

    /** A check of SSL is one of TCP: its handshake is not made. */
    private static TargetGroup.HealthCheck check(ClassicRow row) {
        var check = row.description().healthCheck();
        Target target = Target.of(check.target());
        TargetGroup.Protocol protocol = target.protocol().startsWith("HTTP")
                ? TargetGroup.Protocol.valueOf(target.protocol()) : TargetGroup.Protocol.TCP;
        return new TargetGroup.HealthCheck(true, protocol, Integer.toString(target.port()), target.path(),
                check.interval(), check.timeout(), check.healthyThreshold(), check.unhealthyThreshold(), "200");
    }

    private static SortedMap<String, String> groupAttributes(ClassicRow row, int port) {
        var attributes = new TreeMap<String, String>();
        var draining = row.attributes().connectionDraining();
        attributes.put("deregistration_delay.timeout_seconds",
                draining.enabled() ? draining.timeout().toString() : "0");
        // Behind a Classic Load Balancer an instance sees its address; network load balancers came later.
        attributes.put("preserve_client_ip.enabled", "false");
        StickinessPolicies.byApplication(row, port).ifPresent(policy -> {
            attributes.put("stickiness.enabled", "true");
            attributes.put("stickiness.type", "app_cookie");
            attributes.put("stickiness.app_cookie.cookie_name", policy.cookieName());
            attributes.put("stickiness.app_cookie.duration_seconds", Long.toString(SESSION_SECONDS));
        });
        StickinessPolicies.byLoadBalancer(row, port).ifPresent(policy -> {
            long seconds = policy.cookieExpirationPeriod() == null ? SESSION_SECONDS : policy.cookieExpirationPeriod();
            attributes.put("stickiness.enabled", "true");
            attributes.put("stickiness.type", "lb_cookie");
            attributes.put("stickiness.lb_cookie.duration_seconds",
                    Long.toString(Math.min(SESSION_SECONDS, seconds)));
        });
        return attributes;
    }

    /** Whether a target of that {@link TargetRow#key} is registered. */
    static boolean isRegistered(Image image, String targetKey) {
        return row(image, ElbTables.groupOf(targetKey))
                .filter(row -> targetKeys(row).anyMatch(targetKey::equals)).isPresent();
    }

    /** The target groups of a load balancer, by ARN. */
    static Stream<String> groupArns(ClassicRow row) {
        return row.listeners().stream().map(each -> row.groupArn(each.loadBalancerPort()));
    }

    /** The targets of a load balancer, by {@link TargetRow#key}. */
    static Stream<String> targetKeys(ClassicRow row) {
        return row.listeners().stream().flatMap(each -> row.instanceIds().stream().map(id ->
                TargetRow.key(row.groupArn(each.loadBalancerPort()), id, each.instancePort())));
    }

    private static Optional<ClassicRow> row(Image image, String groupArn) {
        return image.get(ElbTables.CLASSIC, groupArn.substring(0, Math.max(0, groupArn.lastIndexOf('/'))));
    }

    private static Optional<software.amazon.awssdk.services.elasticloadbalancing.model.Listener> listenerOf(
            ClassicRow row, String groupArn) {
        return row.listeners().stream().filter(each -> row.groupArn(each.loadBalancerPort()).equals(groupArn))
                .findFirst();
    }
}
