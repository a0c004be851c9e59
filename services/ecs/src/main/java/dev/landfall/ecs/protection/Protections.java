package dev.landfall.ecs.protection;

import dev.landfall.ecs.EcsErrors;
import dev.landfall.ecs.EcsTables;
import dev.landfall.ecs.Scope;
import dev.landfall.ecs.cluster.ClusterRow;
import dev.landfall.ecs.task.TaskRow;
import dev.landfall.ecs.task.Tasks;
import dev.landfall.state.Image;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.services.ecs.model.Failure;
import software.amazon.awssdk.services.ecs.model.ProtectedTask;

/** Scale-in protection of tasks, and what its two actions have in common. */
public final class Protections {
    private Protections() {}

    /** The protection that holds for a task now. */
    public static Optional<ProtectionRow> of(Image image, String taskArn, Instant now) {
        return image.get(EcsTables.PROTECTIONS, taskArn).filter(row -> row.holds(now));
    }

    public static boolean holds(Image image, TaskRow task, Instant now) {
        return of(image, task.arn(), now).isPresent();
    }

    /** The protections of a service's tasks that are wanted to run. */
    public static List<ProtectionRow> ofService(Image image, String serviceArn, Instant now) {
        return image.find(EcsTables.PROTECTIONS, EcsTables.PROTECTIONS_BY_SERVICE, serviceArn).stream()
                .filter(row -> row.holds(now)
                        && image.get(EcsTables.TASKS, row.taskArn()).filter(TaskRow::wanted).isPresent())
                .toList();
    }

    /** When the first of a service's protections ends by itself. */
    public static Optional<Instant> firstEnd(Image image, String serviceArn, Instant now) {
        return ofService(image, serviceArn, now).stream().map(ProtectionRow::until).min(Instant::compareTo);
    }

    static void tasks(List<String> tasks, int max) {
        if (tasks.isEmpty()) {
            throw EcsErrors.invalidParameter("Tasks cannot be empty.");
        }
        if (tasks.size() > max) {
            throw EcsErrors.invalidParameter("taskIds can have at most " + max + " items.");
        }
    }

    /** A task that can be protected, or why not. */
    sealed interface Found {
        record OfService(TaskRow task) implements Found {}

        record Not(Failure failure) implements Found {}
    }

    static Found find(Image image, Scope scope, ClusterRow cluster, String idOrArn) {
        Optional<TaskRow> found = Tasks.find(image, scope, cluster, idOrArn);
        if (found.isEmpty()) {
            return new Found.Not(failure(Tasks.arn(scope, cluster, idOrArn), "MISSING"));
        }
        return found.get().serviceArn().isEmpty()
                ? new Found.Not(failure(found.get().arn(), "TASK_NOT_VALID")) : new Found.OfService(found.get());
    }

    static Failure failure(String arn, String reason) {
        return Failure.builder().arn(arn).reason(reason).build();
    }

    /** As the API shows it; without protection there is no date. */
    static ProtectedTask describe(Image image, TaskRow task, Instant now) {
        return of(image, task.arn(), now)
                .map(row -> ProtectedTask.builder().taskArn(task.arn()).protectionEnabled(true)
                        .expirationDate(row.until()).build())
                .orElseGet(() -> ProtectedTask.builder().taskArn(task.arn()).protectionEnabled(false).build());
    }
}
