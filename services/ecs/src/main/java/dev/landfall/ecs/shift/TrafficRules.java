package dev.landfall.ecs.shift;

import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import software.amazon.awssdk.services.elasticloadbalancingv2.ElasticLoadBalancingV2Client;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.Action;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.ActionTypeEnum;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.ForwardActionConfig;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.ListenerNotFoundException;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.RuleNotFoundException;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetGroupTuple;

/**
 * The rules of listeners, and listeners themselves, as things that send traffic to target groups by weight. The default
 * rule of an Application Load Balancer's listener is what the listener does by default, and can be changed only so.
 */
final class TrafficRules {
    private static final String RULE = ":listener-rule/";
    private static final String LISTENER = ":listener/";

    /** A tenth of a percent is the finest that ECS shifts; weights are whole, at most 999 (TargetGroupTuple). */
    private static final int TENTHS = 10;

    private final ElasticLoadBalancingV2Client elb;

    TrafficRules(ElasticLoadBalancingV2Client elb) {
        this.elb = elb;
    }

    /** @param listenerArn the listener whose default actions these are; empty for those of a rule */
    private record Found(String listenerArn, List<Action> actions) {}

    /** What the rule does now; nothing if there is no such rule. */
    Optional<RuleSeen> seen(String arn) {
        return found(arn).map(found -> seen(arn, found));
    }

    private static RuleSeen seen(String arn, Found found) {
        var weights = new TreeMap<String, Integer>();
        for (Action action : found.actions) {
            if (action.type() == ActionTypeEnum.FORWARD) {
                groups(action).forEach(group -> weights.put(
                        group.targetGroupArn(), group.weight() == null ? 1 : group.weight()));
            }
        }
        return new RuleSeen(arn, weights);
    }

    private static List<TargetGroupTuple> groups(Action action) {
        return action.forwardConfig() != null && !action.forwardConfig().targetGroups().isEmpty()
                ? action.forwardConfig().targetGroups()
                : List.of(TargetGroupTuple.builder().targetGroupArn(action.targetGroupArn()).build());
    }

    private Optional<Found> found(String arn) {
        try {
            return arn.contains(RULE)
                    ? elb.describeRules(request -> request.ruleArns(arn)).rules().stream().findFirst()
                            .map(rule -> new Found(rule.isDefault() ? listener(arn) : "", rule.actions()))
                    : elb.describeListeners(request -> request.listenerArns(arn)).listeners().stream().findFirst()
                            .map(listener -> new Found(arn, listener.defaultActions()));
        } catch (RuleNotFoundException | ListenerNotFoundException e) {
            return Optional.empty();
        }
    }

    private static String listener(String ruleArn) {
        return ruleArn.substring(0, ruleArn.lastIndexOf('/')).replace(RULE, LISTENER);
    }

    /**
     * Has the rule give so much of its traffic to {@code green} and the rest to {@code blue}, and nothing to others;
     * all else that it does stays. What it did when seen next; nothing if there is no such rule.
     *
     * @param percent with one decimal
     */
    Optional<RuleSeen> shift(String arn, String blue, String green, double percent) {
        Optional<Found> found = found(arn);
        if (found.isEmpty()) {
            return Optional.empty();
        }
        RuleSeen before = seen(arn, found.get());
        if (shifted(before, blue, green, percent)) {
            return Optional.of(before);
        }
        List<Action> actions = found.get().actions.stream().map(action -> action.type() == ActionTypeEnum.FORWARD
                ? forward(action, weighted(blue, green, percent)) : action).toList();
        if (found.get().listenerArn.isEmpty()) {
            elb.modifyRule(request -> request.ruleArn(arn).actions(actions));
        } else {
            elb.modifyListener(request -> request.listenerArn(found.get().listenerArn).defaultActions(actions));
        }
        return seen(arn);
    }

    /**
     * A listener of a Network Load Balancer has both: nobody else might have green's group, and what no listener has is
     * not checked for its health.
     */
    static boolean shifted(RuleSeen seen, String blue, String green, double percent) {
        double tolerance = 0.01;
        boolean both = seen.arn().contains(RULE) || seen.names(blue) && seen.names(green);
        return both && seen.total() > 0 && Math.abs(seen.percent(green) - percent) < tolerance
                && Math.abs(seen.percent(blue) - (Steps.ALL - percent)) < tolerance;
    }

    private static List<TargetGroupTuple> weighted(String blue, String green, double percent) {
        boolean whole = percent == Math.rint(percent);
        int all = (int) Steps.ALL * (whole ? 1 : TENTHS);
        int share = (int) Math.round(percent * (whole ? 1 : TENTHS));
        return List.of(
                TargetGroupTuple.builder().targetGroupArn(blue).weight(all - share).build(),
                TargetGroupTuple.builder().targetGroupArn(green).weight(share).build());
    }

    private static Action forward(Action before, List<TargetGroupTuple> groups) {
        ForwardActionConfig config = before.forwardConfig() == null ? ForwardActionConfig.builder().build()
                : before.forwardConfig();
        return before.toBuilder().targetGroupArn(null)
                .forwardConfig(config.toBuilder().targetGroups(groups).build()).build();
    }
}
