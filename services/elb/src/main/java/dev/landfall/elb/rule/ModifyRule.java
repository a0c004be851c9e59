package dev.landfall.elb.rule;

import dev.landfall.elb.ElbErrors;
import dev.landfall.elb.ElbTables;
import dev.landfall.elb.Scope;
import dev.landfall.elb.listener.ListenerRow;
import dev.landfall.elb.listener.Listeners;
import dev.landfall.state.Decision;
import dev.landfall.state.Image;
import dev.landfall.state.Write;
import java.util.List;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.ModifyRuleRequest;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.ModifyRuleResponse;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.Rule;

/** Replaces a rule's conditions, actions or transforms; what is left out stays. */
public final class ModifyRule {
    private ModifyRule() {}

    public static Decision<ModifyRuleResponse> decide(Image image, ModifyRuleRequest request, Scope scope) {
        RuleRow row = Rules.require(image, request.ruleArn(), scope);
        boolean reset = Boolean.TRUE.equals(request.resetTransforms());
        if (row.rule().isDefault()) {
            throw ElbErrors.operationNotPermitted("Default rule '" + row.arn() + "' cannot be modified");
        }
        if (request.conditions().isEmpty() && request.actions().isEmpty() && request.transforms().isEmpty()
                && !reset) {
            throw ElbErrors.validation("Either conditions or actions must be specified");
        }
        if (reset && !request.transforms().isEmpty()) {
            throw ElbErrors.validation("You cannot specify transforms and reset them at the same time");
        }
        var next = row.rule().toBuilder();
        if (!request.conditions().isEmpty()) {
            next.conditions(Conditions.validated(request.conditions()));
        }
        if (!request.actions().isEmpty()) {
            ListenerRow listener = image.get(ElbTables.LISTENERS, row.listenerArn()).orElseThrow();
            next.actions(Actions.validated(image, scope,
                    new Actions.Place(Listeners.balancer(image, listener), listener.listener().protocol()),
                    request.actions()));
        }
        if (reset || !request.transforms().isEmpty()) {
            next.transforms(reset ? List.of() : Transforms.validated(request.transforms()));
        }
        Rule made = next.build();
        return Decision.of(ModifyRuleResponse.builder().rules(made).build(),
                Write.put(ElbTables.RULES, new RuleRow(made)));
    }
}
