package dev.landfall.ecs.cluster;

import dev.landfall.ecs.EcsErrors;
import dev.landfall.ecs.EcsTables;
import dev.landfall.ecs.Scope;
import dev.landfall.state.Context;
import dev.landfall.state.Decision;
import dev.landfall.state.Image;
import dev.landfall.state.Write;
import software.amazon.awssdk.services.ecs.model.Cluster;
import software.amazon.awssdk.services.ecs.model.DeleteClusterRequest;
import software.amazon.awssdk.services.ecs.model.DeleteClusterResponse;

/** Makes an empty cluster INACTIVE; it can still be described, and created again. Repeating it is no mistake. */
public final class DeleteCluster {
    private DeleteCluster() {}

    public static Decision<DeleteClusterResponse> decide(
            Image image, DeleteClusterRequest request, Scope scope, Context context) {
        if (request.cluster() == null) {
            throw EcsErrors.invalidParameter("Cluster can not be blank.");
        }
        ClusterRow row = Clusters.find(image, scope, request.cluster()).orElseThrow(EcsErrors::clusterNotFound);
        if (!Clusters.active(row)) {
            return Decision.of(response(image, row.cluster()));
        }
        if (ClusterCounts.instances(image, row.arn()) > 0) {
            throw EcsErrors.clusterContainsContainerInstances();
        }
        if (ClusterCounts.activeServices(image, row.arn()) > 0) {
            throw EcsErrors.clusterContainsServices();
        }
        if (ClusterCounts.liveTasks(image, row.arn()) > 0) {
            throw EcsErrors.clusterContainsTasks();
        }
        Cluster cluster = row.cluster().toBuilder().status("INACTIVE").build();
        return Decision.of(response(image, cluster), Write.put(EcsTables.CLUSTERS, new ClusterRow(cluster)));
    }

    private static DeleteClusterResponse response(Image image, Cluster cluster) {
        return DeleteClusterResponse.builder().cluster(ClusterCounts.counted(image, cluster)).build();
    }
}
