package dev.landfall.ecs.cluster;

import dev.landfall.ecs.EcsTables;
import dev.landfall.ecs.Scope;
import dev.landfall.state.Context;
import dev.landfall.state.Decision;
import dev.landfall.state.Image;
import dev.landfall.state.Write;
import software.amazon.awssdk.services.ecs.model.Cluster;
import software.amazon.awssdk.services.ecs.model.UpdateClusterRequest;
import software.amazon.awssdk.services.ecs.model.UpdateClusterResponse;

/** Changes what the request names of a cluster, and leaves the rest. */
public final class UpdateCluster {
    private UpdateCluster() {}

    public static Decision<UpdateClusterResponse> decide(
            Image image, UpdateClusterRequest request, Scope scope, Context context) {
        Cluster old = Clusters.requireForChange(image, scope, request.cluster()).cluster();
        var next = old.toBuilder().settings(ClusterRules.settings(old.settings(), request.settings()));
        if (request.configuration() != null) {
            next.configuration(ClusterRules.validated(request.configuration()));
        }
        if (request.serviceConnectDefaults() != null) {
            next.serviceConnectDefaults(ClusterRules.serviceConnect(request.serviceConnectDefaults()));
        }
        Cluster cluster = next.build();
        return Decision.of(
                UpdateClusterResponse.builder().cluster(ClusterCounts.counted(image, cluster)).build(),
                Write.put(EcsTables.CLUSTERS, new ClusterRow(cluster)));
    }
}
