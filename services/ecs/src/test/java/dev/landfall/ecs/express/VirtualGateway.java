package dev.landfall.ecs.express;

import dev.landfall.ecs.balance.VirtualElb;
import dev.landfall.wire.Call;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.services.elasticloadbalancingv2.ElasticLoadBalancingV2Client;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.*;

/**
 * Elastic Load Balancing as far as Express services make use of it: load balancers, listeners and their certificates
 * are here, and rules' traffic and targets in a {@link VirtualElb}. What is in use is not deleted, and a name is given
 * once.
 */
public final class VirtualGateway implements ElasticLoadBalancingV2Client {
    private static final String ARN = "arn:aws:elasticloadbalancing:eu-central-1:123456789012:";

    public final VirtualElb targets;
    public final SortedMap<String, LoadBalancer> balancers = new TreeMap<>();
    public final SortedMap<String, TargetGroup> groups = new TreeMap<>();
    public final SortedMap<String, Listener> listeners = new TreeMap<>();
    public final SortedMap<String, Rule> rules = new TreeMap<>();

    /** Certificates of listeners, with the default ones. */
    public final SortedMap<String, TreeSet<String>> certificates = new TreeMap<>();

    /** What calls were made, in order. */
    public final List<String> calls = new ArrayList<>();

    public String refused = "";
    private int made;

    public VirtualGateway(InstantSource clock, Duration delay) {
        targets = new VirtualElb(clock, delay);
    }

    private void called(String what) {
        calls.add(what);
        if (!Call.current().requestId().equals("express-service")) {
            throw new IllegalStateException("called for " + Call.current());
        }
        if (what.equals(refused)) {
            throw refusal("TooMany", "There are too many of them");
        }
    }

    private static ElasticLoadBalancingV2Exception refusal(String code, String message) {
        return (ElasticLoadBalancingV2Exception) ElasticLoadBalancingV2Exception.builder().statusCode(400)
                .message(message).awsErrorDetails(
                        AwsErrorDetails.builder().errorCode(code).errorMessage(message).build()).build();
    }

    private String id() {
        return "%016x".formatted(++made);
    }

    @Override
    public DescribeLoadBalancersResponse describeLoadBalancers(DescribeLoadBalancersRequest request) {
        var found = balancers.values().stream()
                .filter(each -> request.names().contains(each.loadBalancerName())).toList();
        if (found.isEmpty()) {
            throw LoadBalancerNotFoundException.builder().message("not found").statusCode(400).build();
        }
        return DescribeLoadBalancersResponse.builder().loadBalancers(found).build();
    }

    @Override
    public CreateLoadBalancerResponse createLoadBalancer(CreateLoadBalancerRequest request) {
        called("createLoadBalancer");
        if (balancers.values().stream().anyMatch(each -> each.loadBalancerName().equals(request.name()))) {
            throw new IllegalStateException("a second " + request.name());
        }
        var balancer = LoadBalancer.builder().loadBalancerName(request.name()).vpcId("vpc-1")
                .loadBalancerArn(ARN + "loadbalancer/app/" + request.name() + '/' + id())
                .securityGroups("sg-default").build();
        balancers.put(balancer.loadBalancerArn(), balancer);
        return CreateLoadBalancerResponse.builder().loadBalancers(balancer).build();
    }

    @Override
    public ModifyLoadBalancerAttributesResponse modifyLoadBalancerAttributes(
            ModifyLoadBalancerAttributesRequest request) {
        called("modifyLoadBalancerAttributes");
        return ModifyLoadBalancerAttributesResponse.builder().build();
    }

    @Override
    public DeleteLoadBalancerResponse deleteLoadBalancer(DeleteLoadBalancerRequest request) {
        called("deleteLoadBalancer");
        balancers.remove(request.loadBalancerArn());
        listeners.values().stream().filter(each -> each.loadBalancerArn().equals(request.loadBalancerArn()))
                .map(Listener::listenerArn).toList().forEach(this::remove);
        return DeleteLoadBalancerResponse.builder().build();
    }

    private void remove(String listenerArn) {
        listeners.remove(listenerArn);
        certificates.remove(listenerArn);
        rulesOf(listenerArn).forEach(each -> {
            rules.remove(each.ruleArn());
            targets.deleteRule(each.ruleArn());
        });
    }

    private List<Rule> rulesOf(String listenerArn) {
        return rules.values().stream().filter(each -> each.ruleArn().startsWith(
                listenerArn.replace(":listener/", ":listener-rule/") + '/')).toList();
    }

    @Override
    public DescribeTargetGroupsResponse describeTargetGroups(DescribeTargetGroupsRequest request) {
        var found = groups.values().stream().filter(each -> request.names().contains(each.targetGroupName())
                || request.targetGroupArns().contains(each.targetGroupArn())).toList();
        if (found.isEmpty() && !request.targetGroupArns().isEmpty()) {
            return targets.describeTargetGroups(request);
        }
        if (found.isEmpty()) {
            throw TargetGroupNotFoundException.builder().message("not found").statusCode(400).build();
        }
        return DescribeTargetGroupsResponse.builder().targetGroups(found).build();
    }

    @Override
    public CreateTargetGroupResponse createTargetGroup(CreateTargetGroupRequest request) {
        called("createTargetGroup");
        String arn = targets.group(request.name(), request.targetTypeAsString(), "arn:lb");
        var group = TargetGroup.builder().targetGroupArn(arn).targetGroupName(request.name())
                .healthCheckPath(request.healthCheckPath()).healthCheckPort(request.healthCheckPort()).build();
        if (groups.put(arn, group) != null) {
            throw new IllegalStateException("a second " + request.name());
        }
        return CreateTargetGroupResponse.builder().targetGroups(group).build();
    }

    @Override
    public ModifyTargetGroupResponse modifyTargetGroup(ModifyTargetGroupRequest request) {
        called("modifyTargetGroup");
        groups.computeIfPresent(request.targetGroupArn(), (arn, group) -> group.toBuilder()
                .healthCheckPath(request.healthCheckPath()).healthCheckPort(request.healthCheckPort()).build());
        return ModifyTargetGroupResponse.builder().build();
    }

    @Override
    public DeleteTargetGroupResponse deleteTargetGroup(DeleteTargetGroupRequest request) {
        called("deleteTargetGroup");
        if (rules.keySet().stream().anyMatch(rule -> targets.weights(rule).containsKey(request.targetGroupArn()))) {
            throw refusal("ResourceInUse", "Target group is in use");
        }
        if (!targets.states(request.targetGroupArn()).isEmpty()) {
            throw new IllegalStateException("targets are still in " + request.targetGroupArn());
        }
        groups.remove(request.targetGroupArn());
        targets.delete(request.targetGroupArn());
        return DeleteTargetGroupResponse.builder().build();
    }

    @Override
    public DescribeListenersResponse describeListeners(DescribeListenersRequest request) {
        return request.loadBalancerArn() == null ? targets.describeListeners(request)
                : DescribeListenersResponse.builder().listeners(listeners.values().stream()
                .filter(each -> each.loadBalancerArn().equals(request.loadBalancerArn())).toList()).build();
    }

    @Override
    public CreateListenerResponse createListener(CreateListenerRequest request) {
        called("createListener");
        var listener = Listener.builder().loadBalancerArn(request.loadBalancerArn()).port(request.port())
                .listenerArn(request.loadBalancerArn().replace(":loadbalancer/", ":listener/") + '/' + id())
                .certificates(request.certificates()).build();
        listeners.put(listener.listenerArn(), listener);
        certificates.put(listener.listenerArn(),
                new TreeSet<>(List.of(request.certificates().getFirst().certificateArn())));
        return CreateListenerResponse.builder().listeners(listener).build();
    }

    @Override
    public ModifyListenerResponse modifyListener(ModifyListenerRequest request) {
        if (!listeners.containsKey(request.listenerArn())) {
            return targets.modifyListener(request);
        }
        called("modifyListener");
        listeners.computeIfPresent(request.listenerArn(), (arn, listener) -> {
            certificates.get(arn).remove(listener.certificates().getFirst().certificateArn());
            certificates.get(arn).add(request.certificates().getFirst().certificateArn());
            return listener.toBuilder().certificates(request.certificates()).build();
        });
        return ModifyListenerResponse.builder().build();
    }

    @Override
    public DeleteListenerResponse deleteListener(DeleteListenerRequest request) {
        called("deleteListener");
        remove(request.listenerArn());
        return DeleteListenerResponse.builder().build();
    }

    @Override
    public AddListenerCertificatesResponse addListenerCertificates(AddListenerCertificatesRequest request) {
        called("addListenerCertificates");
        certificates.get(request.listenerArn()).add(request.certificates().getFirst().certificateArn());
        return AddListenerCertificatesResponse.builder().build();
    }

    @Override
    public RemoveListenerCertificatesResponse removeListenerCertificates(RemoveListenerCertificatesRequest request) {
        called("removeListenerCertificates");
        certificates.get(request.listenerArn()).remove(request.certificates().getFirst().certificateArn());
        return RemoveListenerCertificatesResponse.builder().build();
    }

    @Override
    public DescribeRulesResponse describeRules(DescribeRulesRequest request) {
        return request.listenerArn() == null ? targets.describeRules(request)
                : DescribeRulesResponse.builder().rules(rulesOf(request.listenerArn())).build();
    }

    @Override
    public CreateRuleResponse createRule(CreateRuleRequest request) {
        called("createRule");
        if (rulesOf(request.listenerArn()).stream()
                .anyMatch(each -> each.priority().equals(request.priority().toString()))) {
            throw refusal("PriorityInUse", "Priority is in use");
        }
        String arn = request.listenerArn().replace(":listener/", ":listener-rule/") + '/' + id();
        var rule = Rule.builder().ruleArn(arn).priority(request.priority().toString())
                .conditions(request.conditions()).build();
        rules.put(arn, rule);
        var weights = new TreeMap<String, Integer>();
        request.actions().getFirst().forwardConfig().targetGroups()
                .forEach(each -> weights.put(each.targetGroupArn(), each.weight()));
        targets.rule(arn, weights);
        return CreateRuleResponse.builder().rules(rule).build();
    }

    @Override
    public ModifyRuleResponse modifyRule(ModifyRuleRequest request) {
        return targets.modifyRule(request);
    }

    @Override
    public DeleteRuleResponse deleteRule(DeleteRuleRequest request) {
        called("deleteRule");
        rules.remove(request.ruleArn());
        targets.deleteRule(request.ruleArn());
        return DeleteRuleResponse.builder().build();
    }

    @Override
    public RegisterTargetsResponse registerTargets(RegisterTargetsRequest request) {
        return targets.registerTargets(request);
    }

    @Override
    public DeregisterTargetsResponse deregisterTargets(DeregisterTargetsRequest request) {
        return targets.deregisterTargets(request);
    }

    @Override
    public DescribeTargetHealthResponse describeTargetHealth(DescribeTargetHealthRequest request) {
        return targets.describeTargetHealth(request);
    }

    @Override
    public String serviceName() {
        return SERVICE_NAME;
    }

    @Override
    public void close() {}
}
