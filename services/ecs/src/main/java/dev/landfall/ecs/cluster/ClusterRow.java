package dev.landfall.ecs.cluster;

import software.amazon.awssdk.services.ecs.model.Cluster;

/** A cluster as the API shows it, without the counts, which are counted when asked for. Tags are kept in it. */
public record ClusterRow(Cluster cluster) {
    public String arn() {
        return cluster.clusterArn();
    }
}
