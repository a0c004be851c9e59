package dev.landfall.elb.tag;

import dev.landfall.elb.Scope;
import dev.landfall.state.Image;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.DescribeTagsRequest;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.DescribeTagsResponse;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TagDescription;

/** Describes the tags of resources. */
public final class DescribeTags {
    private DescribeTags() {}

    public static DescribeTagsResponse read(Image image, DescribeTagsRequest request, Scope scope) {
        return DescribeTagsResponse.builder()
                .tagDescriptions(Tags.required(image, request.resourceArns(), scope).stream()
                        .map(arn -> TagDescription.builder().resourceArn(arn).tags(Tags.of(image, arn)).build())
                        .toList())
                .build();
    }
}
