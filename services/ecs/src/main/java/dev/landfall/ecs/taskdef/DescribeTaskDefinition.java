package dev.landfall.ecs.taskdef;

import dev.landfall.ecs.EcsErrors;
import dev.landfall.ecs.Scope;
import dev.landfall.state.Image;
import software.amazon.awssdk.services.ecs.model.DescribeTaskDefinitionRequest;
import software.amazon.awssdk.services.ecs.model.DescribeTaskDefinitionResponse;
import software.amazon.awssdk.services.ecs.model.TaskDefinitionField;

/** Describes a revision in whatever status; of a family alone its latest ACTIVE one. */
public final class DescribeTaskDefinition {
    private DescribeTaskDefinition() {}

    public static DescribeTaskDefinitionResponse read(
            Image image, DescribeTaskDefinitionRequest request, Scope scope) {
        if (request.include().contains(TaskDefinitionField.UNKNOWN_TO_SDK_VERSION)) {
            throw EcsErrors.invalidParameter("Invalid include value: " + request.includeAsStrings());
        }
        TaskDefinitionRow row = TaskDefinitions.find(image, scope, request.taskDefinition())
                .orElseThrow(() -> EcsErrors.client("Unable to describe task definition."));
        var response = DescribeTaskDefinitionResponse.builder().taskDefinition(row.definition());
        if (request.include().contains(TaskDefinitionField.TAGS)) {
            response.tags(row.tags());
        }
        return response.build();
    }
}
