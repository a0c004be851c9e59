package dev.landfall.elb.target;

import dev.landfall.elb.ElbErrors;
import dev.landfall.elb.ElbTables;
import dev.landfall.elb.Scope;
import dev.landfall.elb.edge.Observed;
import dev.landfall.elb.loadbalancer.LoadBalancers;
import dev.landfall.elb.targetgroup.Protocols;
import dev.landfall.elb.targetgroup.TargetGroupRow;
import dev.landfall.elb.targetgroup.TargetGroups;
import dev.landfall.protocol.edge.EdgeReport;
import dev.landfall.state.Image;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.AnomalyResultEnum;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.DescribeTargetHealthInputIncludeEnum;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.DescribeTargetHealthRequest;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.DescribeTargetHealthResponse;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.MitigationInEffectEnum;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetAdministrativeOverrideReasonEnum;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetAdministrativeOverrideStateEnum;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetDescription;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetGroup;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetHealth;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetHealthDescription;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetHealthReasonEnum;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetHealthStateEnum;

/** Describes the health of a group's targets, or of those that are named. */
public final class DescribeTargetHealth {
    private static final String TRAFFIC_PORT = "traffic-port";

    private DescribeTargetHealth() {}

    public static DescribeTargetHealthResponse read(
            Image image, DescribeTargetHealthRequest request, Scope scope, Observed observed) {
        TargetGroupRow group = TargetGroups.find(image, request.targetGroupArn(), scope).orElseThrow(() ->
                ElbErrors.targetGroupNotFound("One or more target groups not found"));
        boolean used = !LoadBalancers.routingTo(image, group.arn()).isEmpty();
        boolean anomalies = Protocols.isHttp(group.group().protocol())
                && request.include().stream().anyMatch(each -> each == DescribeTargetHealthInputIncludeEnum.ALL
                        || each == DescribeTargetHealthInputIncludeEnum.ANOMALY_DETECTION);
        List<TargetDescription> targets = request.targets().isEmpty()
                ? image.startingWith(ElbTables.TARGETS, ElbTables.targetsPrefix(group.arn())).stream()
                        .map(TargetRow::target).toList()
                : request.targets().stream().map(target -> Targets.withPort(group.group(), target)).toList();
        return DescribeTargetHealthResponse.builder()
                .targetHealthDescriptions(targets.stream().map(target -> {
                    Optional<TargetRow> row = Targets.find(image, group.group(), target);
                    var shown = shown(group.group(), row.map(TargetRow::target).orElse(target))
                            .targetHealth(row.map(found -> health(found, used, observed))
                                    .orElseGet(DescribeTargetHealth::notRegistered));
                    if (anomalies) {
                        // The data plane watches for none.
                        shown.anomalyDetection(it -> it.result(AnomalyResultEnum.NORMAL)
                                .mitigationInEffect(MitigationInEffectEnum.NO));
                    }
                    return shown.build();
                }).toList())
                .build();
    }

    private static TargetHealthDescription.Builder shown(TargetGroup group, TargetDescription target) {
        return TargetHealthDescription.builder()
                .target(target)
                .healthCheckPort(group.healthCheckPort().equals(TRAFFIC_PORT)
                        ? Integer.toString(target.port()) : group.healthCheckPort())
                .administrativeOverride(override -> override
                        .state(TargetAdministrativeOverrideStateEnum.NO_OVERRIDE)
                        .reason(TargetAdministrativeOverrideReasonEnum.ADMINISTRATIVE_OVERRIDE_NO_OVERRIDE)
                        .description("No override is currently active on target"));
    }

    private static TargetHealth notRegistered() {
        return health(TargetHealthStateEnum.UNUSED, TargetHealthReasonEnum.TARGET_NOT_REGISTERED,
                "Target is not registered to the target group");
    }

    private static TargetHealth health(TargetRow row, boolean used, Observed observed) {
        if (row.draining()) {
            return health(TargetHealthStateEnum.DRAINING, TargetHealthReasonEnum.TARGET_DEREGISTRATION_IN_PROGRESS,
                    "Target deregistration is in progress");
        }
        if (!used) {
            return health(TargetHealthStateEnum.UNUSED, TargetHealthReasonEnum.TARGET_NOT_IN_USE,
                    "Target group is not configured to receive traffic from the load balancer");
        }
        return observed.health(row.key()).map(DescribeTargetHealth::reported)
                .orElseGet(() -> health(TargetHealthStateEnum.INITIAL,
                        TargetHealthReasonEnum.ELB_REGISTRATION_IN_PROGRESS, "Target registration is in progress"));
    }

    private static TargetHealth reported(EdgeReport.TargetHealth seen) {
        var health = TargetHealth.builder().state(switch (seen.state()) {
            case INITIAL -> TargetHealthStateEnum.INITIAL;
            case HEALTHY -> TargetHealthStateEnum.HEALTHY;
            case UNHEALTHY -> TargetHealthStateEnum.UNHEALTHY;
            case UNHEALTHY_DRAINING -> TargetHealthStateEnum.UNHEALTHY_DRAINING;
            case UNUSED -> TargetHealthStateEnum.UNUSED;
            case DRAINING -> TargetHealthStateEnum.DRAINING;
            case UNAVAILABLE -> TargetHealthStateEnum.UNAVAILABLE;
        });
        if (!seen.reason().isEmpty()) {
            health.reason(seen.reason());
        }
        if (!seen.description().isEmpty()) {
            health.description(seen.description());
        }
        return health.build();
    }

    private static TargetHealth health(
            TargetHealthStateEnum state, TargetHealthReasonEnum reason, String description) {
        return TargetHealth.builder().state(state).reason(reason).description(description).build();
    }
}
