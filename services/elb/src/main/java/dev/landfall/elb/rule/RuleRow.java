package dev.landfall.elb.rule;

import dev.landfall.elb.Arns;
import java.util.List;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.Action;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.Rule;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetGroupTuple;

/** A rule of a listener as it is stored; also the default one. */
public record RuleRow(Rule rule) {
    /** What AWS shows as the priority of the default rule. */
    public static final String DEFAULT_PRIORITY = "default";

    public String arn() {
        return rule.ruleArn();
    }

    public String listenerArn() {
        return Arns.listenerOf(arn());
    }

    public String loadBalancerArn() {
        return Arns.loadBalancerOf(listenerArn());
    }

    /** Rules are tried from the least to the greatest; the default one is the last. */
    public int order() {
        return rule.isDefault() ? Integer.MAX_VALUE : Integer.parseInt(rule.priority());
    }

    /** A text that sorts as {@link #order} does. */
    public String orderKey() {
        return "%010d".formatted(order());
    }

    /** Each once, in the order of the actions. */
    public List<String> targetGroupArns() {
        return targetGroupArns(rule.actions());
    }

    public static List<String> targetGroupArns(List<Action> actions) {
        return actions.stream().filter(action -> action.forwardConfig() != null)
                .flatMap(action -> action.forwardConfig().targetGroups().stream())
                .map(TargetGroupTuple::targetGroupArn).distinct().toList();
    }
}
