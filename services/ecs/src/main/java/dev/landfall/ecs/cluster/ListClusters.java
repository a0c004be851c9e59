package dev.landfall.ecs.cluster;

import dev.landfall.ecs.EcsTables;
import dev.landfall.ecs.Page;
import dev.landfall.ecs.Scope;
import dev.landfall.state.Image;
import software.amazon.awssdk.services.ecs.model.ListClustersRequest;
import software.amazon.awssdk.services.ecs.model.ListClustersResponse;

/** Lists the clusters that are ACTIVE, by name. */
public final class ListClusters {
    private static final int PAGE_MAX = 100;

    private ListClusters() {}

    public static ListClustersResponse read(Image image, ListClustersRequest request, Scope scope) {
        Page page = Page.of("ListClusters " + EcsTables.scopeKey(scope), Clusters.active(image, scope), arn -> true,
                request.nextToken(), request.maxResults(), PAGE_MAX);
        return ListClustersResponse.builder()
                .clusterArns(page.keys())
                .nextToken(page.nextToken().orElse(null))
                .build();
    }
}
