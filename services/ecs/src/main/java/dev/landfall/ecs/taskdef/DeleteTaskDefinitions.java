package dev.landfall.ecs.taskdef;

import dev.landfall.ecs.EcsErrors;
import dev.landfall.ecs.EcsTables;
import dev.landfall.ecs.Scope;
import dev.landfall.state.Context;
import dev.landfall.state.Decision;
import dev.landfall.state.Draft;
import dev.landfall.state.Image;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.services.ecs.model.DeleteTaskDefinitionsRequest;
import software.amazon.awssdk.services.ecs.model.DeleteTaskDefinitionsResponse;
import software.amazon.awssdk.services.ecs.model.Failure;
import software.amazon.awssdk.services.ecs.model.TaskDefinition;
import software.amazon.awssdk.services.ecs.model.TaskDefinitionStatus;

/**
 * Asks for INACTIVE revisions to be deleted. They stay, as DELETE_IN_PROGRESS, until {@link UnusedTaskDefinitions}
 * finds that nothing uses them.
 */
public final class DeleteTaskDefinitions {
    private static final int DEFINITIONS_MAX = 10;

    private DeleteTaskDefinitions() {}

    public static Decision<DeleteTaskDefinitionsResponse> decide(
            Image image, DeleteTaskDefinitionsRequest request, Scope scope, Context context) {
        List<String> names = request.taskDefinitions();
        if (names.isEmpty() || names.size() > DEFINITIONS_MAX) {
            throw EcsErrors.invalidParameter("Specify between 1 and 10 task definitions.");
        }
        var deleted = new ArrayList<TaskDefinition>();
        var failures = new ArrayList<Failure>();
        var draft = new Draft(image);
        for (String name : names) {
            Reference reference = Reference.parse(scope, name).requireRevision();
            Optional<TaskDefinitionRow> row = TaskDefinitions.find(draft.image(), scope, reference);
            Optional<String> refusal = refusal(row);
            if (refusal.isPresent()) {
                failures.add(Failure.builder().arn(reference.arn()).reason(refusal.get()).build());
                continue;
            }
            TaskDefinition definition = row.orElseThrow().definition().toBuilder()
                    .status(TaskDefinitionStatus.DELETE_IN_PROGRESS)
                    .deleteRequestedAt(context.now().truncatedTo(ChronoUnit.MILLIS))
                    .build();
            draft.put(EcsTables.TASK_DEFINITIONS, new TaskDefinitionRow(definition, row.orElseThrow().tags()));
            deleted.add(definition);
        }
        return draft.reply(
                DeleteTaskDefinitionsResponse.builder().taskDefinitions(deleted).failures(failures).build());
    }

    private static Optional<String> refusal(Optional<TaskDefinitionRow> row) {
        if (row.isEmpty()) {
            return Optional.of(DeregisterTaskDefinition.UNKNOWN);
        }
        TaskDefinitionStatus status = row.get().definition().status();
        if (status == TaskDefinitionStatus.INACTIVE) {
            return Optional.empty();
        }
        return Optional.of(status == TaskDefinitionStatus.ACTIVE
                ? "The specified task definition is still in ACTIVE status. Please deregister the target and try again."
                : "The specified task definition is already in DELETE_IN_PROGRESS status.");
    }
}
