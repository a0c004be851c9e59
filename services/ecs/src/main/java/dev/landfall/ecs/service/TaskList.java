package dev.landfall.ecs.service;

import dev.landfall.ecs.task.TaskRow;
import java.util.List;
import java.util.stream.Collectors;

/** Tasks as service events name them: {@code (task 0123…) (task 4567…)}. */
final class TaskList {
    private TaskList() {}

    static String of(List<TaskRow> tasks) {
        return tasks.stream().map(TaskList::of).collect(Collectors.joining(" "));
    }

    static String of(TaskRow task) {
        return "(task " + task.arn().substring(task.arn().lastIndexOf('/') + 1) + ")";
    }
}
