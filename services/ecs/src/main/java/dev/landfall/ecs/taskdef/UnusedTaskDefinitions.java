package dev.landfall.ecs.taskdef;

import dev.landfall.ecs.EcsTables;
import dev.landfall.ecs.service.ServiceRow;
import dev.landfall.state.Context;
import dev.landfall.state.Decision;
import dev.landfall.state.Draft;
import dev.landfall.state.Image;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import software.amazon.awssdk.services.ecs.model.TaskDefinitionStatus;

/**
 * Removes revisions whose deletion was asked for and that no live task and no service uses any more.
 *
 * <p>{@link #find} looks at all tasks, so it belongs on a reader's thread, in a slow pass. What it found stays true, as
 * nothing new may use such a revision, so that {@link #remove} can trust it on any later image.
 */
public final class UnusedTaskDefinitions {
    private UnusedTaskDefinitions() {}

    /** The keys of the revisions that can go; without deletions asked for, this looks at nothing. */
    public static List<String> find(Image image) {
        var keyByArn = new TreeMap<String, String>();
        image.values(EcsTables.TASK_DEFINITIONS, EcsTables.REVISIONS_BY_STATUS, "", "\uffff").forEach((value, keys) -> {
            if (value.endsWith('|' + TaskDefinitionStatus.DELETE_IN_PROGRESS.toString())) {
                keys.forEach(key -> keyByArn.put(
                        image.get(EcsTables.TASK_DEFINITIONS, key).orElseThrow().arn(), key));
            }
        });
        if (keyByArn.isEmpty()) {
            return List.of();
        }
        var used = new TreeSet<String>();
        image.all(EcsTables.TASKS).stream()
                .filter(row -> !row.stopped())
                .forEach(row -> used.add(row.task().taskDefinitionArn()));
        image.all(EcsTables.SERVICES).stream()
                .filter(row -> !"INACTIVE".equals(row.service().status()))
                .forEach(row -> addUses(row, used));
        image.all(EcsTables.TASK_SETS).forEach(row -> used.add(row.taskSet().taskDefinition()));
        used.forEach(keyByArn::remove);
        return List.copyOf(keyByArn.values());
    }

    /** Removes what {@link #find} found. */
    public static Decision<Integer> remove(Image image, List<String> keys, Context context) {
        var draft = new Draft(image);
        int removed = 0;
        for (String key : keys) {
            if (image.get(EcsTables.TASK_DEFINITIONS, key)
                    .filter(row -> row.definition().status() == TaskDefinitionStatus.DELETE_IN_PROGRESS)
                    .isPresent()) {
                draft.delete(EcsTables.TASK_DEFINITIONS, key);
                removed++;
            }
        }
        return draft.reply(removed);
    }

    private static void addUses(ServiceRow row, TreeSet<String> used) {
        if (row.service().taskDefinition() != null) {
            used.add(row.service().taskDefinition());
        }
        row.service().deployments().forEach(deployment -> used.add(deployment.taskDefinition()));
    }
}
