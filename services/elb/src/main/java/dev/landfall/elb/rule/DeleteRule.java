package dev.landfall.elb.rule;

import dev.landfall.elb.ElbErrors;
import dev.landfall.elb.ElbTables;
import dev.landfall.elb.Scope;
import dev.landfall.state.Decision;
import dev.landfall.state.Image;
import dev.landfall.state.Write;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.DeleteRuleRequest;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.DeleteRuleResponse;

/** Deletes a rule; the default one goes with its listener. */
public final class DeleteRule {
    private DeleteRule() {}

    public static Decision<DeleteRuleResponse> decide(Image image, DeleteRuleRequest request, Scope scope) {
        RuleRow row = Rules.require(image, request.ruleArn(), scope);
        if (row.rule().isDefault()) {
            throw ElbErrors.operationNotPermitted("Default rule '" + row.arn() + "' cannot be deleted");
        }
        return Decision.of(DeleteRuleResponse.builder().build(),
                Write.delete(ElbTables.TAGS, row.arn()),
                Write.delete(ElbTables.RULES, row.arn()));
    }
}
