package dev.landfall.elb.targetgroup;

import dev.landfall.elb.Arns;
import dev.landfall.elb.ElbErrors;
import dev.landfall.elb.ElbTables;
import dev.landfall.elb.Names;
import dev.landfall.elb.Quotas;
import dev.landfall.elb.Scope;
import dev.landfall.elb.tag.Tags;
import dev.landfall.state.Context;
import dev.landfall.state.Decision;
import dev.landfall.state.Image;
import dev.landfall.state.Write;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.CreateTargetGroupRequest;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.CreateTargetGroupResponse;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.ProtocolEnum;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetGroup;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetGroupIpAddressTypeEnum;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetTypeEnum;

/** Creates a target group, or answers the one of that name if it has the same settings. */
public final class CreateTargetGroup {
    private static final Pattern VPC = Pattern.compile("vpc-[0-9a-zA-Z]{1,40}");
    private static final List<String> VERSIONS = List.of("GRPC", "HTTP1", "HTTP2");
    /** The only port of the GENEVE protocol. */
    private static final int GENEVE_PORT = 6_081;

    private CreateTargetGroup() {}

    public static Decision<CreateTargetGroupResponse> decide(
            Image image, CreateTargetGroupRequest request, Scope scope, Context context) {
        Names.require("Target group name", request.name());
        TargetGroup wanted = described(request);
        Optional<TargetGroupRow> existing = TargetGroups.byName(image, request.name(), scope);
        if (existing.isPresent()) {
            TargetGroup there = existing.get().group();
            if (!there.equals(wanted.toBuilder().targetGroupArn(there.targetGroupArn()).build())) {
                throw ElbErrors.duplicateTargetGroupName(request.name());
            }
            return Decision.of(CreateTargetGroupResponse.builder()
                    .targetGroups(TargetGroups.shown(image, existing.get())).build());
        }
        if (image.count(ElbTables.TARGET_GROUPS, ElbTables.TARGET_GROUPS_BY_SCOPE, ElbTables.scopeKey(scope))
                >= Quotas.TARGET_GROUPS) {
            throw ElbErrors.tooManyTargetGroups();
        }
        TargetGroup made = wanted.toBuilder()
                .targetGroupArn(Arns.targetGroup(scope, request.name(), context.ids().next().substring(16))).build();
        var row = new TargetGroupRow(made, Collections.emptySortedMap());
        var writes = new ArrayList<Write<?>>(Tags.ofNewWithoutDuplicates(row.arn(), request.tags()));
        writes.add(Write.put(ElbTables.TARGET_GROUPS, row));
        return new Decision<>(CreateTargetGroupResponse.builder().targetGroups(TargetGroups.shown(image, row)).build(),
                writes, List.of());
    }

    /** The group that the request asks for, complete but for its ARN. */
    private static TargetGroup described(CreateTargetGroupRequest request) {
        var type = request.targetType() == null ? TargetTypeEnum.INSTANCE : request.targetType();
        if (type == TargetTypeEnum.LAMBDA) {
            throw ElbErrors.invalidConfiguration("The target type 'lambda' is not supported");
        }
        if (request.protocol() == null || request.port() == null) {
            throw ElbErrors.validation("A target group of type '" + type + "' must have a protocol and a port");
        }
        if (request.vpcId() == null) {
            throw ElbErrors.validation("A VPC ID must be specified");
        }
        if (!VPC.matcher(request.vpcId()).matches()) {
            throw ElbErrors.validation("The VPC ID '" + (request.vpcId().length() > 100 ? "…" : request.vpcId())
                    + "' is not found");
        }
        requireProtocol(request, type);
        var group = TargetGroup.builder()
                .targetGroupName(request.name())
                .targetType(type)
                .protocol(request.protocol())
                .port(request.port())
                .vpcId(request.vpcId())
                .ipAddressType(request.ipAddressType() == null
                        ? TargetGroupIpAddressTypeEnum.IPV4 : request.ipAddressType())
                .healthCheckProtocol(request.healthCheckProtocol())
                .healthCheckPort(request.healthCheckPort())
                .healthCheckPath(request.healthCheckPath())
                .healthCheckIntervalSeconds(request.healthCheckIntervalSeconds())
                .healthCheckTimeoutSeconds(request.healthCheckTimeoutSeconds())
                .healthyThresholdCount(request.healthyThresholdCount())
                .unhealthyThresholdCount(request.unhealthyThresholdCount())
                .matcher(request.matcher())
                .targetControlPort(request.targetControlPort());
        if (Protocols.isHttp(request.protocol())) {
            group.protocolVersion(request.protocolVersion() == null ? "HTTP1" : request.protocolVersion());
        }
        TargetGroup complete = HealthChecks.completed(group.build());
        if (request.healthCheckEnabled() != null) {
            complete = complete.toBuilder().healthCheckEnabled(request.healthCheckEnabled()).build();
        }
        HealthChecks.require(complete, request.healthCheckTimeoutSeconds() != null
                && request.healthCheckIntervalSeconds() != null
                ? HealthChecks.Given.BOTH_TIMES : HealthChecks.Given.NOT_BOTH);
        return complete;
    }

    private static void requireProtocol(CreateTargetGroupRequest request, TargetTypeEnum type) {
        ProtocolEnum protocol = request.protocol();
        if (Protocols.isQuic(protocol)) {
            throw ElbErrors.invalidConfiguration("The protocol '" + protocol + "' is not supported");
        }
        if (type == TargetTypeEnum.ALB && protocol != ProtocolEnum.TCP) {
            throw ElbErrors.invalidConfiguration("The protocol '" + protocol
                    + "' is not supported for target groups with target type 'alb'");
        }
        if (type == TargetTypeEnum.ALB && request.ipAddressType() == TargetGroupIpAddressTypeEnum.IPV6) {
            throw ElbErrors.invalidConfiguration("The IP address type 'ipv6' is not supported for target groups with "
                    + "target type 'alb'");
        }
        if (protocol == ProtocolEnum.GENEVE && request.port() != GENEVE_PORT) {
            throw ElbErrors.invalidConfiguration("The port must be '" + GENEVE_PORT
                    + "' for target groups with the GENEVE protocol");
        }
        if (request.targetControlPort() != null && !Protocols.isHttp(protocol)) {
            throw ElbErrors.invalidConfiguration("A target control port cannot be specified for target groups with "
                    + "the " + protocol + " protocol");
        }
        String version = request.protocolVersion();
        if (version != null && !VERSIONS.contains(version)) {
            throw ElbErrors.validation("Protocol version must be one of '" + String.join(", ", VERSIONS) + "'");
        }
        if (version != null && !Protocols.isHttp(protocol)) {
            throw ElbErrors.invalidConfiguration("A protocol version cannot be specified for target groups with the "
                    + protocol + " protocol");
        }
    }
}
