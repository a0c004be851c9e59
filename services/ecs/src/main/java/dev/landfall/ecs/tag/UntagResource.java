package dev.landfall.ecs.tag;

import dev.landfall.ecs.EcsErrors;
import dev.landfall.ecs.Scope;
import dev.landfall.state.Context;
import dev.landfall.state.Decision;
import dev.landfall.state.Image;
import software.amazon.awssdk.services.ecs.model.UntagResourceRequest;
import software.amazon.awssdk.services.ecs.model.UntagResourceResponse;

/** Takes tags from a resource. */
public final class UntagResource {
    private UntagResource() {}

    public static Decision<UntagResourceResponse> decide(
            Image image, UntagResourceRequest request, Scope scope, Context context) {
        TaggedResource resource = TaggedResource.require(image, scope, request.resourceArn());
        if (request.tagKeys().isEmpty()) {
            throw EcsErrors.invalidParameter("Tag keys can not be empty.");
        }
        return Decision.of(
                UntagResourceResponse.builder().build(),
                resource.retag().apply(Tags.without(resource.tags(), request.tagKeys())));
    }
}
