package dev.landfall.elb.attribute;

import dev.landfall.elb.ElbTables;
import dev.landfall.elb.Scope;
import dev.landfall.elb.targetgroup.TargetGroupRow;
import dev.landfall.elb.targetgroup.TargetGroups;
import dev.landfall.state.Decision;
import dev.landfall.state.Image;
import dev.landfall.state.Write;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.ModifyTargetGroupAttributesRequest;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.ModifyTargetGroupAttributesResponse;

/** Sets attributes of a target group. */
public final class ModifyTargetGroupAttributes {
    private ModifyTargetGroupAttributes() {}

    public static Decision<ModifyTargetGroupAttributesResponse> decide(
            Image image, ModifyTargetGroupAttributesRequest request, Scope scope) {
        TargetGroupRow row = TargetGroups.require(image, request.targetGroupArn(), scope);
        TargetGroupRow next = row.with(TargetGroupAttributes.with(row, request.attributes()));
        return Decision.of(
                ModifyTargetGroupAttributesResponse.builder().attributes(TargetGroupAttributes.shown(next)).build(),
                Write.put(ElbTables.TARGET_GROUPS, next));
    }
}
