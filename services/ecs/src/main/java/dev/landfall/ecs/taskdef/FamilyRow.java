package dev.landfall.ecs.taskdef;

import dev.landfall.ecs.EcsErrors;
import java.util.Optional;

/**
 * A family and the number of its newest revision. It outlives its revisions, so that no number is ever given twice.
 *
 * @param key as {@link dev.landfall.ecs.EcsTables#familyKey} makes it
 */
public record FamilyRow(String key, String family, int lastRevision) {
    /** Service quota "Task definition revisions per task definition family". */
    public static final int REVISIONS_MAX = 1_000_000;

    /**
     * The number of the next revision.
     *
     * @throws software.amazon.awssdk.services.ecs.model.LimitExceededException if there can be none
     */
    public static int next(Optional<FamilyRow> family) {
        int last = family.map(FamilyRow::lastRevision).orElse(0);
        if (last >= REVISIONS_MAX) {
            throw EcsErrors.limitExceeded("The maximum number of revisions for a task definition family has been "
                    + "reached.");
        }
        return last + 1;
    }
}
