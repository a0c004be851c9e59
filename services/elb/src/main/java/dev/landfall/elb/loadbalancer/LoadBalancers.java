package dev.landfall.elb.loadbalancer;

import dev.landfall.elb.Arns;
import dev.landfall.elb.ElbErrors;
import dev.landfall.elb.ElbTables;
import dev.landfall.elb.Scope;
import dev.landfall.elb.rule.RuleRow;
import dev.landfall.state.Image;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** Finding load balancers, and what stands behind them. */
public final class LoadBalancers {
    private LoadBalancers() {}

    /** The load balancer of that ARN, which is of the caller's account and region. */
    public static Optional<LoadBalancerRow> find(Image image, String arn, Scope scope) {
        return image.get(ElbTables.LOAD_BALANCERS, Arns.require(Arns.Kind.LOAD_BALANCER, arn, scope));
    }

    /**
     * @throws software.amazon.awssdk.services.elasticloadbalancingv2.model.LoadBalancerNotFoundException if there is
     *     none
     */
    public static LoadBalancerRow require(Image image, String arn, Scope scope) {
        return find(image, arn, scope).orElseThrow(() -> ElbErrors.loadBalancerNotFound(arn));
    }

    /** Those of a scope, in the order of their names. */
    static List<LoadBalancerRow> all(Image image, Scope scope) {
        String prefix = ElbTables.nameKey(scope, "");
        return image.values(ElbTables.LOAD_BALANCERS, ElbTables.LOAD_BALANCERS_BY_NAME, prefix,
                        prefix + Character.MAX_VALUE).values().stream()
                .flatMap(Collection::stream)
                .map(arn -> image.get(ElbTables.LOAD_BALANCERS, arn).orElseThrow()).toList();
    }

    /** The load balancers that route to a target group, in order. */
    public static List<String> routingTo(Image image, String targetGroupArn) {
        return image.find(ElbTables.RULES, ElbTables.RULES_BY_TARGET_GROUP, targetGroupArn).stream()
                .map(RuleRow::loadBalancerArn).distinct().sorted().toList();
    }

    /** The load balancers with a listener that has a certificate, in order. */
    public static List<String> withCertificate(Image image, String certificateArn) {
        return image.find(ElbTables.LISTENERS, ElbTables.LISTENERS_BY_CERTIFICATE, certificateArn).stream()
                .map(row -> row.listener().loadBalancerArn()).distinct().sorted().toList();
    }

    /** The target groups that a load balancer routes to, each once. */
    public static List<String> targetGroups(Image image, String loadBalancerArn) {
        return image.keys(ElbTables.LISTENERS, ElbTables.LISTENERS_BY_LOAD_BALANCER, loadBalancerArn).stream()
                .flatMap(listener -> image.find(ElbTables.RULES, ElbTables.RULES_BY_LISTENER, listener).stream())
                .flatMap(rule -> rule.targetGroupArns().stream()).distinct().toList();
    }
}
