package dev.landfall.ecs.instance;

import dev.landfall.ecs.Scope;
import dev.landfall.ecs.cluster.ClusterRow;
import dev.landfall.ecs.cluster.Clusters;
import dev.landfall.state.Decision;
import dev.landfall.state.Draft;
import dev.landfall.state.Image;
import java.util.ArrayList;
import software.amazon.awssdk.services.ecs.model.Attribute;
import software.amazon.awssdk.services.ecs.model.DeleteAttributesRequest;
import software.amazon.awssdk.services.ecs.model.DeleteAttributesResponse;

/** Takes custom attributes from container instances; replies with those that were there. */
public final class DeleteAttributes {
    private DeleteAttributes() {}

    public static Decision<DeleteAttributesResponse> decide(
            Image image, DeleteAttributesRequest request, Scope scope) {
        ClusterRow cluster = Clusters.require(image, scope, request.cluster());
        Attributes.require(request.attributes());
        var draft = new Draft(image);
        var deleted = new ArrayList<Attribute>();
        for (Attribute attribute : request.attributes()) {
            InstanceRow row = Attributes.target(draft, scope, cluster, attribute);
            var rest = new ArrayList<Attribute>();
            for (Attribute before : row.instance().attributes()) {
                if (before.name().equals(attribute.name())) {
                    deleted.add(Attributes.shown(row, before));
                } else {
                    rest.add(before);
                }
            }
            if (rest.size() < row.instance().attributes().size()) {
                Attributes.put(draft, row, rest);
            }
        }
        return draft.reply(DeleteAttributesResponse.builder().attributes(deleted).build());
    }
}
