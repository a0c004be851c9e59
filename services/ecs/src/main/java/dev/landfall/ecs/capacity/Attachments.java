package dev.landfall.ecs.capacity;

import dev.landfall.ecs.EcsTables;
import dev.landfall.ecs.Scope;
import dev.landfall.ecs.Uuids;
import dev.landfall.state.Context;
import dev.landfall.state.Image;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.services.ecs.model.Attachment;
import software.amazon.awssdk.services.ecs.model.AutoScalingGroupProvider;
import software.amazon.awssdk.services.ecs.model.Cluster;
import software.amazon.awssdk.services.ecs.model.KeyValuePair;
import software.amazon.awssdk.services.ecs.model.ManagedDraining;
import software.amazon.awssdk.services.ecs.model.ManagedScalingStatus;

/**
 * A cluster's attachments: what its capacity providers have ECS manage of their Auto Scaling groups, a scaling policy
 * and a termination hook each. New ones are PRECREATED and old ones DELETING, and the cluster UPDATE_IN_PROGRESS, until
 * {@link SettleCapacity} has settled them (ECS Developer Guide, capacity providers to safely shut down instances).
 */
public final class Attachments {
    private static final String SCALING = "as_policy";
    private static final String DRAINING = "managed_draining";
    private static final String IN_PROGRESS = "UPDATE_IN_PROGRESS";

    private Attachments() {}

    /** Whether the cluster's providers cannot be changed right now. */
    public static boolean inProgress(Cluster cluster) {
        return IN_PROGRESS.equals(cluster.attachmentsStatus());
    }

    /** The cluster with the attachments that its providers need. */
    public static Cluster begun(Image image, Cluster cluster, Context context) {
        Scope scope = Scope.of(cluster.clusterArn());
        var next = new ArrayList<Attachment>();
        for (String name : cluster.capacityProviders()) {
            Optional<AutoScalingGroupProvider> group =
                    CapacityProviders.active(image, CapacityProviders.arn(scope, name))
                            .map(row -> row.provider().autoScalingGroupProvider());
            if (group.isPresent() && group.get().managedScaling().status() == ManagedScalingStatus.ENABLED) {
                next.add(find(cluster, SCALING, name).orElseGet(() -> attachment(SCALING, name, "scalingPolicyName",
                        "ECSManagedAutoScalingPolicy-" + Uuids.of(context), context)));
            }
            if (group.isPresent() && group.get().managedDraining() == ManagedDraining.ENABLED) {
                next.add(find(cluster, DRAINING, name).orElseGet(() -> attachment(DRAINING, name,
                        "autoScalingLifecycleHookName", "ecs-managed-draining-termination-hook", context)));
            }
        }
        for (Attachment old : cluster.attachments()) {
            if (next.stream().noneMatch(each -> each.id().equals(old.id()))) {
                next.add(old.toBuilder().status("DELETING").build());
            }
        }
        return next.equals(cluster.attachments()) ? cluster
                : cluster.toBuilder().attachments(next).attachmentsStatus(IN_PROGRESS).build();
    }

    /** The cluster once all of that is done. */
    static Cluster settled(Cluster cluster) {
        return cluster.toBuilder()
                .attachments(cluster.attachments().stream()
                        .filter(each -> !"DELETING".equals(each.status()))
                        .map(each -> each.toBuilder().status("CREATED").build())
                        .toList())
                .attachmentsStatus("UPDATE_COMPLETE")
                .build();
    }

    private static Optional<Attachment> find(Cluster cluster, String type, String provider) {
        return cluster.attachments().stream()
                .filter(each -> each.type().equals(type) && !"DELETING".equals(each.status())
                        && each.details().getFirst().value().equals(provider))
                .findFirst();
    }

    private static Attachment attachment(String type, String provider, String name, String value, Context context) {
        return Attachment.builder()
                .id(Uuids.of(context))
                .type(type)
                .status("PRECREATED")
                .details(detail("capacityProviderName", provider), detail(name, value))
                .build();
    }

    private static KeyValuePair detail(String name, String value) {
        return KeyValuePair.builder().name(name).value(value).build();
    }

    /** The clusters that have the provider. */
    static List<Cluster> clustersOf(Image image, CapacityProviderRow row) {
        return image.find(EcsTables.CLUSTERS, EcsTables.CLUSTERS_BY_SCOPE, EcsTables.scopeKey(Scope.of(row.arn())))
                .stream()
                .map(cluster -> cluster.cluster())
                .filter(cluster -> cluster.capacityProviders().contains(row.provider().name()))
                .toList();
    }
}
