package dev.landfall.ecs.cluster;

import dev.landfall.ecs.EcsErrors;
import dev.landfall.ecs.EcsTables;
import dev.landfall.ecs.Scope;
import dev.landfall.state.Context;
import dev.landfall.state.Decision;
import dev.landfall.state.Image;
import dev.landfall.state.Write;
import software.amazon.awssdk.services.ecs.model.Cluster;
import software.amazon.awssdk.services.ecs.model.UpdateClusterSettingsRequest;
import software.amazon.awssdk.services.ecs.model.UpdateClusterSettingsResponse;

/** Changes the settings of a cluster. */
public final class UpdateClusterSettings {
    private UpdateClusterSettings() {}

    public static Decision<UpdateClusterSettingsResponse> decide(
            Image image, UpdateClusterSettingsRequest request, Scope scope, Context context) {
        Cluster old = Clusters.requireForChange(image, scope, request.cluster()).cluster();
        if (request.settings().isEmpty()) {
            throw EcsErrors.invalidParameter("Settings cannot be empty.");
        }
        Cluster cluster = old.toBuilder()
                .settings(ClusterRules.settings(old.settings(), request.settings()))
                .build();
        return Decision.of(
                UpdateClusterSettingsResponse.builder().cluster(ClusterCounts.counted(image, cluster)).build(),
                Write.put(EcsTables.CLUSTERS, new ClusterRow(cluster)));
    }
}
