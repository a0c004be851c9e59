package dev.landfall.elb.rule;

import dev.landfall.elb.ElbErrors;
import dev.landfall.elb.ElbTables;
import dev.landfall.elb.Scope;
import dev.landfall.state.Decision;
import dev.landfall.state.Image;
import dev.landfall.state.Write;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.TreeSet;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.RulePriorityPair;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.SetRulePrioritiesRequest;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.SetRulePrioritiesResponse;

/** Gives rules other priorities, all at once, so that two may change places. */
public final class SetRulePriorities {
    private SetRulePriorities() {}

    public static Decision<SetRulePrioritiesResponse> decide(
            Image image, SetRulePrioritiesRequest request, Scope scope) {
        if (request.rulePriorities().isEmpty()) {
            throw ElbErrors.validation("At least one rule priority must be specified");
        }
        SequencedMap<String, RuleRow> moved = new LinkedHashMap<>();
        for (RulePriorityPair pair : request.rulePriorities()) {
            if (pair.ruleArn() == null || pair.priority() == null) {
                throw ElbErrors.validation("A rule ARN and a priority must be specified");
            }
            RuleRow row = Rules.require(image, pair.ruleArn(), scope);
            if (row.rule().isDefault()) {
                throw ElbErrors.operationNotPermitted("Default rule '" + row.arn() + "' cannot be modified");
            }
            RuleRow next = new RuleRow(row.rule().toBuilder().priority(Integer.toString(pair.priority())).build());
            if (moved.put(row.arn(), next) != null) {
                throw ElbErrors.validation("Rule '" + row.arn() + "' was provided multiple times");
            }
        }
        requireDistinct(image, moved);
        List<Write<?>> writes = moved.values().stream().<Write<?>>map(row -> Write.put(ElbTables.RULES, row)).toList();
        return new Decision<>(SetRulePrioritiesResponse.builder()
                .rules(moved.values().stream().map(RuleRow::rule).toList()).build(), writes, List.of());
    }

    private static void requireDistinct(Image image, SequencedMap<String, RuleRow> moved) {
        var given = new TreeSet<String>();
        for (RuleRow row : moved.values()) {
            if (!given.add(row.listenerArn() + '|' + row.order())) {
                throw ElbErrors.validation("Priority '" + row.order() + "' was provided multiple times");
            }
        }
        for (RuleRow row : moved.values()) {
            boolean taken = Rules.of(image, row.listenerArn()).stream()
                    .anyMatch(other -> other.order() == row.order() && !moved.containsKey(other.arn()));
            if (taken) {
                throw ElbErrors.priorityInUse(row.order());
            }
        }
    }
}
