package dev.landfall.ecs.tag;

import dev.landfall.ecs.EcsErrors;
import dev.landfall.ecs.Scope;
import dev.landfall.state.Context;
import dev.landfall.state.Decision;
import dev.landfall.state.Image;
import software.amazon.awssdk.services.ecs.model.TagResourceRequest;
import software.amazon.awssdk.services.ecs.model.TagResourceResponse;

/** Adds tags to a resource, or gives those of the same key another value. */
public final class TagResource {
    private TagResource() {}

    public static Decision<TagResourceResponse> decide(
            Image image, TagResourceRequest request, Scope scope, Context context) {
        TaggedResource resource = TaggedResource.require(image, scope, request.resourceArn());
        if (request.tags().isEmpty()) {
            throw EcsErrors.invalidParameter("Tags can not be empty.");
        }
        return Decision.of(
                TagResourceResponse.builder().build(),
                resource.retag().apply(Tags.with(resource.tags(), request.tags())));
    }
}
