package dev.landfall.ecs.balance;

import dev.landfall.wire.Call;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.services.elasticloadbalancingv2.ElasticLoadBalancingV2Client;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.Action;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.ActionTypeEnum;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.DeregisterTargetsRequest;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.DeregisterTargetsResponse;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.DescribeListenersRequest;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.DescribeListenersResponse;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.DescribeRulesRequest;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.DescribeRulesResponse;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.DescribeTargetGroupsRequest;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.DescribeTargetGroupsResponse;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.DescribeTargetHealthRequest;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.DescribeTargetHealthResponse;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.ElasticLoadBalancingV2Exception;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.InvalidTargetException;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.ModifyListenerRequest;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.ModifyListenerResponse;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.ModifyRuleRequest;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.ModifyRuleResponse;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.RegisterTargetsRequest;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.RegisterTargetsResponse;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.RuleNotFoundException;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetGroup;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetGroupNotFoundException;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetGroupTuple;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetHealthDescription;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetHealthStateEnum;

/**
 * Elastic Load Balancing on a clock that tests move. Targets are healthy when a test says so; others are drained.
 * Changes of rules are carried out at once, or if it is slow, when a test says so.
 */
@SuppressWarnings("unchecked") // the SDK takes several consumers as a generic array
public final class VirtualElb implements ElasticLoadBalancingV2Client, Propagation {
    public static final String DESCRIPTION = "Health checks failed with these codes: [502]";

    private final InstantSource clock;
    private final Duration delay;
    private final SortedMap<String, TargetGroup> groups = new TreeMap<>();
    private final SortedMap<String, SortedMap<TargetAddress, Target>> targets = new TreeMap<>();
    private final List<Call> calls = new ArrayList<>();
    private final SortedMap<String, List<Action>> rules = new TreeMap<>();
    private final SortedMap<String, List<Action>> carried = new TreeMap<>();
    private boolean slow;
    private final List<String> refusedRules = new ArrayList<>();
    private String refusedId = "";
    private boolean broken;

    private record Target(TargetHealthStateEnum state, Instant until) {}

    /** @param delay how long targets drain */
    public VirtualElb(InstantSource clock, Duration delay) {
        this.clock = clock;
        this.delay = delay;
    }

    /** A target group of that type; its ARN. */
    public String group(String name, String type, String... balancerArns) {
        String arn = "arn:aws:elasticloadbalancing:eu-central-1:123456789012:targetgroup/" + name + "/0123456789abcdef";
        groups.put(arn, TargetGroup.builder().targetGroupArn(arn).targetType(type).loadBalancerArns(balancerArns)
                .port(80).build());
        targets.put(arn, new TreeMap<>());
        return arn;
    }

    /** What a rule, or a listener of a Network Load Balancer, forwards to, by weight; its default ones too. */
    public void rule(String arn, Map<String, Integer> weights) {
        rules.put(arn, List.of(Action.builder().type(ActionTypeEnum.FORWARD).forwardConfig(forward -> forward
                .targetGroupStickinessConfig(sticky -> sticky.enabled(false))
                .targetGroups(new TreeMap<>(weights).entrySet().stream().map(each -> TargetGroupTuple.builder()
                        .targetGroupArn(each.getKey()).weight(each.getValue()).build()).toList())).build()));
        carried.put(arn, rules.get(arn));
    }

    public void deleteRule(String arn) {
        rules.remove(arn);
        carried.remove(arn);
    }

    /** From now on what rules are changed to is not carried out before {@link #arrive}. */
    public void slow() {
        slow = true;
    }

    /** All rules are carried out as they are now. */
    public void arrive() {
        carried.putAll(rules);
    }

    /** Whether all rules are carried out as they are. */
    public boolean settled() {
        return carried.equals(rules);
    }

    @Override
    public boolean inEffect(String ruleOrListenerArn) {
        String byDefault = ruleOrListenerArn.replace(":listener/", ":listener-rule/") + "/default";
        String arn = rules.containsKey(byDefault) ? byDefault : ruleOrListenerArn;
        return rules.getOrDefault(arn, List.of()).equals(carried.get(arn));
    }

    @Override
    public void followTargets(Consumer<String> groupArns) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void followEffect(Runnable more) {
        throw new UnsupportedOperationException();
    }

    /** No change of that rule is taken. */
    public void refuseRule(String arn) {
        refusedRules.add(arn);
    }

    public List<Action> actions(String ruleArn) {
        return rules.get(ruleArn);
    }

    /** What a rule forwards to, by target group; nothing if there is none. */
    public SortedMap<String, Integer> weights(String ruleArn) {
        return weights(rules, ruleArn);
    }

    /** The same as it is carried out. */
    public SortedMap<String, Integer> carried(String ruleArn) {
        return weights(carried, ruleArn);
    }

    private static SortedMap<String, Integer> weights(SortedMap<String, List<Action>> from, String ruleArn) {
        var weights = new TreeMap<String, Integer>();
        from.getOrDefault(ruleArn, List.of()).forEach(action -> action.forwardConfig().targetGroups().forEach(each ->
                weights.put(each.targetGroupArn(), each.weight() == null ? 1 : each.weight())));
        return weights;
    }

    private List<Action> rule(String arn) {
        if (broken) {
            throw ElasticLoadBalancingV2Exception.builder().message("broken").statusCode(500).build();
        }
        return Optional.ofNullable(rules.get(arn)).orElseThrow(() -> RuleNotFoundException.builder()
                .message("One or more rules not found").statusCode(400).build());
    }

    private void change(String arn, List<Action> actions) {
        rule(arn);
        if (refusedRules.contains(arn)) {
            throw ElasticLoadBalancingV2Exception.builder().statusCode(400).awsErrorDetails(AwsErrorDetails.builder()
                    .errorCode("TargetGroupAssociationLimit").errorMessage("It is not to be").build()).build();
        }
        rules.put(arn, List.copyOf(actions));
        if (!slow) {
            arrive();
        }
    }

    @Override
    public DescribeRulesResponse describeRules(DescribeRulesRequest request) {
        String arn = request.ruleArns().getFirst();
        return DescribeRulesResponse.builder().rules(rule -> rule.ruleArn(arn).isDefault(arn.endsWith("/default"))
                .actions(rule(arn))).build();
    }

    @Override
    public ModifyRuleResponse modifyRule(ModifyRuleRequest request) {
        change(request.ruleArn(), request.actions());
        return ModifyRuleResponse.builder().build();
    }

    @Override
    public DescribeListenersResponse describeListeners(DescribeListenersRequest request) {
        String arn = request.listenerArns().getFirst();
        return DescribeListenersResponse.builder().listeners(listener -> listener.listenerArn(arn)
                .defaultActions(rule(arn))).build();
    }

    /** The listener's default rule is kept under the name of its rule, if there is one. */
    @Override
    public ModifyListenerResponse modifyListener(ModifyListenerRequest request) {
        String byDefault = request.listenerArn().replace(":listener/", ":listener-rule/") + "/default";
        change(rules.containsKey(byDefault) ? byDefault : request.listenerArn(), request.defaultActions());
        return ModifyListenerResponse.builder().build();
    }

    public void delete(String groupArn) {
        groups.remove(groupArn);
        targets.remove(groupArn);
    }

    public void refuse(String id) {
        refusedId = id;
    }

    public void broken(String how) {
        broken = how.equals("broken");
    }

    public KnownTargetGroups known() {
        return new KnownTargetGroups(groups);
    }

    public List<Call> calls() {
        return calls;
    }

    /** How the targets of a group are, by {@code id:port}. */
    public SortedMap<String, String> states(String groupArn) {
        var states = new TreeMap<String, String>();
        current(groupArn).forEach((at, target) -> states.put(at.id() + ":" + at.port(), target.state.toString()));
        return states;
    }

    /** Has all targets that do not drain be in that state. */
    public void all(String groupArn, TargetHealthStateEnum state) {
        current(groupArn).replaceAll((at, target) ->
                target.state == TargetHealthStateEnum.DRAINING ? target : new Target(state, Instant.MAX));
    }

    public void one(String groupArn, String id, TargetHealthStateEnum state) {
        current(groupArn).replaceAll((at, target) -> at.id().equals(id) ? new Target(state, Instant.MAX) : target);
    }

    private SortedMap<TargetAddress, Target> current(String groupArn) {
        if (broken) {
            throw ElasticLoadBalancingV2Exception.builder().message("broken").statusCode(500).build();
        }
        var found = targets.get(groupArn);
        if (found == null) {
            throw TargetGroupNotFoundException.builder().message("One or more target groups not found")
                    .statusCode(400).build();
        }
        found.values().removeIf(target -> !target.until.isAfter(clock.instant()));
        return found;
    }

    @Override
    public DescribeTargetGroupsResponse describeTargetGroups(DescribeTargetGroupsRequest request) {
        current(request.targetGroupArns().getFirst());
        return DescribeTargetGroupsResponse.builder()
                .targetGroups(groups.get(request.targetGroupArns().getFirst())).build();
    }

    @Override
    public DescribeTargetHealthResponse describeTargetHealth(DescribeTargetHealthRequest request) {
        calls.add(Call.current());
        var found = current(request.targetGroupArn());
        return DescribeTargetHealthResponse.builder().targetHealthDescriptions(found.entrySet().stream().map(each ->
                TargetHealthDescription.builder()
                        .target(each.getKey().description())
                        .targetHealth(health -> health.state(each.getValue().state).description(
                                each.getValue().state == TargetHealthStateEnum.UNHEALTHY ? DESCRIPTION : null))
                        .build()).toList()).build();
    }

    @Override
    public RegisterTargetsResponse registerTargets(RegisterTargetsRequest request) {
        var found = current(request.targetGroupArn());
        if (request.targets().stream().anyMatch(target -> target.id().equals(refusedId))) {
            throw InvalidTargetException.builder().statusCode(400).awsErrorDetails(
                    AwsErrorDetails.builder().errorCode("InvalidTarget").errorMessage("No such target").build())
                    .build();
        }
        request.targets().stream().map(TargetAddress::of).forEach(at -> found.merge(at,
                new Target(TargetHealthStateEnum.INITIAL, Instant.MAX), (there, fresh) ->
                        there.state == TargetHealthStateEnum.DRAINING ? fresh : there));
        return RegisterTargetsResponse.builder().build();
    }

    @Override
    public DeregisterTargetsResponse deregisterTargets(DeregisterTargetsRequest request) {
        var found = current(request.targetGroupArn());
        request.targets().stream().map(TargetAddress::of).forEach(at -> found.computeIfPresent(at, (any, there) ->
                there.state == TargetHealthStateEnum.DRAINING ? there
                        : new Target(TargetHealthStateEnum.DRAINING, clock.instant().plus(delay))));
        return DeregisterTargetsResponse.builder().build();
    }

    @Override
    public String serviceName() {
        return SERVICE_NAME;
    }

    @Override
    public void close() {}
}
