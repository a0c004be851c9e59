package dev.landfall.ecs.instance;

import dev.landfall.ecs.EcsErrors;
import dev.landfall.ecs.Scope;
import dev.landfall.ecs.cluster.ClusterRow;
import dev.landfall.ecs.cluster.Clusters;
import dev.landfall.state.Image;
import java.util.ArrayList;
import java.util.List;
import software.amazon.awssdk.services.ecs.model.ContainerInstance;
import software.amazon.awssdk.services.ecs.model.ContainerInstanceField;
import software.amazon.awssdk.services.ecs.model.ContainerInstanceHealthStatus;
import software.amazon.awssdk.services.ecs.model.DescribeContainerInstancesRequest;
import software.amazon.awssdk.services.ecs.model.DescribeContainerInstancesResponse;
import software.amazon.awssdk.services.ecs.model.Failure;
import software.amazon.awssdk.services.ecs.model.Tag;

/** Shows up to 100 container instances. */
public final class DescribeContainerInstances {
    private static final int MAX = 100;

    private DescribeContainerInstances() {}

    public static DescribeContainerInstancesResponse read(
            Image image, DescribeContainerInstancesRequest request, Scope scope) {
        ClusterRow cluster = Clusters.require(image, scope, request.cluster());
        if (request.containerInstances().isEmpty()) {
            throw EcsErrors.invalidParameter("Container Instances cannot be empty.");
        }
        if (request.containerInstances().size() > MAX) {
            throw EcsErrors.invalidParameter("instanceIds can have at most " + MAX + " items.");
        }
        var found = new ArrayList<ContainerInstance>();
        var failures = new ArrayList<Failure>();
        for (String id : request.containerInstances()) {
            Instances.find(image, scope, cluster, id).ifPresentOrElse(
                    row -> found.add(shown(image, row, request)),
                    () -> failures.add(Failure.builder()
                            .arn(Instances.arn(scope, cluster, id)).reason("MISSING").build()));
        }
        return DescribeContainerInstancesResponse.builder().containerInstances(found).failures(failures).build();
    }

    private static ContainerInstance shown(
            Image image, InstanceRow row, DescribeContainerInstancesRequest request) {
        ContainerInstance instance = Instances.describe(image, row);
        List<Tag> tags = request.include().contains(ContainerInstanceField.TAGS) ? instance.tags() : List.of();
        var shown = instance.toBuilder().tags(tags);
        return request.include().contains(ContainerInstanceField.CONTAINER_INSTANCE_HEALTH)
                ? shown.build() : shown.healthStatus((ContainerInstanceHealthStatus) null).build();
    }
}
