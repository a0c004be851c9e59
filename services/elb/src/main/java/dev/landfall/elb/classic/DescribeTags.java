package dev.landfall.elb.classic;

import dev.landfall.elb.Scope;
import dev.landfall.state.Image;
import software.amazon.awssdk.services.elasticloadbalancing.model.DescribeTagsRequest;
import software.amazon.awssdk.services.elasticloadbalancing.model.DescribeTagsResponse;
import software.amazon.awssdk.services.elasticloadbalancing.model.TagDescription;

/** Describes the tags of load balancers. */
final class DescribeTags {
    private DescribeTags() {}

    static DescribeTagsResponse read(Image image, DescribeTagsRequest request, Scope scope) {
        return DescribeTagsResponse.builder().tagDescriptions(request.loadBalancerNames().stream().distinct()
                .map(name -> TagDescription.builder().loadBalancerName(name)
                        .tags(Classic.require(image, name, scope).tags()).build()).toList()).build();
    }
}
