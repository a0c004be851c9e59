package dev.landfall.elb.tag;

import java.util.List;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.Tag;

/** The tags of one resource, in the order in which their keys were first given. */
public record TagsRow(String arn, List<Tag> tags) {
    public TagsRow {
        tags = List.copyOf(tags);
    }
}
