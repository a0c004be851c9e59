package dev.landfall.ecs.agents;

import dev.landfall.ecs.EcsTables;
import dev.landfall.ecs.task.TaskRow;
import dev.landfall.ecs.task.TaskStatus;
import dev.landfall.ecs.task.Tasks;
import dev.landfall.state.Decision;
import dev.landfall.state.Draft;
import dev.landfall.state.Image;
import java.util.List;
import java.util.Optional;

/** Notes that an agent acknowledged a payload: new tasks are being prepared, others being stopped. */
final class TaskDelivery {
    private TaskDelivery() {}

    static Decision<Void> decide(Image image, List<String> taskArns) {
        var draft = new Draft(image);
        for (String arn : taskArns) {
            image.get(EcsTables.TASKS, arn).ifPresent(row -> acknowledged(draft, row));
        }
        return draft.reply(null);
    }

    /** Whether there is anything to note: most tasks are PENDING from the start. */
    static boolean concerns(Image image, List<String> taskArns) {
        return taskArns.stream().anyMatch(arn ->
                image.get(EcsTables.TASKS, arn).filter(row -> next(row).isPresent()).isPresent());
    }

    private static void acknowledged(Draft draft, TaskRow row) {
        next(row).ifPresent(next ->
                draft.put(EcsTables.TASKS, row.with(Tasks.changed(row.task()).lastStatus(next.name()).build())));
    }

    private static Optional<TaskStatus> next(TaskRow row) {
        TaskStatus status = TaskStatus.valueOf(row.task().lastStatus());
        TaskStatus next = row.wanted() ? TaskStatus.PENDING : TaskStatus.STOPPING;
        boolean prepares = row.wanted() && status == TaskStatus.PROVISIONING;
        boolean stops = !row.wanted() && !row.held() && status.canBecome(TaskStatus.STOPPING);
        return prepares || stops ? Optional.of(next) : Optional.empty();
    }
}
