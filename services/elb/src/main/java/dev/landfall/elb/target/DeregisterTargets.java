package dev.landfall.elb.target;

import dev.landfall.elb.ElbErrors;
import dev.landfall.elb.ElbTables;
import dev.landfall.elb.Scope;
import dev.landfall.elb.attribute.TargetGroupAttributes;
import dev.landfall.elb.loadbalancer.LoadBalancers;
import dev.landfall.elb.targetgroup.TargetGroupRow;
import dev.landfall.elb.targetgroup.TargetGroups;
import dev.landfall.state.Context;
import dev.landfall.state.Decision;
import dev.landfall.state.Image;
import dev.landfall.state.Write;
import java.time.Instant;
import java.util.List;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.DeregisterTargetsRequest;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.DeregisterTargetsResponse;

/**
 * Takes targets out of a group: they get no new connections, and drain for the group's deregistration delay if a load
 * balancer routes to it: without a delay, until data planes have heard of it. One that is not registered is no mistake.
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
        Instant until = context.now().plus(TargetGroupAttributes.deregistrationDelay(group));
        List<Write<?>> writes = request.targets().stream()
                .flatMap(target -> Targets.find(image, group.group(), target).stream())
                .distinct().filter(row -> !row.draining())
                .<Write<?>>map(row -> used ? Write.put(ElbTables.TARGETS, row.draining(context.now(), until))
                        : Write.delete(ElbTables.TARGETS, row.key()))
                .toList();
        return new Decision<>(DeregisterTargetsResponse.builder().build(), writes, List.of());
    }
}
