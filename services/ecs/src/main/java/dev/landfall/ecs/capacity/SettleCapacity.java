package dev.landfall.ecs.capacity;

import dev.landfall.ecs.EcsTables;
import dev.landfall.ecs.cluster.ClusterRow;
import dev.landfall.state.Context;
import dev.landfall.state.Decision;
import dev.landfall.state.Draft;
import dev.landfall.state.Image;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.services.ecs.model.CapacityProviderStatus;
import software.amazon.awssdk.services.ecs.model.CapacityProviderUpdateStatus;
import software.amazon.awssdk.services.ecs.model.Cluster;

/** Completes what is in progress at a cluster's attachments, or at a capacity provider. */
final class SettleCapacity {
    private SettleCapacity() {}

    static Decision<Optional<Duration>> ofCluster(Image image, String clusterArn) {
        var draft = new Draft(image);
        image.get(EcsTables.CLUSTERS, clusterArn)
                .filter(row -> Attachments.inProgress(row.cluster()))
                .ifPresent(row ->
                        draft.put(EcsTables.CLUSTERS, new ClusterRow(Attachments.settled(row.cluster()))));
        return draft.reply(Optional.empty());
    }

    static Decision<Optional<Duration>> ofProvider(Image image, String providerArn, Context context) {
        var draft = new Draft(image);
        image.get(EcsTables.CAPACITY_PROVIDERS, providerArn)
                .filter(CapacityProviderRow::inProgress)
                .ifPresent(row -> {
                    if (row.provider().updateStatus() == CapacityProviderUpdateStatus.DELETE_IN_PROGRESS) {
                        delete(draft, row);
                    } else {
                        update(draft, row, context);
                    }
                });
        return draft.reply(Optional.empty());
    }

    private static void delete(Draft draft, CapacityProviderRow row) {
        List<Cluster> clusters = Attachments.clustersOf(draft.image(), row);
        var next = row.provider().toBuilder();
        if (clusters.isEmpty()) {
            next.status(CapacityProviderStatus.INACTIVE).updateStatus(CapacityProviderUpdateStatus.DELETE_COMPLETE);
        } else {
            next.updateStatus(CapacityProviderUpdateStatus.DELETE_FAILED)
                    .updateStatusReason("The capacity provider cannot be deleted because it is associated with "
                            + "cluster: " + clusters.getFirst().clusterName()
                            + ". Remove the capacity provider from the cluster and try again.");
        }
        draft.put(EcsTables.CAPACITY_PROVIDERS, row.with(next.build()));
    }

    private static void update(Draft draft, CapacityProviderRow row, Context context) {
        draft.put(EcsTables.CAPACITY_PROVIDERS, row.with(row.provider().toBuilder()
                .autoScalingGroupProvider(row.next())
                .updateStatus(CapacityProviderUpdateStatus.UPDATE_COMPLETE)
                .build()));
        for (Cluster cluster : Attachments.clustersOf(draft.image(), row)) {
            draft.put(EcsTables.CLUSTERS, new ClusterRow(Attachments.begun(draft.image(), cluster, context)));
        }
    }
}
