package dev.landfall.elb.rule;

import dev.landfall.elb.ElbErrors;
import dev.landfall.elb.Page;
import dev.landfall.elb.Scope;
import dev.landfall.elb.listener.Listeners;
import dev.landfall.state.Image;
import java.util.Comparator;
import java.util.List;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.DescribeRulesRequest;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.DescribeRulesResponse;

/** Describes the rules of a listener, or those that are named, in the order in which they are tried. */
public final class DescribeRules {
    private DescribeRules() {}

    public static DescribeRulesResponse read(Image image, DescribeRulesRequest request, Scope scope) {
        List<RuleRow> rules = named(image, request, scope);
        Page<RuleRow> page = Page.of("DescribeRules " + request.listenerArn(), rules,
                row -> row.orderKey() + row.arn(), request.marker(), request.pageSize());
        return DescribeRulesResponse.builder()
                .rules(page.items().stream().map(RuleRow::rule).toList())
                .nextMarker(page.nextMarker().orElse(null))
                .build();
    }

    private static List<RuleRow> named(Image image, DescribeRulesRequest request, Scope scope) {
        if (request.listenerArn() == null && request.ruleArns().isEmpty()) {
            throw ElbErrors.validation("You must specify either listener rule ARNs or a listener ARN");
        }
        if (request.listenerArn() != null && !request.ruleArns().isEmpty()) {
            throw ElbErrors.validation("Listener rule ARNs and a listener ARN cannot be specified at the same time");
        }
        if (request.listenerArn() != null) {
            return Rules.of(image, Listeners.requireAny(image, List.of(request.listenerArn()), scope).getFirst().arn());
        }
        return request.ruleArns().stream()
                .map(arn -> Rules.find(image, arn, scope)
                        .orElseThrow(() -> ElbErrors.ruleNotFound("One or more rules not found")))
                .distinct().sorted(Comparator.comparing(row -> row.orderKey() + row.arn())).toList();
    }
}
