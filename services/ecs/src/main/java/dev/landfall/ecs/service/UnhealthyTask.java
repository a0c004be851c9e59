package dev.landfall.ecs.service;

import dev.landfall.ecs.balance.ClassicName;
import dev.landfall.ecs.balance.TargetAddress;
import dev.landfall.ecs.balance.TaskTarget;
import dev.landfall.ecs.task.TaskRow;
import dev.landfall.state.Image;
import java.util.Optional;

/**
 * What is said of a task that is replaced for its health checks: its containers' or its load balancers' (ECS Developer
 * Guide, Amazon ECS service event messages).
 */
final class UnhealthyTask {
    private UnhealthyTask() {}

    static String stoppedReason(TaskRow task) {
        return task.unhealthyTarget().map(target -> "Task failed ELB health checks in "
                + ClassicName.shown(target.groupArn())).orElse("Task failed container health checks");
    }

    static String event(Image image, TaskRow task) {
        Optional<TaskTarget> target = task.unhealthyTarget();
        return target.isEmpty() ? TaskList.of(task) + " failed container health checks."
                : where(image, task, target.get()) + " is unhealthy in "
                        + ClassicName.shown(target.get().groupArn()) + " due to (reason " + target.get().reason() + ")";
    }

    private static String where(Image image, TaskRow task, TaskTarget target) {
        Optional<TargetAddress> at = TargetAddress.of(image, task, target);
        if (target.classic()) {
            return at.map(each -> "(instance " + each.id() + ")").orElse(TaskList.of(task));
        }
        String port = "(port " + at.map(TargetAddress::port).orElse(target.containerPort()) + ")";
        return task.address().isEmpty() ? at.map(each -> "(instance " + each.id() + ") ").orElse("") + port : port;
    }
}
