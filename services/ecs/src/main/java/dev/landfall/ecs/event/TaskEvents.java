package dev.landfall.ecs.event;

import dev.landfall.ecs.task.ShownTask;
import dev.landfall.ecs.task.TaskRow;
import dev.landfall.wire.EventJson;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Optional;
import software.amazon.awssdk.services.ecs.model.Attachment;
import software.amazon.awssdk.services.ecs.model.Tag;
import software.amazon.awssdk.services.ecs.model.Task;

/**
 * "ECS Task State Change": the task as DescribeTasks shows it, with {@code updatedAt} and without tags (ECS Developer
 * Guide, Amazon ECS task state change events).
 */
final class TaskEvents {
    private TaskEvents() {}

    /** A state has a version of its own; tags, for one, are not part of it. */
    static boolean differ(Optional<TaskRow> before, TaskRow after) {
        return before.isEmpty() || !before.get().task().version().equals(after.task().version());
    }

    static EcsEvent of(TaskRow row, Instant changedAt) {
        Task shown = ShownTask.of(row).toBuilder()
                .tags((Collection<Tag>) null)
                .attachments(row.task().attachments().stream().map(TaskEvents::inEvents).toList())
                .build();
        var more = new LinkedHashMap<String, Instant>();
        more.put("updatedAt", changedAt);
        return new EcsEvent(EcsEvent.TASK, row.arn(), changedAt, EventJson.write(shown, more));
    }

    /** What DescribeTasks calls ElasticNetworkInterface is an eni in events. */
    private static Attachment inEvents(Attachment attachment) {
        return "ElasticNetworkInterface".equals(attachment.type())
                ? attachment.toBuilder().type("eni").build() : attachment;
    }
}
