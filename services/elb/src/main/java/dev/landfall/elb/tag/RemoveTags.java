package dev.landfall.elb.tag;

import dev.landfall.elb.Scope;
import dev.landfall.state.Decision;
import dev.landfall.state.Image;
import dev.landfall.state.Write;
import java.util.List;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.RemoveTagsRequest;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.RemoveTagsResponse;

/** Takes tags from resources; a key that is not there is no mistake. */
public final class RemoveTags {
    private RemoveTags() {}

    public static Decision<RemoveTagsResponse> decide(Image image, RemoveTagsRequest request, Scope scope) {
        List<Write<?>> writes = Tags.required(image, request.resourceArns(), scope).stream()
                .filter(arn -> Tags.of(image, arn).stream().anyMatch(tag -> request.tagKeys().contains(tag.key())))
                .<Write<?>>map(arn -> Tags.replaced(arn, Tags.of(image, arn).stream()
                        .filter(tag -> !request.tagKeys().contains(tag.key())).toList()))
                .toList();
        return new Decision<>(RemoveTagsResponse.builder().build(), writes, List.of());
    }
}
