package dev.landfall.elb.classic;

import dev.landfall.elb.Scope;
import dev.landfall.state.Decision;
import dev.landfall.state.Image;
import software.amazon.awssdk.services.elasticloadbalancing.model.AddTagsRequest;
import software.amazon.awssdk.services.elasticloadbalancing.model.AddTagsResponse;

/** Adds tags to a load balancer, or gives those of the same key another value. */
final class AddTags {
    private AddTags() {}

    static Decision<AddTagsResponse> decide(Image image, AddTagsRequest request, Scope scope) {
        ClassicRow row = Classic.require(image, Tags.only(request.loadBalancerNames()), scope);
        return Decision.of(AddTagsResponse.builder().build(),
                Classic.put(row.tagged(Tags.with(row.tags(), request.tags()))));
    }
}
