package dev.landfall.elb.edge;

import dev.landfall.elb.targetgroup.TargetGroupRow;
import dev.landfall.protocol.edge.Action;
import dev.landfall.protocol.edge.Condition;
import dev.landfall.protocol.edge.Rule;
import dev.landfall.protocol.edge.TargetGroup;
import dev.landfall.protocol.edge.Transform;
import java.util.List;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.ActionTypeEnum;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.RewriteConfig;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.RuleCondition;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.RuleTransform;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TransformTypeEnum;

/** The API's shapes in the words of data planes. Stateless. */
final class Shapes {
    private Shapes() {}

    static Rule rule(software.amazon.awssdk.services.elasticloadbalancingv2.model.Rule rule) {
        return new Rule(rule.ruleArn(), rule.conditions().stream().map(Shapes::condition).toList(),
                rule.transforms().stream().map(Shapes::transform).toList(), action(rule.actions()));
    }

    /** What the last action does; a request that would have to prove who sends it first is refused. */
    private static Action action(List<software.amazon.awssdk.services.elasticloadbalancingv2.model.Action> actions) {
        ActionTypeEnum first = actions.getFirst().type();
        var last = actions.getLast();
        return switch (first) {
            case AUTHENTICATE_OIDC, AUTHENTICATE_COGNITO, JWT_VALIDATION -> new Action.FixedResponse("501",
                    "text/plain",
                    "This rule's action " + first + " is not supported by Landfall.");
            case FORWARD -> forward(last);
            case REDIRECT -> new Action.Redirect(last.redirectConfig().protocol(), last.redirectConfig().host(),
                    last.redirectConfig().port(), last.redirectConfig().path(), last.redirectConfig().query(),
                    last.redirectConfig().statusCodeAsString());
            case FIXED_RESPONSE -> new Action.FixedResponse(last.fixedResponseConfig().statusCode(),
                    last.fixedResponseConfig().contentType(), last.fixedResponseConfig().messageBody());
            case UNKNOWN_TO_SDK_VERSION -> throw new IllegalStateException("a stored action has a known type");
        };
    }

    private static Action forward(software.amazon.awssdk.services.elasticloadbalancingv2.model.Action action) {
        var config = action.forwardConfig();
        var stickiness = config.targetGroupStickinessConfig();
        boolean sticky = stickiness != null && Boolean.TRUE.equals(stickiness.enabled());
        return new Action.Forward(config.targetGroups().stream()
                .map(each -> new Action.WeightedGroup(each.targetGroupArn(),
                        each.weight() == null ? 1 : each.weight())).toList(),
                sticky ? stickiness.durationSeconds() : 0);
    }

    private static Condition condition(RuleCondition condition) {
        return switch (condition.field()) {
            case "host-header" -> new Condition.HostHeader(condition.values(), condition.regexValues());
            case "path-pattern" -> new Condition.PathPattern(condition.values(), condition.regexValues());
            case "http-header" -> new Condition.HttpHeader(condition.httpHeaderConfig().httpHeaderName(),
                    condition.httpHeaderConfig().values(), condition.httpHeaderConfig().regexValues());
            case "http-request-method" ->
                new Condition.HttpRequestMethod(condition.httpRequestMethodConfig().values());
            case "query-string" -> new Condition.QueryString(condition.queryStringConfig().values().stream()
                    .map(pair -> new Condition.KeyValue(pair.key(), pair.value())).toList());
            case "source-ip" -> new Condition.SourceIp(condition.sourceIpConfig().values());
            default -> throw new IllegalStateException("a stored condition has a known field");
        };
    }

    private static Transform transform(RuleTransform transform) {
        return transform.type() == TransformTypeEnum.HOST_HEADER_REWRITE
                ? new Transform.HostHeaderRewrite(rewrites(transform.hostHeaderRewriteConfig().rewrites()))
                : new Transform.UrlRewrite(rewrites(transform.urlRewriteConfig().rewrites()));
    }

    private static List<Transform.Rewrite> rewrites(List<RewriteConfig> rewrites) {
        return rewrites.stream().map(each -> new Transform.Rewrite(each.regex(), each.replace())).toList();
    }

    static TargetGroup targetGroup(TargetGroupRow row, List<TargetGroup.Target> targets) {
        var group = row.group();
        return new TargetGroup(row.arn(), group.targetGroupName(),
                TargetGroup.Protocol.valueOf(group.protocolAsString()),
                group.protocolVersion() == null ? TargetGroup.ProtocolVersion.HTTP1
                        : TargetGroup.ProtocolVersion.valueOf(group.protocolVersion()),
                switch (group.targetType()) {
                    case INSTANCE -> TargetGroup.TargetType.INSTANCE;
                    case IP -> TargetGroup.TargetType.IP;
                    case ALB -> TargetGroup.TargetType.ALB;
                    case LAMBDA, UNKNOWN_TO_SDK_VERSION -> throw new IllegalStateException("no group is of this type");
                },
                healthCheck(row), row.attributes(), targets);
    }

    private static TargetGroup.HealthCheck healthCheck(TargetGroupRow row) {
        var group = row.group();
        String matcher = group.matcher() == null ? ""
                : group.matcher().grpcCode() == null ? group.matcher().httpCode() : group.matcher().grpcCode();
        return new TargetGroup.HealthCheck(group.healthCheckEnabled(),
                TargetGroup.Protocol.valueOf(group.healthCheckProtocolAsString()), group.healthCheckPort(),
                group.healthCheckPath(), group.healthCheckIntervalSeconds(), group.healthCheckTimeoutSeconds(),
                group.healthyThresholdCount(), group.unhealthyThresholdCount(), matcher);
    }
}
