package dev.landfall.ecs.task;

import dev.landfall.ecs.placement.Demand;
import java.util.List;
import software.amazon.awssdk.services.ecs.model.Container;
import software.amazon.awssdk.services.ecs.model.Tag;
import software.amazon.awssdk.services.ecs.model.Task;
import software.amazon.awssdk.services.ecs.model.TaskOverride;

/**
 * Tasks as the API shows them. ECS shows some lists where there is nothing in them, and an override for every container
 * (Amazon ECS Developer Guide, the answers shown for run-task). Rows leave these out: of a million tasks, they would
 * take more memory than all that the tasks differ in.
 */
public final class ShownTask {
    private ShownTask() {}

    public static Task of(TaskRow row) {
        return shown(row, row.task().tags());
    }

    /** As {@link #of}; a caller sees tags only on request. */
    static Task withoutTags(TaskRow row) {
        return shown(row, List.of());
    }

    private static Task shown(TaskRow row, List<Tag> tags) {
        Task task = row.task();
        var shown = task.toBuilder()
                .overrides(listed(row.overrides(), task.containers()))
                .containers(task.containers().stream().map(ShownTask::shown).toList())
                .tags(List.copyOf(tags));
        if (!task.hasAttachments()) {
            shown.attachments(List.of());
        }
        return shown.build();
    }

    private static Container shown(Container container) {
        if (container.hasNetworkInterfaces() && container.hasGpuIds()) {
            return container;
        }
        var shown = container.toBuilder();
        if (!container.hasNetworkInterfaces()) {
            shown.networkInterfaces(List.of());
        }
        if (!container.hasGpuIds()) {
            shown.gpuIds(List.of());
        }
        return shown.build();
    }

    /** Where nothing is overridden, with the container's name alone. */
    private static TaskOverride listed(TaskOverride given, List<Container> containers) {
        var listed = given.toBuilder().containerOverrides(containers.stream()
                .map(container -> Demand.override(given, container.name()).toBuilder().name(container.name()).build())
                .toList());
        if (!given.hasInferenceAcceleratorOverrides()) {
            listed.inferenceAcceleratorOverrides(List.of());
        }
        return listed.build();
    }
}
