package dev.landfall.ecs.task;

import dev.landfall.ecs.EcsErrors;
import dev.landfall.ecs.Scope;
import dev.landfall.ecs.cluster.ClusterRow;
import dev.landfall.ecs.cluster.Clusters;
import dev.landfall.state.Image;
import java.util.ArrayList;
import software.amazon.awssdk.services.ecs.model.DescribeTasksRequest;
import software.amazon.awssdk.services.ecs.model.DescribeTasksResponse;
import software.amazon.awssdk.services.ecs.model.Failure;
import software.amazon.awssdk.services.ecs.model.Task;
import software.amazon.awssdk.services.ecs.model.TaskField;

/** Shows up to 100 tasks; those that stopped are shown for an hour. */
public final class DescribeTasks {
    private static final int MAX = 100;

    private DescribeTasks() {}

    public static DescribeTasksResponse read(Image image, DescribeTasksRequest request, Scope scope) {
        ClusterRow cluster = Clusters.require(image, scope, request.cluster());
        if (request.tasks().isEmpty()) {
            throw EcsErrors.invalidParameter("Tasks cannot be empty.");
        }
        if (request.tasks().size() > MAX) {
            throw EcsErrors.invalidParameter("taskIds can have at most " + MAX + " items.");
        }
        boolean tags = request.include().contains(TaskField.TAGS);
        var found = new ArrayList<Task>();
        var failures = new ArrayList<Failure>();
        for (String id : request.tasks()) {
            Tasks.find(image, scope, cluster, id).ifPresentOrElse(
                    row -> found.add(tags ? ShownTask.of(row) : ShownTask.withoutTags(row)),
                    () -> failures.add(Failure.builder()
                            .arn(Tasks.arn(scope, cluster, id)).reason("MISSING").build()));
        }
        return DescribeTasksResponse.builder().tasks(found).failures(failures).build();
    }
}
