package dev.landfall.ecs.daemontask;

import dev.landfall.ecs.EcsErrors;
import dev.landfall.ecs.EcsTables;
import dev.landfall.ecs.Scope;
import dev.landfall.state.Context;
import dev.landfall.state.Decision;
import dev.landfall.state.Image;
import dev.landfall.state.Write;
import java.time.temporal.ChronoUnit;
import software.amazon.awssdk.services.ecs.model.DaemonTaskDefinitionStatus;
import software.amazon.awssdk.services.ecs.model.DeleteDaemonTaskDefinitionRequest;
import software.amazon.awssdk.services.ecs.model.DeleteDaemonTaskDefinitionResponse;

/** Deletes an ACTIVE revision of a daemon task definition: it is DELETE_IN_PROGRESS, and gone a while later. */
public final class DeleteDaemonTaskDefinition {
    private DeleteDaemonTaskDefinition() {}

    public static Decision<DeleteDaemonTaskDefinitionResponse> decide(
            Image image, DeleteDaemonTaskDefinitionRequest request, Scope scope, Context context) {
        DaemonTaskDefinitionRow row =
                DaemonTaskDefinitions.requireRevision(image, scope, request.daemonTaskDefinition());
        if (row.definition().status() != DaemonTaskDefinitionStatus.ACTIVE) {
            throw EcsErrors.client("A daemon task definition must be in an ACTIVE state to be deleted.");
        }
        var deleted = new DaemonTaskDefinitionRow(
                row.definition().toBuilder()
                        .status(DaemonTaskDefinitionStatus.DELETE_IN_PROGRESS)
                        .deleteRequestedAt(context.now().truncatedTo(ChronoUnit.MILLIS))
                        .build(),
                row.tags());
        return Decision.of(
                DeleteDaemonTaskDefinitionResponse.builder().daemonTaskDefinitionArn(row.arn()).build(),
                Write.put(EcsTables.DAEMON_TASK_DEFINITIONS, deleted));
    }
}
