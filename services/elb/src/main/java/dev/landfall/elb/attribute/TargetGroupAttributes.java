package dev.landfall.elb.attribute;

import static dev.landfall.elb.attribute.Setting.bool;
import static dev.landfall.elb.attribute.Setting.choice;
import static dev.landfall.elb.attribute.Setting.range;
import static dev.landfall.elb.attribute.Setting.rangeOr;
import static dev.landfall.elb.attribute.Setting.text;

import dev.landfall.elb.ElbErrors;
import dev.landfall.elb.Quotas;
import dev.landfall.elb.targetgroup.Protocols;
import dev.landfall.elb.targetgroup.TargetGroupRow;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.stream.Stream;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.ProtocolEnum;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetGroup;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetGroupAttribute;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetTypeEnum;

/** The attributes of target groups, with AWS's defaults (API reference, TargetGroupAttribute). */
public final class TargetGroupAttributes {
    private static final String DELAY = "deregistration_delay.timeout_seconds";
    private static final String TERMINATION = "deregistration_delay.connection_termination.enabled";
    private static final String SLOW_START = "slow_start.duration_seconds";
    private static final String ALGORITHM = "load_balancing.algorithm.type";
    private static final String MITIGATION = "load_balancing.algorithm.anomaly_mitigation";
    private static final String COOKIE = "stickiness.app_cookie.cookie_name";
    private static final String STICKY = "stickiness.enabled";
    private static final String STICKINESS = "stickiness.type";
    private static final String CLIENT_IP = "preserve_client_ip.enabled";
    private static final String UNHEALTHY_TERMINATION = "target_health_state.unhealthy.connection_termination.enabled";
    private static final String UNHEALTHY_DRAINING = "target_health_state.unhealthy.draining_interval_seconds";
    private static final int WEEK_SECONDS = 604_800;

    private static final List<Setting> HEALTH = List.of(
            choice("load_balancing.cross_zone.enabled", "use_load_balancer_configuration", "true", "false",
                    "use_load_balancer_configuration"),
            rangeOr("off", "target_group_health.dns_failover.minimum_healthy_targets.count", "1", 1,
                    Quotas.TARGETS_PER_TARGET_GROUP),
            rangeOr("off", "target_group_health.dns_failover.minimum_healthy_targets.percentage", "off", 1, 100),
            range("target_group_health.unhealthy_state_routing.minimum_healthy_targets.count", "1", 1,
                    Quotas.TARGETS_PER_TARGET_GROUP),
            rangeOr("off", "target_group_health.unhealthy_state_routing.minimum_healthy_targets.percentage", "off", 1,
                    100));
    private static final List<Setting> OF_HTTP = List.of(
            range(DELAY, "300", 0, 3_600),
            bool(STICKY, "false"),
            choice(STICKINESS, "lb_cookie", "app_cookie", "lb_cookie"),
            range("stickiness.lb_cookie.duration_seconds", "86400", 1, WEEK_SECONDS),
            text(COOKIE, 255),
            range("stickiness.app_cookie.duration_seconds", "86400", 1, WEEK_SECONDS),
            rangeOr("0", SLOW_START, "0", 30, 900),
            choice(ALGORITHM, "round_robin", "round_robin", "least_outstanding_requests", "weighted_random"),
            choice(MITIGATION, "off", "on", "off"));
    private static final List<Setting> OF_FLOWS = List.of(
            range(DELAY, "300", 0, 3_600),
            bool(STICKY, "false"),
            choice(STICKINESS, "source_ip", "source_ip"),
            bool("proxy_protocol_v2.enabled", "false"));
    private static final List<Setting> OF_GENEVE = List.of(
            range(DELAY, "300", 0, 3_600),
            bool(STICKY, "false"),
            choice(STICKINESS, "source_ip_dest_ip_proto", "source_ip_dest_ip_proto", "source_ip_dest_ip"),
            choice("target_failover.on_deregistration", "no_rebalance", "rebalance", "no_rebalance"),
            choice("target_failover.on_unhealthy", "no_rebalance", "rebalance", "no_rebalance"));
    private static final List<String> KNOWN = Stream.concat(
            Stream.of(HEALTH, OF_HTTP, OF_FLOWS, OF_GENEVE).flatMap(List::stream).map(Setting::key),
            Stream.of(TERMINATION, CLIENT_IP, UNHEALTHY_TERMINATION, UNHEALTHY_DRAINING,
                    "lambda.multi_value_headers.enabled")).distinct().toList();

    private TargetGroupAttributes() {}

    private static Settings of(TargetGroup group) {
        var mine = new ArrayList<Setting>();
        if (Protocols.isHttp(group.protocol())) {
            mine.addAll(OF_HTTP);
            mine.addAll(HEALTH);
        } else if (group.protocol() == ProtocolEnum.GENEVE) {
            mine.addAll(OF_GENEVE);
            mine.add(HEALTH.getFirst());
        } else {
            boolean udp = Protocols.isDatagrams(group.protocol());
            mine.addAll(OF_FLOWS);
            mine.add(bool(TERMINATION, Boolean.toString(udp)));
            mine.add(preserving(group, udp));
            mine.add(udp ? choice(UNHEALTHY_TERMINATION, "false", "false") : bool(UNHEALTHY_TERMINATION, "true"));
            mine.add(range(UNHEALTHY_DRAINING, "0", 0, 360_000));
            mine.addAll(HEALTH);
        }
        return new Settings("Target group", mine, KNOWN);
    }

    /** Of UDP it cannot be disabled; of addresses behind TCP and TLS it is off until it is switched on. */
    private static Setting preserving(TargetGroup group, boolean udp) {
        return udp ? choice(CLIENT_IP, "true", "true")
                : bool(CLIENT_IP, Boolean.toString(group.targetType() != TargetTypeEnum.IP));
    }

    public static List<TargetGroupAttribute> shown(TargetGroupRow row) {
        return of(row.group()).shown(row.attributes()).stream()
                .map(each -> TargetGroupAttribute.builder().key(each.key()).value(each.value()).build()).toList();
    }

    /** How long a target drains once it is deregistered. */
    public static Duration deregistrationDelay(TargetGroupRow row) {
        return Duration.ofSeconds(Long.parseLong(of(row.group()).value(row.attributes(), DELAY)));
    }

    /** What is set once a caller's changes are made. */
    static SortedMap<String, String> with(TargetGroupRow row, List<TargetGroupAttribute> changes) {
        changes.forEach(change -> requireStickiness(row.group(), change));
        Settings settings = of(row.group());
        var next = settings.with(row.attributes(),
                changes.stream().map(each -> new Settings.Change(each.key(), each.value())).toList(),
                settings::notRecognized);
        requireTogether(row.group(), settings, next);
        return next;
    }

    /** A known kind of stickiness that is not this protocol's has words of its own. */
    private static void requireStickiness(TargetGroup group, TargetGroupAttribute change) {
        if (!STICKINESS.equals(change.key()) || change.value() == null) {
            return;
        }
        boolean ofHttp = List.of("lb_cookie", "app_cookie").contains(change.value());
        boolean ofFlows = change.value().equals("source_ip");
        if (Protocols.isHttp(group.protocol()) ? ofFlows : ofHttp) {
            throw ElbErrors.invalidConfiguration("Stickiness type '" + change.value()
                    + "' is not supported for target groups with the " + group.protocolAsString() + " protocol");
        }
    }

    private static void requireTogether(TargetGroup group, Settings settings, SortedMap<String, String> next) {
        boolean sticky = settings.value(next, STICKY).equals("true");
        if (sticky && group.protocol() == ProtocolEnum.TLS) {
            throw ElbErrors.invalidConfiguration(
                    "You cannot enable stickiness on target groups with the TLS protocol");
        }
        if (sticky && settings.value(next, STICKINESS).equals("app_cookie") && settings.value(next, COOKIE).isEmpty()) {
            throw ElbErrors.invalidConfiguration(
                    "You must set an application cookie name to enable stickiness of type 'app_cookie'");
        }
        if (settings.value(next, COOKIE).startsWith("AWSALB")) {
            throw ElbErrors.invalidConfiguration("The application cookie name cannot start with 'AWSALB', 'AWSALBAPP' "
                    + "or 'AWSALBTG'");
        }
        boolean roundRobin = settings.value(next, ALGORITHM).equals("round_robin");
        if (Protocols.isHttp(group.protocol()) && !settings.value(next, SLOW_START).equals("0") && !roundRobin) {
            throw ElbErrors.invalidConfiguration("Slow start can be enabled only if the load balancing algorithm is "
                    + "'round_robin'");
        }
        if (settings.value(next, MITIGATION).equals("on") && !settings.value(next, ALGORITHM)
                .equals("weighted_random")) {
            throw ElbErrors.invalidConfiguration("Anomaly mitigation can be enabled only if the load balancing "
                    + "algorithm is 'weighted_random'");
        }
        if (!Protocols.isHttp(group.protocol()) && group.protocol() != ProtocolEnum.GENEVE
                && settings.value(next, UNHEALTHY_TERMINATION).equals("true")
                && !settings.value(next, UNHEALTHY_DRAINING).equals("0")) {
            throw ElbErrors.invalidConfiguration("'" + UNHEALTHY_DRAINING + "' can be set only if '"
                    + UNHEALTHY_TERMINATION + "' is false");
        }
        if (!settings.value(next, "target_failover.on_deregistration")
                .equals(settings.value(next, "target_failover.on_unhealthy"))) {
            throw ElbErrors.invalidConfiguration("The values of 'target_failover.on_deregistration' and "
                    + "'target_failover.on_unhealthy' must be the same");
        }
    }
}
