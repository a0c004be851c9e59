package dev.landfall.elb.tag;

import dev.landfall.elb.Scope;
import dev.landfall.state.Decision;
import dev.landfall.state.Image;
import dev.landfall.state.Write;
import java.util.List;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.AddTagsRequest;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.AddTagsResponse;

/** Adds tags to resources, or gives those of the same key another value. */
public final class AddTags {
    private AddTags() {}

    public static Decision<AddTagsResponse> decide(Image image, AddTagsRequest request, Scope scope) {
        List<Write<?>> writes = Tags.required(image, request.resourceArns(), scope).stream()
                .<Write<?>>map(arn -> Tags.replaced(arn, Tags.with(Tags.of(image, arn), request.tags()))).toList();
        return new Decision<>(AddTagsResponse.builder().build(), writes, List.of());
    }
}
