package dev.landfall.elb.targetgroup;

import dev.landfall.elb.ElbTables;
import dev.landfall.elb.Scope;
import dev.landfall.state.Decision;
import dev.landfall.state.Image;
import dev.landfall.state.Write;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.Matcher;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.ModifyTargetGroupRequest;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.ModifyTargetGroupResponse;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetGroup;

/** Changes how the targets of a group are checked. */
public final class ModifyTargetGroup {
    private ModifyTargetGroup() {}

    public static Decision<ModifyTargetGroupResponse> decide(
            Image image, ModifyTargetGroupRequest request, Scope scope) {
        TargetGroupRow row = TargetGroups.require(image, request.targetGroupArn(), scope);
        TargetGroup next = HealthChecks.completed(changed(row.group(), request));
        if (request.healthCheckEnabled() != null) {
            next = next.toBuilder().healthCheckEnabled(request.healthCheckEnabled()).build();
        }
        HealthChecks.require(next, request.healthCheckTimeoutSeconds() != null
                && request.healthCheckIntervalSeconds() != null
                ? HealthChecks.Given.BOTH_TIMES : HealthChecks.Given.NOT_BOTH);
        TargetGroupRow after = row.with(next);
        return Decision.of(
                ModifyTargetGroupResponse.builder().targetGroups(TargetGroups.shown(image, after)).build(),
                Write.put(ElbTables.TARGET_GROUPS, after));
    }

    private static TargetGroup changed(TargetGroup group, ModifyTargetGroupRequest request) {
        var protocol = request.healthCheckProtocol() == null
                ? group.healthCheckProtocol() : request.healthCheckProtocol();
        boolean keepsPath = Protocols.isHttp(protocol);
        return group.toBuilder()
                .healthCheckProtocol(protocol)
                .healthCheckPort(or(request.healthCheckPort(), group.healthCheckPort()))
                // A TCP check has neither; what the request names is refused later.
                .healthCheckPath(or(request.healthCheckPath(), keepsPath ? group.healthCheckPath() : null))
                .matcher(or(request.matcher(), keepsPath ? group.matcher() : (Matcher) null))
                .healthCheckIntervalSeconds(
                        or(request.healthCheckIntervalSeconds(), group.healthCheckIntervalSeconds()))
                .healthCheckTimeoutSeconds(or(request.healthCheckTimeoutSeconds(), group.healthCheckTimeoutSeconds()))
                .healthyThresholdCount(or(request.healthyThresholdCount(), group.healthyThresholdCount()))
                .unhealthyThresholdCount(or(request.unhealthyThresholdCount(), group.unhealthyThresholdCount()))
                .build();
    }

    private static <T> T or(T asked, T before) {
        return asked == null ? before : asked;
    }
}
