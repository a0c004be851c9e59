package dev.landfall.elb.classic;

import java.util.List;
import software.amazon.awssdk.services.elasticloadbalancing.model.AccessLog;
import software.amazon.awssdk.services.elasticloadbalancing.model.AdditionalAttribute;
import software.amazon.awssdk.services.elasticloadbalancing.model.ConnectionDraining;
import software.amazon.awssdk.services.elasticloadbalancing.model.LoadBalancerAttributes;

/** The rules for attributes, and their defaults (user guide of Classic Load Balancers). */
final class Attributes {
    static final String DESYNC = "elb.http.desyncmitigationmode";
    static final LoadBalancerAttributes DEFAULTS = LoadBalancerAttributes.builder()
            .crossZoneLoadBalancing(it -> it.enabled(false))
            .accessLog(it -> it.enabled(false))
            .connectionDraining(it -> it.enabled(false).timeout(300))
            .connectionSettings(it -> it.idleTimeout(60))
            .additionalAttributes(AdditionalAttribute.builder().key(DESYNC).value("defensive").build())
            .build();

    private static final List<String> DESYNC_MODES = List.of("monitor", "defensive", "strictest");
    private static final int DRAINING_SECONDS_DEFAULT = 300;
    private static final int DRAINING_SECONDS_MAX = 3_600;
    /** Minutes. */
    private static final List<Integer> EMIT_INTERVALS = List.of(5, 60);

    private Attributes() {}

    /** Those there are, with what a caller changes. */
    static LoadBalancerAttributes with(LoadBalancerAttributes there, LoadBalancerAttributes told) {
        var next = there.toBuilder();
        if (told.crossZoneLoadBalancing() != null) {
            next.crossZoneLoadBalancing(told.crossZoneLoadBalancing());
        }
        if (told.accessLog() != null) {
            next.accessLog(accessLog(told.accessLog()));
        }
        if (told.connectionDraining() != null) {
            next.connectionDraining(draining(told.connectionDraining()));
        }
        if (told.connectionSettings() != null) {
            next.connectionSettings(told.connectionSettings());
        }
        for (AdditionalAttribute attribute : told.additionalAttributes()) {
            if (!DESYNC.equals(attribute.key())) {
                throw ClassicErrors.attributeNotFound(String.valueOf(attribute.key()));
            }
            if (attribute.value() == null || !DESYNC_MODES.contains(attribute.value())) {
                throw ClassicErrors.invalidConfiguration("The value of " + DESYNC + " must be one of "
                        + String.join(", ", DESYNC_MODES));
            }
            next.additionalAttributes(attribute);
        }
        return next.build();
    }

    private static AccessLog accessLog(AccessLog told) {
        if (told.enabled() && told.s3BucketName() == null) {
            throw ClassicErrors.invalidConfiguration("S3BucketName must be specified to enable access logs");
        }
        int minutes = told.emitInterval() == null ? EMIT_INTERVALS.getLast() : told.emitInterval();
        if (!EMIT_INTERVALS.contains(minutes)) {
            throw ClassicErrors.invalidConfiguration("The access log interval must be 5 or 60 minutes");
        }
        return told.enabled() ? told.toBuilder().emitInterval(minutes).build()
                : AccessLog.builder().enabled(false).build();
    }

    private static ConnectionDraining draining(ConnectionDraining told) {
        int seconds = told.timeout() == null ? DRAINING_SECONDS_DEFAULT : told.timeout();
        if (seconds < 1 || seconds > DRAINING_SECONDS_MAX) {
            throw ClassicErrors.validation("ConnectionDraining timeout must be between 1 and " + DRAINING_SECONDS_MAX);
        }
        return told.toBuilder().timeout(seconds).build();
    }
}
