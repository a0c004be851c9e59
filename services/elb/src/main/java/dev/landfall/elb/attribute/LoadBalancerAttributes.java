package dev.landfall.elb.attribute;

import static dev.landfall.elb.attribute.Setting.bool;
import static dev.landfall.elb.attribute.Setting.choice;
import static dev.landfall.elb.attribute.Setting.range;
import static dev.landfall.elb.attribute.Setting.text;

import dev.landfall.elb.ElbErrors;
import dev.landfall.elb.loadbalancer.LoadBalancerRow;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.stream.Stream;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.LoadBalancer;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.LoadBalancerAttribute;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.LoadBalancerSchemeEnum;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.LoadBalancerTypeEnum;

/** The attributes of load balancers, with AWS's defaults (API reference, LoadBalancerAttribute). */
public final class LoadBalancerAttributes {
    public static final String DELETION_PROTECTION = "deletion_protection.enabled";
    private static final String CROSS_ZONE = "load_balancing.cross_zone.enabled";
    private static final int BUCKET_NAME_MAX = 63; // of S3
    private static final int PREFIX_MAX = 1_024;

    private static final Setting ALWAYS_CROSS_ZONE = new Setting(CROSS_ZONE, "true", (key, value) ->
            value.equals("true") ? Optional.empty() : Optional.of("The value for '" + key
                    + "' must always be 'true' for an Application Load Balancer"));
    private static final List<Setting> OF_ALL = List.of(bool(DELETION_PROTECTION, "false"));
    private static final List<Setting> OF_LISTENING = List.of(
            bool("access_logs.s3.enabled", "false"),
            text("access_logs.s3.bucket", BUCKET_NAME_MAX),
            text("access_logs.s3.prefix", PREFIX_MAX),
            bool("zonal_shift.config.enabled", "false"));
    private static final List<Setting> OF_APPLICATION = List.of(
            range("idle_timeout.timeout_seconds", "60", 1, 4_000),
            range("client_keep_alive.seconds", "3600", 60, 604_800),
            bool("connection_logs.s3.enabled", "false"),
            text("connection_logs.s3.bucket", BUCKET_NAME_MAX),
            text("connection_logs.s3.prefix", PREFIX_MAX),
            bool("health_check_logs.s3.enabled", "false"),
            text("health_check_logs.s3.bucket", BUCKET_NAME_MAX),
            text("health_check_logs.s3.prefix", PREFIX_MAX),
            choice("routing.http.desync_mitigation_mode", "defensive", "monitor", "defensive", "strictest"),
            bool("routing.http.drop_invalid_header_fields.enabled", "false"),
            bool("routing.http.preserve_host_header.enabled", "false"),
            bool("routing.http.x_amzn_tls_version_and_cipher_suite.enabled", "false"),
            bool("routing.http.xff_client_port.enabled", "false"),
            choice("routing.http.xff_header_processing.mode", "append", "append", "preserve", "remove"),
            bool("routing.http2.enabled", "true"),
            bool("waf.fail_open.enabled", "false"));
    private static final List<Setting> OF_NETWORK = List.of(
            choice("dns_record.client_routing_policy", "any_availability_zone", "availability_zone_affinity",
                    "partial_availability_zone_affinity", "any_availability_zone"),
            range("secondary_ips.auto_assigned.per_subnet", "0", 0, 7));
    private static final List<String> IPV6 = List.of("ipv6.deny_all_igw_traffic");
    private static final List<String> KNOWN = Stream.concat(
            Stream.of(OF_ALL, OF_LISTENING, OF_APPLICATION, OF_NETWORK).flatMap(List::stream).map(Setting::key),
            Stream.concat(Stream.of(CROSS_ZONE), IPV6.stream())).toList();

    private LoadBalancerAttributes() {}

    private static Settings of(LoadBalancer balancer) {
        boolean internal = balancer.scheme() == LoadBalancerSchemeEnum.INTERNAL;
        Setting ipv6 = bool(IPV6.getFirst(), Boolean.toString(internal));
        List<Setting> mine = switch (balancer.type()) {
            case APPLICATION -> joined(List.of(OF_ALL, OF_LISTENING,
                    List.of(ALWAYS_CROSS_ZONE, ipv6), OF_APPLICATION));
            case NETWORK -> joined(List.of(OF_ALL, OF_LISTENING, List.of(bool(CROSS_ZONE, "false"), ipv6), OF_NETWORK));
            case GATEWAY -> joined(List.of(OF_ALL, List.of(bool(CROSS_ZONE, "false"))));
            case UNKNOWN_TO_SDK_VERSION -> throw new IllegalStateException("a load balancer has a type");
        };
        return new Settings("Load balancer", mine, KNOWN);
    }

    private static List<Setting> joined(List<List<Setting>> parts) {
        return parts.stream().flatMap(List::stream).toList();
    }

    public static List<LoadBalancerAttribute> shown(LoadBalancerRow row) {
        return of(row.loadBalancer()).shown(row.attributes()).stream()
                .map(each -> LoadBalancerAttribute.builder().key(each.key()).value(each.value()).build()).toList();
    }

    public static String value(LoadBalancerRow row, String key) {
        return of(row.loadBalancer()).value(row.attributes(), key);
    }

    /** What is set once a caller's changes are made. */
    static SortedMap<String, String> with(LoadBalancerRow row, List<LoadBalancerAttribute> changes) {
        Settings settings = of(row.loadBalancer());
        var next = settings.with(row.attributes(),
                changes.stream().map(each -> new Settings.Change(each.key(), each.value())).toList(),
                key -> ElbErrors.invalidConfiguration("Load balancer attribute key '" + key
                        + "' is not supported on load balancers with type "
                        + "'" + row.loadBalancer().typeAsString() + "'"));
        for (String logs : List.of("access", "connection", "health_check")) {
            String bucket = logs + "_logs.s3.bucket";
            if (settings.value(next, logs + "_logs.s3.enabled").equals("true")
                    && settings.value(next, bucket).isEmpty()) {
                throw ElbErrors.invalidConfiguration("The key '" + bucket + "' must set in order to enable "
                        + logs.replace('_', ' ') + " logs");
            }
        }
        String ips = "secondary_ips.auto_assigned.per_subnet";
        if (row.loadBalancer().type() == LoadBalancerTypeEnum.NETWORK
                && Integer.parseInt(settings.value(next, ips))
                        < Integer.parseInt(settings.value(row.attributes(), ips))) {
            throw ElbErrors.invalidConfiguration("The value of '" + ips + "' cannot be decreased");
        }
        return next;
    }
}
