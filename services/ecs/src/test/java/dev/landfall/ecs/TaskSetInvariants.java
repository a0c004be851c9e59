package dev.landfall.ecs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.landfall.ecs.EcsTables.Phase;
import dev.landfall.ecs.service.ServiceRow;
import dev.landfall.ecs.task.TaskRow;
import dev.landfall.ecs.taskset.TaskSetRow;
import dev.landfall.ecs.taskset.TaskSets;
import dev.landfall.state.Image;
import java.util.Arrays;
import java.util.List;
import software.amazon.awssdk.services.ecs.model.TaskSet;

/** What is true of task sets, and of services that have them instead of deployments. */
final class TaskSetInvariants {
    private TaskSetInvariants() {}

    static void hold(Image image, ServiceRow row) {
        assertThat(row.service().deployments()).as("deployments of %s", row.arn()).isEmpty();
        List<TaskSetRow> sets = TaskSets.of(image, row.arn());
        assertThat(sets).as("task sets of %s", row.arn()).hasSizeLessThanOrEqualTo(5);
        if ("INACTIVE".equals(row.service().status())) {
            assertThat(sets).as("task sets of %s", row.arn()).isEmpty();
        }
        assertThat(sets).filteredOn(TaskSetRow::primary).hasSizeLessThanOrEqualTo(1).allSatisfy(set ->
                assertThat(set.taskSet().taskDefinition()).isEqualTo(row.service().taskDefinition()));
        List<String> ids = sets.stream().map(set -> set.taskSet().id()).toList();
        assertThat(image.find(EcsTables.TASKS, EcsTables.TASKS_BY_SERVICE, row.arn() + "|RUNNING"))
                .as("tasks of %s", row.arn()).extracting(TaskRow::deploymentId).isSubsetOf(ids);
        sets.forEach(set -> set(image, set));
    }

    private static void set(Image image, TaskSetRow row) {
        TaskSet set = row.taskSet();
        assertThat(set.scale().value()).as("scale of %s", row.arn()).isBetween(0.0, 100.0);
        assertThat(set.computedDesiredCount()).as("count of %s", row.arn()).isNotNegative();
        assertThat(set.updatedAt()).isAfterOrEqualTo(set.createdAt());
        assertThat(row.arn()).endsWith("/" + set.id());
        assertThat(TaskSets.live(image, set)).as("tasks of %s", row.arn()).hasSize(
                Arrays.stream(Phase.values()).mapToInt(phase -> TaskSets.count(image, set, phase)).sum());
    }

    /** Task sets go their way, none goes before its tasks, and all belong to a service that is there. */
    static void hold(Image before, Image image) {
        image.all(EcsTables.TASK_SETS).forEach(row -> before.get(EcsTables.TASK_SETS, row.arn())
                .filter(was -> was.status() != row.status())
                .ifPresent(was -> assertThat(was.status().canBecome(row.status()))
                        .as("%s: %s to %s", row.arn(), was.status(), row.status()).isTrue()));
        before.all(EcsTables.TASK_SETS).stream().filter(was -> image.get(EcsTables.TASK_SETS, was.arn()).isEmpty())
                .forEach(was -> assertThat(TaskSets.inUse(image, was.taskSet())).as("%s went with tasks", was.arn())
                        .isFalse());
        assertThat(image.all(EcsTables.TASK_SETS)).allSatisfy(row ->
                assertThat(image.get(EcsTables.SERVICES, row.taskSet().serviceArn()))
                        .hasValueSatisfying(service -> assertThat(service.usesTaskSets()).isTrue()));
    }
}
