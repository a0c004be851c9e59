package dev.landfall.ecs.cluster;

import dev.landfall.ecs.EcsErrors;
import dev.landfall.ecs.EcsTables;
import dev.landfall.ecs.Scope;
import dev.landfall.ecs.taskset.TaskSets;
import dev.landfall.state.Context;
import dev.landfall.state.Decision;
import dev.landfall.state.Image;
import dev.landfall.state.Write;
import java.util.List;
import java.util.stream.Stream;
import software.amazon.awssdk.services.ecs.model.Cluster;
import software.amazon.awssdk.services.ecs.model.PutClusterCapacityProvidersRequest;
import software.amazon.awssdk.services.ecs.model.PutClusterCapacityProvidersResponse;

/** Replaces a cluster's capacity providers and default strategy. One that tasks or services use stays. */
public final class PutClusterCapacityProviders {
    private PutClusterCapacityProviders() {}

    public static Decision<PutClusterCapacityProvidersResponse> decide(
            Image image, PutClusterCapacityProvidersRequest request, Scope scope, Context context) {
        Cluster old = Clusters.requireForChange(image, scope, request.cluster()).cluster();
        List<String> providers = CapacityProviders.validated(request.capacityProviders());
        var strategy = CapacityProviders.validated(request.defaultCapacityProviderStrategy(), providers);
        for (String provider : old.capacityProviders()) {
            if (!providers.contains(provider) && used(image, old.clusterArn(), provider)) {
                throw EcsErrors.resourceInUse("The specified capacity provider is in use and cannot be removed.");
            }
        }
        Cluster cluster = old.toBuilder()
                .capacityProviders(providers)
                .defaultCapacityProviderStrategy(strategy)
                .build();
        return Decision.of(
                PutClusterCapacityProvidersResponse.builder().cluster(ClusterCounts.counted(image, cluster)).build(),
                Write.put(EcsTables.CLUSTERS, new ClusterRow(cluster)));
    }

    private static boolean used(Image image, String clusterArn, String provider) {
        return image.find(EcsTables.SERVICES, EcsTables.SERVICES_BY_CLUSTER, clusterArn).stream()
                        .flatMap(row -> Stream.concat(row.service().capacityProviderStrategy().stream(),
                                TaskSets.of(image, row.arn()).stream()
                                        .flatMap(set -> set.taskSet().capacityProviderStrategy().stream())))
                        .anyMatch(item -> provider.equals(item.capacityProvider()))
                || image.count(EcsTables.TASKS, EcsTables.TASKS_BY_PROVIDER, clusterArn + '|' + provider) > 0;
    }
}
