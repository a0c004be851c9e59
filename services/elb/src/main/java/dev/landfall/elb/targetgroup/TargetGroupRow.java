package dev.landfall.elb.targetgroup;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetGroup;

/**
 * A target group as it is stored.
 *
 * @param group without the load balancers, which follow from the rules
 * @param attributes those that were set
 */
public record TargetGroupRow(TargetGroup group, SortedMap<String, String> attributes) {
    public TargetGroupRow {
        attributes = Collections.unmodifiableSortedMap(new TreeMap<>(attributes));
    }

    public String arn() {
        return group.targetGroupArn();
    }

    public TargetGroupRow with(TargetGroup next) {
        return new TargetGroupRow(next, attributes);
    }

    public TargetGroupRow with(SortedMap<String, String> nextAttributes) {
        return new TargetGroupRow(group, nextAttributes);
    }
}
