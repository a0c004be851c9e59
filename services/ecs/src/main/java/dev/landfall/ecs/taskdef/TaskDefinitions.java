package dev.landfall.ecs.taskdef;

import dev.landfall.ecs.EcsErrors;
import dev.landfall.ecs.EcsTables;
import dev.landfall.ecs.Scope;
import dev.landfall.state.Image;
import java.util.SortedSet;
import java.util.Optional;
import software.amazon.awssdk.services.ecs.model.TaskDefinitionStatus;

/** Looks task definitions up by what a caller calls them: {@code family}, {@code family:revision} or an ARN. */
public final class TaskDefinitions {
    private TaskDefinitions() {}

    /**
     * The revision in whatever status; of a family alone its latest ACTIVE one. Those of other accounts and regions are
     * not found.
     *
     * @param name what the caller sent, or null
     */
    public static Optional<TaskDefinitionRow> find(Image image, Scope scope, String name) {
        return find(image, scope, Reference.parse(scope, name));
    }

    /**
     * The revision that new tasks and services may use.
     *
     * @param name what the caller sent, or null
     */
    public static TaskDefinitionRow require(Image image, Scope scope, String name) {
        TaskDefinitionRow row = find(image, scope, name)
                .orElseThrow(() -> EcsErrors.client("TaskDefinition not found."));
        if (row.definition().status() != TaskDefinitionStatus.ACTIVE) {
            throw EcsErrors.client("TaskDefinition is inactive");
        }
        return row;
    }

    /** The revision of this ARN, which is one of ours; looked up for every task that starts. */
    public static Optional<TaskDefinitionRow> byArn(Image image, String arn) {
        int family = arn.lastIndexOf('/') + 1;
        int colon = arn.lastIndexOf(':');
        return image.get(EcsTables.TASK_DEFINITIONS, EcsTables.revisionKey(Scope.of(arn),
                arn.substring(family, colon), Integer.parseInt(arn, colon + 1, arn.length(), 10)));
    }

    static Optional<TaskDefinitionRow> find(Image image, Scope scope, Reference reference) {
        if (!reference.scope().equals(scope)) {
            return Optional.empty();
        }
        if (reference.revision().isEmpty()) {
            return latestActive(image, reference.scope(), reference.family());
        }
        return image.get(EcsTables.TASK_DEFINITIONS,
                EcsTables.revisionKey(reference.scope(), reference.family(), reference.revision().getAsInt()));
    }

    static Optional<TaskDefinitionRow> latestActive(Image image, Scope scope, String family) {
        var revisions = revisions(image, scope, family, TaskDefinitionStatus.ACTIVE);
        return revisions.isEmpty()
                ? Optional.empty()
                : image.get(EcsTables.TASK_DEFINITIONS, revisions.last());
    }

    /** The keys of a family's revisions in a status, oldest first. */
    static SortedSet<String> revisions(Image image, Scope scope, String family, TaskDefinitionStatus status) {
        String first = EcsTables.revisionKey(scope, family, 0);
        String last = EcsTables.revisionKey(scope, family, Integer.MAX_VALUE);
        return revisions(image, scope, status).subSet(first, last + '\0');
    }

    /** The keys of all revisions in a status, by family and then oldest first. */
    static SortedSet<String> revisions(Image image, Scope scope, TaskDefinitionStatus status) {
        return image.keys(EcsTables.TASK_DEFINITIONS, EcsTables.REVISIONS_BY_STATUS,
                EcsTables.scopeKey(scope) + '|' + status);
    }
}
