package dev.landfall.elb.listener;

import dev.landfall.elb.Arns;
import dev.landfall.elb.ElbErrors;
import dev.landfall.elb.ElbTables;
import dev.landfall.elb.Scope;
import dev.landfall.elb.loadbalancer.LoadBalancerRow;
import dev.landfall.state.Image;
import dev.landfall.state.Write;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.Listener;

/** Finding listeners, and what belongs to them. */
public final class Listeners {
    private Listeners() {}

    private static Optional<ListenerRow> find(Image image, String arn, Scope scope) {
        return image.get(ElbTables.LISTENERS, Arns.require(Arns.Kind.LISTENER, arn, scope));
    }

    /**
     * @throws software.amazon.awssdk.services.elasticloadbalancingv2.model.ListenerNotFoundException if there is
     * none
     */
    public static ListenerRow require(Image image, String arn, Scope scope) {
        return find(image, arn, scope).orElseThrow(() ->
                ElbErrors.listenerNotFound("Listener '" + arn + "' not found"));
    }

    /** Those of a description. */
    public static List<ListenerRow> requireAny(Image image, List<String> arns, Scope scope) {
        return arns.stream().map(arn -> find(image, arn, scope).orElseThrow(() ->
                ElbErrors.listenerNotFound("One or more listeners not found"))).distinct().toList();
    }

    public static LoadBalancerRow balancer(Image image, ListenerRow listener) {
        return image.get(ElbTables.LOAD_BALANCERS, listener.listener().loadBalancerArn()).orElseThrow();
    }

    /** With the default actions, which stand in the default rule. */
    static Listener shown(Image image, ListenerRow row) {
        return row.listener().toBuilder()
                .defaultActions(image.get(ElbTables.RULES, row.defaultRuleArn()).orElseThrow().rule().actions())
                .build();
    }

    /** What deletes a listener with its rules. */
    public static List<Write<?>> deletion(Image image, ListenerRow listener) {
        var writes = new ArrayList<Write<?>>();
        for (String rule : image.keys(ElbTables.RULES, ElbTables.RULES_BY_LISTENER, listener.arn())) {
            writes.add(Write.delete(ElbTables.TAGS, rule));
            writes.add(Write.delete(ElbTables.RULES, rule));
        }
        writes.add(Write.delete(ElbTables.TAGS, listener.arn()));
        writes.add(Write.delete(ElbTables.LISTENERS, listener.arn()));
        return writes;
    }
}
