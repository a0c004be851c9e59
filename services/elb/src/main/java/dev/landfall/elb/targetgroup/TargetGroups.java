package dev.landfall.elb.targetgroup;

import dev.landfall.elb.Arns;
import dev.landfall.elb.ElbErrors;
import dev.landfall.elb.ElbTables;
import dev.landfall.elb.Scope;
import dev.landfall.elb.loadbalancer.LoadBalancers;
import dev.landfall.state.Image;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetGroup;

/** Finding target groups. */
public final class TargetGroups {
    private TargetGroups() {}

    /** The target group of that ARN, which is of the caller's account and region. */
    public static Optional<TargetGroupRow> find(Image image, String arn, Scope scope) {
        return image.get(ElbTables.TARGET_GROUPS, Arns.require(Arns.Kind.TARGET_GROUP, arn, scope));
    }

    /**
     * @throws software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetGroupNotFoundException if there is
     *     none
     */
    public static TargetGroupRow require(Image image, String arn, Scope scope) {
        return find(image, arn, scope).orElseThrow(() ->
                ElbErrors.targetGroupNotFound("Target group '" + arn + "' not found"));
    }

    static Optional<TargetGroupRow> byName(Image image, String name, Scope scope) {
        return image.find(ElbTables.TARGET_GROUPS, ElbTables.TARGET_GROUPS_BY_NAME, ElbTables.nameKey(scope, name))
                .stream().findFirst();
    }

    /** Those of a scope, in the order of their names. */
    static List<TargetGroupRow> all(Image image, Scope scope) {
        String prefix = ElbTables.nameKey(scope, "");
        return image.values(ElbTables.TARGET_GROUPS, ElbTables.TARGET_GROUPS_BY_NAME, prefix,
                        prefix + Character.MAX_VALUE).values().stream()
                .flatMap(Collection::stream)
                .map(arn -> image.get(ElbTables.TARGET_GROUPS, arn).orElseThrow()).toList();
    }

    /** With the load balancers that route to it. */
    static TargetGroup shown(Image image, TargetGroupRow row) {
        return row.group().toBuilder().loadBalancerArns(LoadBalancers.routingTo(image, row.arn())).build();
    }
}
