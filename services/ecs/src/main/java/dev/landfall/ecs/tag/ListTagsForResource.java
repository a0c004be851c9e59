package dev.landfall.ecs.tag;

import dev.landfall.ecs.Scope;
import dev.landfall.state.Image;
import software.amazon.awssdk.services.ecs.model.ListTagsForResourceRequest;
import software.amazon.awssdk.services.ecs.model.ListTagsForResourceResponse;

/** Lists the tags of a resource. */
public final class ListTagsForResource {
    private ListTagsForResource() {}

    public static ListTagsForResourceResponse read(Image image, ListTagsForResourceRequest request, Scope scope) {
        return ListTagsForResourceResponse.builder()
                .tags(TaggedResource.require(image, scope, request.resourceArn()).tags())
                .build();
    }
}
