package dev.landfall.ecs.cluster;

import dev.landfall.ecs.EcsErrors;
import dev.landfall.ecs.EcsTables;
import dev.landfall.ecs.Quotas;
import dev.landfall.ecs.Scope;
import dev.landfall.ecs.account.AccountSettings;
import dev.landfall.ecs.capacity.Attachments;
import dev.landfall.ecs.capacity.CapacityProviders;
import dev.landfall.ecs.tag.Tags;
import dev.landfall.state.Context;
import dev.landfall.state.Decision;
import dev.landfall.state.Draft;
import dev.landfall.state.Image;
import dev.landfall.state.Write;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.services.ecs.model.Cluster;
import software.amazon.awssdk.services.ecs.model.ClusterSetting;
import software.amazon.awssdk.services.ecs.model.ClusterSettingName;
import software.amazon.awssdk.services.ecs.model.CreateClusterRequest;
import software.amazon.awssdk.services.ecs.model.CreateClusterResponse;
import software.amazon.awssdk.services.ecs.model.SettingName;

/** Creates a cluster, or answers the one of that name, so that a repeated request is no mistake. */
public final class CreateCluster {
    private CreateCluster() {}

    public static Decision<CreateClusterResponse> decide(
            Image image, CreateClusterRequest request, Scope scope, Context context) {
        String name = request.clusterName() == null ? Clusters.DEFAULT : request.clusterName();
        if (!Clusters.validName(name)) {
            throw EcsErrors.invalidParameter("Cluster name must match ^[a-zA-Z0-9\\-_]{1,255}$, but was " + name);
        }
        Cluster wanted = Attachments.begun(image, cluster(image, request, scope, name), context);
        Optional<ClusterRow> existing = Clusters.findActive(image, scope, name);
        if (existing.isPresent()) {
            requireConsistent(request, wanted, existing.get().cluster());
            return Decision.of(response(image, existing.get().cluster()));
        }
        requireRoom(image, scope);
        return Decision.of(response(image, wanted), Write.put(EcsTables.CLUSTERS, new ClusterRow(wanted)));
    }

    private static void requireRoom(Image image, Scope scope) {
        Quotas.requireRoom(image.count(EcsTables.CLUSTERS, EcsTables.CLUSTERS_BY_SCOPE, EcsTables.scopeKey(scope)),
                Quotas.CLUSTERS_PER_ACCOUNT, "clusters");
    }

    /** The cluster {@code default}, with the capacity of FARGATE, made if it is not there. */
    public static ClusterRow orDefault(Draft draft, Scope scope, Context context) {
        Optional<ClusterRow> existing = Clusters.findActive(draft.image(), scope, Clusters.DEFAULT);
        if (existing.isPresent()) {
            return existing.get();
        }
        requireRoom(draft.image(), scope);
        var request = CreateClusterRequest.builder().capacityProviders("FARGATE").build();
        var made = new ClusterRow(Attachments.begun(
                draft.image(), cluster(draft.image(), request, scope, Clusters.DEFAULT), context));
        draft.put(EcsTables.CLUSTERS, made);
        return made;
    }

    private static Cluster cluster(Image image, CreateClusterRequest request, Scope scope, String name) {
        List<String> providers = CapacityProviders.validated(image, scope, request.capacityProviders());
        var insights = ClusterSetting.builder()
                .name(ClusterSettingName.CONTAINER_INSIGHTS)
                .value(AccountSettings.value(image, scope, SettingName.CONTAINER_INSIGHTS))
                .build();
        var cluster = Cluster.builder()
                .clusterArn(Clusters.arn(scope, name))
                .clusterName(name)
                .status(Clusters.ACTIVE)
                .settings(ClusterRules.settings(List.of(insights), request.settings()))
                .capacityProviders(providers)
                .defaultCapacityProviderStrategy(
                        CapacityProviders.validated(request.defaultCapacityProviderStrategy(), providers))
                .tags(Tags.validated(request.tags()));
        if (request.configuration() != null) {
            cluster.configuration(ClusterRules.validated(request.configuration()));
        }
        if (request.serviceConnectDefaults() != null) {
            cluster.serviceConnectDefaults(ClusterRules.serviceConnect(request.serviceConnectDefaults()));
        }
        return cluster.build();
    }

    /**
     * A repeated request may leave out what the first one said of capacity, but not contradict it. Tags, settings and
     * configuration are not compared: whoever creates a cluster that is there gets it as it is (issue 38875 of the
     * Terraform provider, where one with other tags is taken over).
     */
    private static void requireConsistent(CreateClusterRequest request, Cluster wanted, Cluster existing) {
        boolean consistent = (request.capacityProviders().isEmpty()
                        || wanted.capacityProviders().equals(existing.capacityProviders()))
                && (request.defaultCapacityProviderStrategy().isEmpty()
                        || wanted.defaultCapacityProviderStrategy().equals(existing.defaultCapacityProviderStrategy()));
        if (!consistent) {
            throw EcsErrors.invalidParameter("Arguments on this idempotent request are inconsistent with arguments "
                    + "used in previous request(s).");
        }
    }

    private static CreateClusterResponse response(Image image, Cluster cluster) {
        return CreateClusterResponse.builder()
                .cluster(ClusterCounts.counted(image, cluster).toBuilder().statistics(List.of()).build())
                .build();
    }
}
