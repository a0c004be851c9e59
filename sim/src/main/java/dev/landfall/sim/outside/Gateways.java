package dev.landfall.sim.outside;

import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.services.elasticloadbalancingv2.ElasticLoadBalancingV2Client;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.AddListenerCertificatesRequest;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.AddListenerCertificatesResponse;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.CreateListenerRequest;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.CreateListenerResponse;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.CreateLoadBalancerRequest;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.CreateLoadBalancerResponse;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.CreateRuleRequest;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.CreateRuleResponse;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.CreateTargetGroupRequest;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.CreateTargetGroupResponse;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.DeleteListenerRequest;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.DeleteListenerResponse;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.DeleteLoadBalancerRequest;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.DeleteLoadBalancerResponse;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.DeleteRuleRequest;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.DeleteRuleResponse;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.DeleteTargetGroupRequest;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.DeleteTargetGroupResponse;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.DeregisterTargetsRequest;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.DeregisterTargetsResponse;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.DescribeListenersRequest;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.DescribeListenersResponse;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.DescribeLoadBalancersRequest;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.DescribeLoadBalancersResponse;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.DescribeRulesRequest;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.DescribeRulesResponse;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.DescribeTargetGroupsRequest;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.DescribeTargetGroupsResponse;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.DescribeTargetHealthRequest;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.DescribeTargetHealthResponse;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.ElasticLoadBalancingV2Exception;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.Listener;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.LoadBalancer;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.LoadBalancerNotFoundException;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.ModifyListenerRequest;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.ModifyListenerResponse;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.ModifyLoadBalancerAttributesRequest;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.ModifyLoadBalancerAttributesResponse;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.ModifyRuleRequest;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.ModifyRuleResponse;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.ModifyTargetGroupRequest;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.ModifyTargetGroupResponse;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.RegisterTargetsRequest;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.RegisterTargetsResponse;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.RemoveListenerCertificatesRequest;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.RemoveListenerCertificatesResponse;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.Rule;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetGroup;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetGroupNotFoundException;

/**
 * The whole of the load balancers: those that callers make with their listeners are here, and the traffic of rules and
 * the targets of target groups are {@link Balancers}'. A name is given once, and what is in use is not deleted.
 */
public final class Gateways implements ElasticLoadBalancingV2Client {
    private static final String ARN = "arn:aws:elasticloadbalancing:us-east-1:000000000000:";
    private static final int MISTAKEN = 400;

    private final Balancers targets;
    private final SortedMap<String, LoadBalancer> balancers = new TreeMap<>();
    private final SortedMap<String, TargetGroup> groups = new TreeMap<>();
    private final SortedMap<String, Listener> listeners = new TreeMap<>();
    private final SortedMap<String, SortedSet<String>> certificates = new TreeMap<>();
    private final SortedMap<String, Rule> rules = new TreeMap<>();
    private int made;

    public Gateways(Balancers targets) {
        this.targets = targets;
    }

    /** The names of the load balancers that were made. */
    public List<String> balancers() {
        return balancers.values().stream().map(LoadBalancer::loadBalancerName).toList();
    }

    /** The names of the target groups that were made. */
    public List<String> groups() {
        return groups.values().stream().map(TargetGroup::targetGroupName).toList();
    }

    /** The hosts that rules ask for, by their ARNs. */
    public SortedMap<String, String> rules() {
        var hosts = new TreeMap<String, String>();
        rules.forEach((arn, rule) ->
                hosts.put(arn, rule.conditions().getFirst().hostHeaderConfig().values().getFirst()));
        return hosts;
    }

    /** Whether a listener has that certificate. */
    public boolean uses(String certificateArn) {
        return certificates.values().stream().anyMatch(each -> each.contains(certificateArn));
    }

    private static ElasticLoadBalancingV2Exception refusal(String code, String message) {
        return (ElasticLoadBalancingV2Exception) ElasticLoadBalancingV2Exception.builder().statusCode(MISTAKEN)
                .message(message).awsErrorDetails(
                        AwsErrorDetails.builder().errorCode(code).errorMessage(message).build()).build();
    }

    private String id() {
        return "%016x".formatted(++made);
    }

    private static <T> void once(Map<String, T> there, String key, T next, Stream<String> names, String name) {
        if (names.anyMatch(name::equals)) {
            throw new IllegalStateException("a second " + name);
        }
        there.put(key, next);
    }

    // ---- load balancers ----

    @Override
    public DescribeLoadBalancersResponse describeLoadBalancers(DescribeLoadBalancersRequest request) {
        targets.present();
        var found = balancers.values().stream()
                .filter(each -> request.names().contains(each.loadBalancerName())).toList();
        if (found.isEmpty()) {
            throw LoadBalancerNotFoundException.builder().message("not found").statusCode(MISTAKEN).build();
        }
        return DescribeLoadBalancersResponse.builder().loadBalancers(found).build();
    }

    @Override
    public CreateLoadBalancerResponse createLoadBalancer(CreateLoadBalancerRequest request) {
        targets.present();
        var balancer = LoadBalancer.builder().loadBalancerName(request.name()).vpcId("vpc-1")
                .loadBalancerArn(ARN + "loadbalancer/app/" + request.name() + '/' + id())
                .securityGroups("sg-default").build();
        once(balancers, balancer.loadBalancerArn(), balancer, balancers().stream(), request.name());
        return CreateLoadBalancerResponse.builder().loadBalancers(balancer).build();
    }

    @Override
    public ModifyLoadBalancerAttributesResponse modifyLoadBalancerAttributes(
            ModifyLoadBalancerAttributesRequest request) {
        targets.present();
        return ModifyLoadBalancerAttributesResponse.builder().build();
    }

    @Override
    public DeleteLoadBalancerResponse deleteLoadBalancer(DeleteLoadBalancerRequest request) {
        targets.present();
        balancers.remove(request.loadBalancerArn());
        listeners.values().stream().filter(each -> each.loadBalancerArn().equals(request.loadBalancerArn()))
                .map(Listener::listenerArn).toList().forEach(this::remove);
        return DeleteLoadBalancerResponse.builder().build();
    }

    // ---- listeners and their certificates ----

    private void remove(String listenerArn) {
        listeners.remove(listenerArn);
        certificates.remove(listenerArn);
        rulesOf(listenerArn).forEach(each -> {
            rules.remove(each.ruleArn());
            targets.deleteRule(each.ruleArn());
        });
    }

    @Override
    public DescribeListenersResponse describeListeners(DescribeListenersRequest request) {
        targets.present();
        return DescribeListenersResponse.builder().listeners(listeners.values().stream()
                .filter(each -> each.loadBalancerArn().equals(request.loadBalancerArn())).toList()).build();
    }

    @Override
    public CreateListenerResponse createListener(CreateListenerRequest request) {
        targets.present();
        var listener = Listener.builder().loadBalancerArn(request.loadBalancerArn()).port(request.port())
                .listenerArn(request.loadBalancerArn().replace(":loadbalancer/", ":listener/") + '/' + id())
                .certificates(request.certificates()).build();
        once(listeners, listener.listenerArn(), listener,
                listeners.values().stream().map(each -> each.loadBalancerArn() + each.port()),
                request.loadBalancerArn() + request.port());
        certificates.put(listener.listenerArn(),
                new TreeSet<>(List.of(request.certificates().getFirst().certificateArn())));
        return CreateListenerResponse.builder().listeners(listener).build();
    }

    @Override
    public ModifyListenerResponse modifyListener(ModifyListenerRequest request) {
        targets.present();
        listeners.computeIfPresent(request.listenerArn(), (arn, listener) -> {
            certificates.get(arn).remove(listener.certificates().getFirst().certificateArn());
            certificates.get(arn).add(request.certificates().getFirst().certificateArn());
            return listener.toBuilder().certificates(request.certificates()).build();
        });
        return ModifyListenerResponse.builder().build();
    }

    @Override
    public DeleteListenerResponse deleteListener(DeleteListenerRequest request) {
        targets.present();
        remove(request.listenerArn());
        return DeleteListenerResponse.builder().build();
    }

    @Override
    public AddListenerCertificatesResponse addListenerCertificates(AddListenerCertificatesRequest request) {
        targets.present();
        certificates.get(request.listenerArn()).add(request.certificates().getFirst().certificateArn());
        return AddListenerCertificatesResponse.builder().build();
    }

    @Override
    public RemoveListenerCertificatesResponse removeListenerCertificates(RemoveListenerCertificatesRequest request) {
        targets.present();
        certificates.get(request.listenerArn()).remove(request.certificates().getFirst().certificateArn());
        return RemoveListenerCertificatesResponse.builder().build();
    }

    // ---- rules ----

    private List<Rule> rulesOf(String listenerArn) {
        return rules.values().stream().filter(each -> each.ruleArn().startsWith(
                listenerArn.replace(":listener/", ":listener-rule/") + '/')).toList();
    }

    @Override
    public DescribeRulesResponse describeRules(DescribeRulesRequest request) {
        targets.present();
        return request.listenerArn() == null ? targets.describeRules(request)
                : DescribeRulesResponse.builder().rules(rulesOf(request.listenerArn())).build();
    }

    @Override
    public CreateRuleResponse createRule(CreateRuleRequest request) {
        targets.present();
        if (rulesOf(request.listenerArn()).stream()
                .anyMatch(each -> each.priority().equals(request.priority().toString()))) {
            throw refusal("PriorityInUse", "Priority is in use");
        }
        String arn = request.listenerArn().replace(":listener/", ":listener-rule/") + '/' + id();
        var rule = Rule.builder().ruleArn(arn).priority(request.priority().toString())
                .conditions(request.conditions()).build();
        once(rules, arn, rule, rules().values().stream(),
                request.conditions().getFirst().hostHeaderConfig().values().getFirst());
        targets.rule(arn, request.actions());
        return CreateRuleResponse.builder().rules(rule).build();
    }

    @Override
    public ModifyRuleResponse modifyRule(ModifyRuleRequest request) {
        return targets.modifyRule(request);
    }

    @Override
    public DeleteRuleResponse deleteRule(DeleteRuleRequest request) {
        targets.present();
        rules.remove(request.ruleArn());
        targets.deleteRule(request.ruleArn());
        return DeleteRuleResponse.builder().build();
    }

    // ---- target groups ----

    @Override
    public DescribeTargetGroupsResponse describeTargetGroups(DescribeTargetGroupsRequest request) {
        targets.present();
        if (request.names().isEmpty()) {
            return targets.describeTargetGroups(request);
        }
        var found = groups.values().stream()
                .filter(each -> request.names().contains(each.targetGroupName())).toList();
        if (found.isEmpty()) {
            throw TargetGroupNotFoundException.builder().message("not found").statusCode(MISTAKEN).build();
        }
        return DescribeTargetGroupsResponse.builder().targetGroups(found).build();
    }

    @Override
    public CreateTargetGroupResponse createTargetGroup(CreateTargetGroupRequest request) {
        targets.present();
        String arn = targets.group(request.name());
        var group = TargetGroup.builder().targetGroupArn(arn).targetGroupName(request.name())
                .healthCheckPath(request.healthCheckPath()).healthCheckPort(request.healthCheckPort()).build();
        once(groups, arn, group, groups().stream(), request.name());
        return CreateTargetGroupResponse.builder().targetGroups(group).build();
    }

    @Override
    public ModifyTargetGroupResponse modifyTargetGroup(ModifyTargetGroupRequest request) {
        targets.present();
        groups.computeIfPresent(request.targetGroupArn(), (arn, group) -> group.toBuilder()
                .healthCheckPath(request.healthCheckPath()).healthCheckPort(request.healthCheckPort()).build());
        return ModifyTargetGroupResponse.builder().build();
    }

    @Override
    public DeleteTargetGroupResponse deleteTargetGroup(DeleteTargetGroupRequest request) {
        targets.present();
        if (targets.forwards(request.targetGroupArn())) {
            throw refusal("ResourceInUse", "Target group is in use");
        }
        groups.remove(request.targetGroupArn());
        targets.deleteGroup(request.targetGroupArn());
        return DeleteTargetGroupResponse.builder().build();
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
