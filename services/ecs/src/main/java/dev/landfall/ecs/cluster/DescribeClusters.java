package dev.landfall.ecs.cluster;

import dev.landfall.ecs.EcsErrors;
import dev.landfall.ecs.Scope;
import dev.landfall.state.Image;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.services.ecs.model.Attachment;
import software.amazon.awssdk.services.ecs.model.Cluster;
import software.amazon.awssdk.services.ecs.model.ClusterConfiguration;
import software.amazon.awssdk.services.ecs.model.ClusterField;
import software.amazon.awssdk.services.ecs.model.DescribeClustersRequest;
import software.amazon.awssdk.services.ecs.model.DescribeClustersResponse;
import software.amazon.awssdk.services.ecs.model.Failure;

/** Describes clusters; also deleted ones, as INACTIVE. */
public final class DescribeClusters {
    private static final int CLUSTERS_MAX = 100;

    private DescribeClusters() {}

    public static DescribeClustersResponse read(Image image, DescribeClustersRequest request, Scope scope) {
        List<String> names = request.clusters().isEmpty() ? List.of(Clusters.DEFAULT) : request.clusters();
        if (names.size() > CLUSTERS_MAX) {
            throw EcsErrors.invalidParameter("Clusters can have at most 100 items.");
        }
        if (request.include().contains(ClusterField.UNKNOWN_TO_SDK_VERSION)) {
            throw EcsErrors.invalidParameter("Invalid include value: " + request.includeAsStrings());
        }
        var clusters = new ArrayList<Cluster>();
        var failures = new ArrayList<Failure>();
        for (String name : names) {
            Optional<ClusterRow> row = Clusters.find(image, scope, name);
            row.ifPresent(found -> clusters.add(view(image, found.cluster(), request.include())));
            if (row.isEmpty()) {
                failures.add(Failure.builder().arn(Clusters.arn(scope, name)).reason("MISSING").build());
            }
        }
        return DescribeClustersResponse.builder().clusters(clusters).failures(failures).build();
    }

    /** What a caller who asked for {@code include} sees. */
    private static Cluster view(Image image, Cluster cluster, List<ClusterField> include) {
        var view = ClusterCounts.counted(image, cluster).toBuilder();
        view.statistics(include.contains(ClusterField.STATISTICS)
                ? ClusterCounts.statistics(image, cluster.clusterArn()) : List.of());
        if (!include.contains(ClusterField.TAGS)) {
            view.tags(List.of());
        }
        if (!include.contains(ClusterField.SETTINGS)) {
            view.settings(List.of());
        }
        if (!include.contains(ClusterField.CONFIGURATIONS)) {
            view.configuration((ClusterConfiguration) null);
        }
        if (!include.contains(ClusterField.ATTACHMENTS)) {
            view.attachments((List<Attachment>) null).attachmentsStatus(null);
        } else if (!cluster.hasAttachments()) {
            view.attachments(List.of());
        }
        return view.build();
    }
}
