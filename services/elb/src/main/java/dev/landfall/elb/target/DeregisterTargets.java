package dev.landfall.elb.target;

import dev.landfall.elb.ElbErrors;
import dev.landfall.elb.ElbTables;
import dev.landfall.elb.Scope;
import dev.landfall.elb.loadbalancer.LoadBalancers;
import dev.landfall.elb.targetgroup.TargetGroupRow;
import dev.landfall.elb.targetgroup.TargetGroups;
import dev.landfall.state.Context;
import dev.landfall.state.Decision;
import dev.landfall.state.Image;
import dev.landfall.state.Write;
import java.util.List;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.DeregisterTargetsRequest;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.DeregisterTargetsResponse;

/**
 * Takes targets out of a group: they get no new connections, and drain if a load balancer routes to it: until data
 * planes have heard of it, and then for the group's deregistration delay. One that is not registered is no mistake.
 */
public final class DeregisterTargets {
    private DeregisterTargets() {}

    public static Decision<DeregisterTargetsResponse> decide(
            Image image, DeregisterTargetsRequest request, Scope scope, Context context) {
        TargetGroupRow group = TargetGroups.require(image, request.targetGroupArn(), scope);
        if (request.targets().isEmpty()) {
            throw ElbErrors.validation("At least one target must be specified");
        }
        boolean used = !LoadBalancers.routingTo(image, group.arn()).isEmpty();
        List<Write<?>> writes = request.targets().stream()
                .flatMap(target -> Targets.find(image, group.group(), target).stream())
                .distinct().filter(row -> !row.draining())
                .<Write<?>>map(row -> used ? Write.put(ElbTables.TARGETS, row.deregistered(context.now()))
                        : Write.delete(ElbTables.TARGETS, row.key()))
                .toList();
        return new Decision<>(DeregisterTargetsResponse.builder().build(), writes, List.of());
    }
}
