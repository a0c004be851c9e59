package dev.landfall.ecs.instance;

import dev.landfall.ecs.EcsErrors;
import dev.landfall.ecs.Scope;
import dev.landfall.ecs.cluster.ClusterRow;
import dev.landfall.ecs.cluster.Clusters;
import dev.landfall.state.Decision;
import dev.landfall.state.Draft;
import dev.landfall.state.Image;
import java.util.ArrayList;
import software.amazon.awssdk.services.ecs.model.Attribute;
import software.amazon.awssdk.services.ecs.model.PutAttributesRequest;
import software.amazon.awssdk.services.ecs.model.PutAttributesResponse;

/** Sets attributes of container instances: all of those asked for, or none. */
public final class PutAttributes {
    private PutAttributes() {}

    public static Decision<PutAttributesResponse> decide(Image image, PutAttributesRequest request, Scope scope) {
        ClusterRow cluster = Clusters.require(image, scope, request.cluster());
        Attributes.require(request.attributes());
        var draft = new Draft(image);
        var shown = new ArrayList<Attribute>();
        for (Attribute attribute : request.attributes()) {
            InstanceRow row = Attributes.target(draft, scope, cluster, attribute);
            var attributes = new ArrayList<>(row.instance().attributes());
            attributes.removeIf(before -> before.name().equals(attribute.name()));
            attributes.add(Attribute.builder().name(attribute.name()).value(attribute.value()).build());
            if (attributes.stream().filter(Attributes::custom).count() > Attributes.CUSTOM_MAX) {
                throw EcsErrors.attributeLimitExceeded();
            }
            Attributes.put(draft, row, attributes);
            shown.add(Attributes.shown(row, attribute));
        }
        return draft.reply(PutAttributesResponse.builder().attributes(shown).build());
    }
}
