package dev.landfall.ecs.taskset;

import dev.landfall.ecs.EcsErrors;
import dev.landfall.ecs.Scope;
import dev.landfall.state.Image;
import java.util.ArrayList;
import java.util.List;
import software.amazon.awssdk.services.ecs.model.DescribeTaskSetsRequest;
import software.amazon.awssdk.services.ecs.model.DescribeTaskSetsResponse;
import software.amazon.awssdk.services.ecs.model.Failure;
import software.amazon.awssdk.services.ecs.model.TaskSet;
import software.amazon.awssdk.services.ecs.model.TaskSetField;

/** Shows the task sets that the caller names; a service's own description has all of them. */
public final class DescribeTaskSets {
    private DescribeTaskSets() {}

    public static DescribeTaskSetsResponse read(Image image, DescribeTaskSetsRequest request, Scope scope) {
        var place = TaskSetRules.place(image, scope, request.cluster(), request.service());
        if (request.taskSets().isEmpty()) { // AWS refuses this, though its model has the member optional
            throw EcsErrors.invalidParameter("TaskSets cannot be empty.");
        }
        boolean tags = request.include().contains(TaskSetField.TAGS);
        var found = new ArrayList<TaskSet>();
        var failures = new ArrayList<Failure>();
        for (String name : request.taskSets()) {
            TaskSets.find(image, place.service(), name).ifPresentOrElse(
                    row -> {
                        TaskSet taskSet = TaskSets.describe(image, row);
                        found.add(tags ? taskSet : taskSet.toBuilder().tags(List.of()).build());
                    },
                    () -> failures.add(Failure.builder()
                            .arn(TaskSets.arnOf(place.service(), name)).reason("MISSING").build()));
        }
        return DescribeTaskSetsResponse.builder().taskSets(found).failures(failures).build();
    }
}
