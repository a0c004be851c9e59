package dev.landfall.elb.targetgroup;

import dev.landfall.elb.ElbErrors;
import dev.landfall.elb.ElbTables;
import dev.landfall.elb.Scope;
import dev.landfall.elb.loadbalancer.LoadBalancers;
import dev.landfall.state.Decision;
import dev.landfall.state.Image;
import dev.landfall.state.Write;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.DeleteTargetGroupRequest;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.DeleteTargetGroupResponse;

/** Deletes a target group that nothing routes to, with the registrations in it. One that is not there is no mistake. */
public final class DeleteTargetGroup {
    private DeleteTargetGroup() {}

    public static Decision<DeleteTargetGroupResponse> decide(
            Image image, DeleteTargetGroupRequest request, Scope scope) {
        var reply = DeleteTargetGroupResponse.builder().build();
        Optional<TargetGroupRow> found = TargetGroups.find(image, request.targetGroupArn(), scope);
        if (found.isEmpty()) {
            return Decision.of(reply);
        }
        String arn = found.get().arn();
        if (!LoadBalancers.routingTo(image, arn).isEmpty()) {
            throw ElbErrors.resourceInUse("Target group '" + arn + "' is currently in use by a listener or a rule");
        }
        var writes = new ArrayList<Write<?>>();
        image.startingWith(ElbTables.TARGETS, ElbTables.targetsPrefix(arn))
                .forEach(target -> writes.add(Write.delete(ElbTables.TARGETS, target.key())));
        writes.add(Write.delete(ElbTables.TAGS, arn));
        writes.add(Write.delete(ElbTables.TARGET_GROUPS, arn));
        return new Decision<>(reply, writes, List.of());
    }
}
