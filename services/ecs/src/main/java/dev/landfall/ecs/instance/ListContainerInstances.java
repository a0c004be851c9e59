package dev.landfall.ecs.instance;

import dev.landfall.ecs.EcsErrors;
import dev.landfall.ecs.EcsTables;
import dev.landfall.ecs.Page;
import dev.landfall.ecs.Scope;
import dev.landfall.ecs.cluster.ClusterRow;
import dev.landfall.ecs.cluster.Clusters;
import dev.landfall.state.Image;
import software.amazon.awssdk.services.ecs.model.ListContainerInstancesRequest;
import software.amazon.awssdk.services.ecs.model.ListContainerInstancesResponse;

/** Lists a cluster's container instances, those of all states but INACTIVE unless one is asked for. */
public final class ListContainerInstances {
    private static final int PAGE_MAX = 100;

    private ListContainerInstances() {}

    public static ListContainerInstancesResponse read(
            Image image, ListContainerInstancesRequest request, Scope scope) {
        ClusterRow cluster = Clusters.require(image, scope, request.cluster());
        if (request.filter() != null && !request.filter().isEmpty()) {
            throw EcsErrors.invalidParameter("Filter expressions are not supported yet by this version of Landfall.");
        }
        Page page = Page.of("ListContainerInstances " + cluster.arn(),
                image.keys(EcsTables.INSTANCES, EcsTables.INSTANCES_BY_CLUSTER, cluster.arn()),
                arn -> request.statusAsString() == null
                        || image.get(EcsTables.INSTANCES, arn).orElseThrow().instance().status()
                                .equals(request.statusAsString()),
                request.nextToken(), request.maxResults(), PAGE_MAX);
        return ListContainerInstancesResponse.builder()
                .containerInstanceArns(page.keys()).nextToken(page.nextToken().orElse(null)).build();
    }
}
