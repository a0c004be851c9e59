package dev.landfall.elb.rule;

import dev.landfall.elb.Arns;
import dev.landfall.elb.ElbErrors;
import dev.landfall.elb.ElbTables;
import dev.landfall.elb.Quotas;
import dev.landfall.elb.Scope;
import dev.landfall.elb.listener.ListenerRow;
import dev.landfall.elb.listener.Listeners;
import dev.landfall.elb.loadbalancer.LoadBalancerRow;
import dev.landfall.elb.tag.Tags;
import dev.landfall.state.Context;
import dev.landfall.state.Decision;
import dev.landfall.state.Image;
import dev.landfall.state.Write;
import java.util.ArrayList;
import java.util.List;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.CreateRuleRequest;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.CreateRuleResponse;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.LoadBalancerTypeEnum;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.Rule;

/** Creates a rule of an Application Load Balancer's listener. */
public final class CreateRule {
    private CreateRule() {}

    public static Decision<CreateRuleResponse> decide(
            Image image, CreateRuleRequest request, Scope scope, Context context) {
        ListenerRow listener = Listeners.require(image, request.listenerArn(), scope);
        LoadBalancerRow balancer = Listeners.balancer(image, listener);
        if (balancer.loadBalancer().type() != LoadBalancerTypeEnum.APPLICATION) {
            throw ElbErrors.unsupportedProtocol();
        }
        var conditions = Conditions.validated(request.conditions());
        var transforms = Transforms.validated(request.transforms());
        var actions = Actions.validated(image, scope, new Actions.Place(balancer, listener.listener().protocol()),
                request.actions());
        if (Rules.of(image, listener.arn()).stream().anyMatch(rule -> rule.order() == request.priority())) {
            throw ElbErrors.priorityInUse(request.priority());
        }
        if (image.count(ElbTables.RULES, ElbTables.RULES_BY_LOAD_BALANCER, balancer.arn())
                >= Quotas.RULES_PER_APPLICATION_LOAD_BALANCER) {
            throw ElbErrors.tooManyRules();
        }
        Rule made = Rule.builder()
                .ruleArn(Arns.rule(listener.arn(), context.ids().next().substring(16)))
                .priority(Integer.toString(request.priority()))
                .conditions(conditions)
                .actions(actions)
                .transforms(transforms)
                .isDefault(false)
                .build();
        var writes = new ArrayList<Write<?>>(Tags.ofNewWithoutDuplicates(made.ruleArn(), request.tags()));
        writes.add(Write.put(ElbTables.RULES, new RuleRow(made)));
        return new Decision<>(CreateRuleResponse.builder().rules(made).build(), writes, List.of());
    }
}
