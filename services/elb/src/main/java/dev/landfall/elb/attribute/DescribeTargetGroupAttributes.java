package dev.landfall.elb.attribute;

import dev.landfall.elb.Scope;
import dev.landfall.elb.targetgroup.TargetGroups;
import dev.landfall.state.Image;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.DescribeTargetGroupAttributesRequest;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.DescribeTargetGroupAttributesResponse;

/** Describes the attributes of a target group, set or not. */
public final class DescribeTargetGroupAttributes {
    private DescribeTargetGroupAttributes() {}

    public static DescribeTargetGroupAttributesResponse read(
            Image image, DescribeTargetGroupAttributesRequest request, Scope scope) {
        return DescribeTargetGroupAttributesResponse.builder()
                .attributes(TargetGroupAttributes.shown(TargetGroups.require(image, request.targetGroupArn(), scope)))
                .build();
    }
}
