package dev.landfall.sim.outside;

import dev.landfall.ecs.balance.Propagation;
import dev.landfall.sim.Dice;
import dev.landfall.sim.Timeline;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiPredicate;
import java.util.function.Consumer;
import software.amazon.awssdk.services.elasticloadbalancingv2.ElasticLoadBalancingV2Client;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.Action;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.ActionTypeEnum;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.DeregisterTargetsRequest;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.DeregisterTargetsResponse;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.DescribeRulesRequest;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.DescribeRulesResponse;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.DescribeTargetGroupsRequest;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.DescribeTargetGroupsResponse;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.DescribeTargetHealthRequest;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.DescribeTargetHealthResponse;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.ElasticLoadBalancingV2Exception;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.ModifyRuleRequest;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.ModifyRuleResponse;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.RegisterTargetsRequest;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.RegisterTargetsResponse;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.RuleNotFoundException;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetDescription;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetGroup;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetGroupNotFoundException;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetGroupTuple;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetHealthDescription;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetHealthStateEnum;

/**
 * An Elastic Load Balancing of target groups of addresses and of rules that forward to them. Its health checks find a
 * target healthy when a container listens at its address, after a while; a target that is deregistered drains. What a
 * rule is changed to is carried out a while later.
 */
@SuppressWarnings("unchecked") // the SDK takes several consumers as a generic array
public final class Balancers implements ElasticLoadBalancingV2Client, Propagation {
    private static final String ARN = "arn:aws:elasticloadbalancing:us-east-1:000000000000:";
    private static final Duration SOONEST_CHECK = Duration.ofMillis(50);
    private static final Duration LATEST_CHECK = Duration.ofSeconds(3);
    private static final Duration DRAINING = Duration.ofSeconds(5);
    private static final Duration UNTIL_CARRIED_OUT = Duration.ofMillis(700);
    private static final int BROKEN = 500;
    private static final int MISTAKEN = 400;

    private final Timeline timeline;
    private final Dice dice;
    private final BiPredicate<String, Integer> listens;
    private final SortedMap<String, SortedMap<String, Target>> groups = new TreeMap<>();
    private final SortedMap<String, List<Action>> rules = new TreeMap<>();
    private final SortedMap<String, List<Action>> carried = new TreeMap<>();
    private final SortedSet<String> serving = new TreeSet<>();
    private Runnable changed = () -> { };
    private boolean away;
    private boolean forgetful;
    private boolean hasty;

    private static final class Target {
        private final TargetDescription at;
        private TargetHealthStateEnum state = TargetHealthStateEnum.INITIAL;

        Target(TargetDescription at) {
            this.at = at;
        }
    }

    /** @param listens whether a container takes requests at an address and port */
    public Balancers(Timeline timeline, Dice dice, BiPredicate<String, Integer> listens) {
        this.timeline = timeline;
        this.dice = dice;
        this.listens = listens;
    }

    /** Has that done whenever something here has changed. */
    public void follow(Runnable next) {
        changed = next;
    }

    /** The target group of that name, made if there is none; its ARN. */
    public String group(String name) {
        String arn = ARN + "targetgroup/" + name + "/0123456789abcdef";
        groups.putIfAbsent(arn, new TreeMap<>());
        return arn;
    }

    /** The rule of that name, made if there is none to forward all it gets to the first of two groups; its ARN. */
    public String rule(String name, String firstGroup, String secondGroup) {
        String arn = ARN + "listener-rule/app/web/0123456789abcdef/0123456789abcdef/" + name;
        if (!rules.containsKey(arn)) {
            reset(arn, firstGroup, secondGroup);
        }
        return arn;
    }

    /** A rule that does that from its beginning. */
    void rule(String ruleArn, List<Action> actions) {
        rules.put(ruleArn, List.copyOf(actions));
        carried.put(ruleArn, rules.get(ruleArn));
    }

    void deleteRule(String ruleArn) {
        rules.remove(ruleArn);
        carried.remove(ruleArn);
        serving.remove(ruleArn);
    }

    /** Whether some rule names that target group. */
    boolean forwards(String groupArn) {
        return rules.values().stream().anyMatch(actions -> weights(actions).containsKey(groupArn));
    }

    /** Its targets get no requests any more, and whoever is under way there is cut off. */
    void deleteGroup(String groupArn) {
        if (!groups.get(groupArn).isEmpty()) {
            throw new IllegalStateException(groupArn + " is deleted and has targets");
        }
        groups.remove(groupArn);
    }

    /** Has a rule forward all it gets to the first of two groups. */
    public void reset(String ruleArn, String firstGroup, String secondGroup) {
        rules.put(ruleArn, forward(firstGroup, secondGroup));
        carried.put(ruleArn, rules.get(ruleArn));
    }

    private static List<Action> forward(String firstGroup, String secondGroup) {
        return List.of(Action.builder().type(ActionTypeEnum.FORWARD).forwardConfig(forward ->
                forward.targetGroups(weighted(firstGroup, 1), weighted(secondGroup, 0))).build());
    }

    private static TargetGroupTuple weighted(String group, int weight) {
        return TargetGroupTuple.builder().targetGroupArn(group).weight(weight).build();
    }

    /** From now on each request that comes by that rule has to find a healthy target. */
    public void serve(String ruleArn) {
        serving.add(ruleArn);
        changed.run();
    }

    /** It may find none again. */
    public void rest(String ruleArn) {
        serving.remove(ruleArn);
    }

    /** No operation is carried out for so long. */
    public void away(Duration span) {
        away = true;
        timeline.after(span, "load balancers", "are back", () -> away = false);
    }

    /** Targets that drain are not shown any more: a bug for tests to find. */
    public void forgetful() {
        forgetful = true;
    }

    /** Changes are said to be in effect before they are: a bug for tests to find. */
    public void hasty() {
        hasty = true;
    }

    /** What a rule forwards to, by target group. */
    public SortedMap<String, Integer> weights(String ruleArn) {
        return weights(rules.get(ruleArn));
    }

    private static SortedMap<String, Integer> weights(List<Action> actions) {
        var weights = new TreeMap<String, Integer>();
        actions.forEach(action -> action.forwardConfig().targetGroups().forEach(each ->
                weights.put(each.targetGroupArn(), each.weight())));
        return weights;
    }

    /** Target groups that get requests of which each has to find a healthy target, and has none. */
    public SortedSet<String> unserved() {
        var unserved = new TreeSet<String>();
        serving.forEach(rule -> weights(carried.get(rule)).forEach((group, weight) -> {
            if (weight > 0 && groups.get(group).values().stream().noneMatch(target ->
                    target.state == TargetHealthStateEnum.HEALTHY)) {
                unserved.add(group);
            }
        }));
        return unserved;
    }

    /** The states of the targets of a group, by {@code address:port}. */
    public SortedMap<String, TargetHealthStateEnum> states(String groupArn) {
        var states = new TreeMap<String, TargetHealthStateEnum>();
        groups.getOrDefault(groupArn, Collections.emptySortedMap()).forEach((at, target) ->
                states.put(at, target.state));
        return states;
    }

    public List<String> groups() {
        return List.copyOf(groups.keySet());
    }

    // ---- operations ----

    private SortedMap<String, Target> group(Optional<String> arn) {
        present();
        return arn.map(groups::get).orElseThrow(() -> TargetGroupNotFoundException.builder()
                .message("One or more target groups not found").statusCode(MISTAKEN).build());
    }

    /** Throws where nothing answers. */
    void present() {
        if (away) {
            throw ElasticLoadBalancingV2Exception.builder().message("away").statusCode(BROKEN).build();
        }
    }

    private static String key(TargetDescription target) {
        return target.id() + ":" + target.port();
    }

    @Override
    public DescribeTargetGroupsResponse describeTargetGroups(DescribeTargetGroupsRequest request) {
        String arn = request.targetGroupArns().getFirst();
        group(Optional.of(arn));
        return DescribeTargetGroupsResponse.builder().targetGroups(TargetGroup.builder().targetGroupArn(arn)
                .targetType("ip").loadBalancerArns(ARN + "loadbalancer/app/web/0123456789abcdef").port(80).build())
                .build();
    }

    @Override
    public DescribeTargetHealthResponse describeTargetHealth(DescribeTargetHealthRequest request) {
        var found = new ArrayList<TargetHealthDescription>();
        for (Target target : group(Optional.of(request.targetGroupArn())).values()) {
            if (!forgetful || target.state != TargetHealthStateEnum.DRAINING) {
                found.add(TargetHealthDescription.builder().target(target.at)
                        .targetHealth(health -> health.state(target.state)).build());
            }
        }
        return DescribeTargetHealthResponse.builder().targetHealthDescriptions(found).build();
    }

    @Override
    public RegisterTargetsResponse registerTargets(RegisterTargetsRequest request) {
        var group = group(Optional.of(request.targetGroupArn()));
        for (TargetDescription at : request.targets()) {
            Target there = group.get(key(at));
            if (there == null || there.state == TargetHealthStateEnum.DRAINING) {
                var target = new Target(at);
                group.put(key(at), target);
                checkLater(group, target);
            }
        }
        changed.run();
        return RegisterTargetsResponse.builder().build();
    }

    private void checkLater(Map<String, Target> group, Target target) {
        timeline.after(dice.between(SOONEST_CHECK, LATEST_CHECK), "", "", () -> {
            if (group.get(key(target.at)) == target && target.state != TargetHealthStateEnum.DRAINING) {
                target.state = listens.test(target.at.id(), target.at.port())
                        ? TargetHealthStateEnum.HEALTHY : TargetHealthStateEnum.UNHEALTHY;
                changed.run();
                checkLater(group, target);
            }
        });
    }

    @Override
    public DeregisterTargetsResponse deregisterTargets(DeregisterTargetsRequest request) {
        var group = group(Optional.of(request.targetGroupArn()));
        for (TargetDescription at : request.targets()) {
            Target there = group.get(key(at));
            if (there != null && there.state != TargetHealthStateEnum.DRAINING) {
                there.state = TargetHealthStateEnum.DRAINING;
                timeline.after(DRAINING, "drained", key(at), () -> {
                    if (group.get(key(at)) == there) {
                        group.remove(key(at));
                        changed.run();
                    }
                });
            }
        }
        changed.run();
        return DeregisterTargetsResponse.builder().build();
    }

    private List<Action> actions(String ruleArn) {
        present();
        return Optional.ofNullable(rules.get(ruleArn)).orElseThrow(() -> RuleNotFoundException.builder()
                .message("One or more rules not found").statusCode(MISTAKEN).build());
    }

    @Override
    public DescribeRulesResponse describeRules(DescribeRulesRequest request) {
        String arn = request.ruleArns().getFirst();
        return DescribeRulesResponse.builder().rules(rule -> rule.ruleArn(arn).isDefault(Boolean.FALSE)
                .actions(actions(arn))).build();
    }

    @Override
    public ModifyRuleResponse modifyRule(ModifyRuleRequest request) {
        actions(request.ruleArn());
        List<Action> next = List.copyOf(request.actions());
        rules.put(request.ruleArn(), next);
        timeline.after(UNTIL_CARRIED_OUT, "carried out", request.ruleArn(), () -> {
            if (rules.get(request.ruleArn()) == next) {
                carried.put(request.ruleArn(), next);
                changed.run();
            }
        });
        timeline.note("traffic", request.actions());
        changed.run();
        return ModifyRuleResponse.builder().build();
    }

    @Override
    public boolean inEffect(String ruleOrListenerArn) {
        return hasty || rules.get(ruleOrListenerArn) == carried.get(ruleOrListenerArn);
    }

    @Override
    public void followTargets(Consumer<String> groupArns) {
        // looks come often enough
    }

    @Override
    public void followEffect(Runnable more) {
        // likewise
    }

    @Override
    public String serviceName() {
        return SERVICE_NAME;
    }

    @Override
    public void close() {}
}
