package dev.landfall.ecs.taskdef;

import dev.landfall.ecs.EcsErrors;
import dev.landfall.ecs.EcsTables;
import dev.landfall.ecs.Scope;
import dev.landfall.state.Context;
import dev.landfall.state.Decision;
import dev.landfall.state.Image;
import dev.landfall.state.Write;
import java.time.temporal.ChronoUnit;
import software.amazon.awssdk.services.ecs.model.DeregisterTaskDefinitionRequest;
import software.amazon.awssdk.services.ecs.model.DeregisterTaskDefinitionResponse;
import software.amazon.awssdk.services.ecs.model.TaskDefinitionStatus;

/** Makes a revision INACTIVE: what uses it goes on, but nothing new may. Repeating it is no mistake. */
public final class DeregisterTaskDefinition {
    static final String UNKNOWN =
            "The specified task definition does not exist. Specify a valid account, family, revision and try again.";

    private DeregisterTaskDefinition() {}

    public static Decision<DeregisterTaskDefinitionResponse> decide(
            Image image, DeregisterTaskDefinitionRequest request, Scope scope, Context context) {
        Reference reference = Reference.parse(scope, request.taskDefinition()).requireRevision();
        TaskDefinitionRow row = TaskDefinitions.find(image, scope, reference)
                .orElseThrow(() -> EcsErrors.client(UNKNOWN));
        if (row.definition().status() != TaskDefinitionStatus.ACTIVE) {
            return Decision.of(response(row));
        }
        var inactive = new TaskDefinitionRow(
                row.definition().toBuilder()
                        .status(TaskDefinitionStatus.INACTIVE)
                        .deregisteredAt(context.now().truncatedTo(ChronoUnit.MILLIS))
                        .build(),
                row.tags());
        return Decision.of(response(inactive), Write.put(EcsTables.TASK_DEFINITIONS, inactive));
    }

    private static DeregisterTaskDefinitionResponse response(TaskDefinitionRow row) {
        return DeregisterTaskDefinitionResponse.builder().taskDefinition(row.definition()).build();
    }
}
