package dev.landfall.elb.rule;

import dev.landfall.elb.Arns;
import dev.landfall.elb.ElbErrors;
import dev.landfall.elb.ElbTables;
import dev.landfall.elb.Scope;
import dev.landfall.state.Image;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Finding rules. */
public final class Rules {
    private Rules() {}

    static Optional<RuleRow> find(Image image, String arn, Scope scope) {
        return image.get(ElbTables.RULES, Arns.require(Arns.Kind.RULE, arn, scope));
    }

    /** @throws software.amazon.awssdk.services.elasticloadbalancingv2.model.RuleNotFoundException if there is none */
    static RuleRow require(Image image, String arn, Scope scope) {
        return find(image, arn, scope).orElseThrow(() -> ElbErrors.ruleNotFound("Rule '" + arn + "' not found"));
    }

    /** The rules of a listener in the order in which they are tried; the default one is the last. */
    public static List<RuleRow> of(Image image, String listenerArn) {
        return image.find(ElbTables.RULES, ElbTables.RULES_BY_LISTENER, listenerArn).stream()
                .sorted(Comparator.comparing(RuleRow::order)).toList();
    }
}
