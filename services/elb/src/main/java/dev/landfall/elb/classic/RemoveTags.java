package dev.landfall.elb.classic;

import dev.landfall.elb.Scope;
import dev.landfall.state.Decision;
import dev.landfall.state.Image;
import software.amazon.awssdk.services.elasticloadbalancing.model.RemoveTagsRequest;
import software.amazon.awssdk.services.elasticloadbalancing.model.RemoveTagsResponse;

/** Takes tags from a load balancer; a key that is not there is no mistake. */
final class RemoveTags {
    private RemoveTags() {}

    static Decision<RemoveTagsResponse> decide(Image image, RemoveTagsRequest request, Scope scope) {
        ClassicRow row = Classic.require(image, Tags.only(request.loadBalancerNames()), scope);
        return Decision.of(RemoveTagsResponse.builder().build(), Classic.put(row.tagged(row.tags().stream()
                .filter(tag -> request.tags().stream().noneMatch(gone -> tag.key().equals(gone.key()))).toList())));
    }
}
