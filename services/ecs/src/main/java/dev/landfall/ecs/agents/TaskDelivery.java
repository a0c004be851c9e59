package dev.landfall.ecs.agents;

import dev.landfall.ecs.EcsTables;
import dev.landfall.ecs.task.TaskRow;
import dev.landfall.ecs.task.TaskStatus;
import dev.landfall.ecs.task.Tasks;
import dev.landfall.state.Decision;
import dev.landfall.state.Draft;
import dev.landfall.state.Image;
import java.util.List;

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

    private static void acknowledged(Draft draft, TaskRow row) {
        TaskStatus status = TaskStatus.valueOf(row.task().lastStatus());
        TaskStatus next = row.wanted() ? TaskStatus.PENDING : TaskStatus.STOPPING;
        boolean prepares = row.wanted() && status == TaskStatus.PROVISIONING;
        boolean stops = !row.wanted() && status.canBecome(TaskStatus.STOPPING);
        if (prepares || stops) {
            draft.put(EcsTables.TASKS, row.with(Tasks.changed(row.task()).lastStatus(next.name()).build()));
        }
    }
}
