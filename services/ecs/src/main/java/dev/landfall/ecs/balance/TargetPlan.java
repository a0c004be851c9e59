package dev.landfall.ecs.balance;

import dev.landfall.ecs.task.TaskRow;
import dev.landfall.state.Image;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetHealth;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetHealthDescription;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetHealthStateEnum;

/**
 * What has to be done that a target group has the targets it is to have: those of the tasks that run and are to run.
 * Reads nothing but its arguments.
 *
 * <ol>
 *   <li>A target that is to be there and is not, or drains, is registered.
 *   <li>One that is there, or drains, and belongs to a task that is to stop or has stopped is deregistered, unless
 *       another task has its address by now. It is gone once the group does not list it any more.
 *   <li>Targets that belong to no task known are somebody else's.
 * </ol>
 *
 * @param register what to register, with the sightings that hold once that is done
 * @param deregister likewise
 * @param seen what holds without anything being done
 */
record TargetPlan(
        SortedMap<TargetAddress, List<Sighting>> register,
        SortedMap<TargetAddress, List<Sighting>> deregister,
        List<Sighting> seen) {

    /** @param tasks those of which the group may have targets */
    static TargetPlan of(
            Image image, String groupArn, List<TaskRow> tasks, List<TargetHealthDescription> described) {
        var plan = new TargetPlan(new TreeMap<>(), new TreeMap<>(), new ArrayList<>());
        var listed = new TreeMap<TargetAddress, TargetHealth>();
        described.forEach(each -> listed.put(TargetAddress.of(each.target()), each.targetHealth()));
        var wanted = new TreeSet<TargetAddress>();
        for (TaskRow task : tasks) {
            for (TaskTarget target : targets(task, groupArn)) {
                Optional<TargetAddress> at = TargetAddress.of(image, task, target);
                if (task.wanted() && task.running() && at.isPresent()) {
                    wanted.add(at.get());
                    plan.keep(at.get(), task, target, Optional.ofNullable(listed.get(at.get())));
                }
            }
        }
        for (TaskRow task : tasks) {
            for (TaskTarget target : targets(task, groupArn)) {
                if (!task.wanted()) {
                    Optional<TargetAddress> at = TargetAddress.of(image, task, target)
                            .filter(address -> listed.containsKey(address) && !wanted.contains(address));
                    plan.drop(at, task, target, at.map(listed::get));
                }
            }
        }
        return plan;
    }

    private static List<TaskTarget> targets(TaskRow task, String groupArn) {
        return task.targets().stream()
                .filter(target -> target.groupArn().equals(groupArn) && !target.gone()).toList();
    }

    private void keep(TargetAddress at, TaskRow task, TaskTarget target, Optional<TargetHealth> health) {
        if (health.filter(each -> each.state() != TargetHealthStateEnum.DRAINING).isEmpty()) {
            register.computeIfAbsent(at, any -> new ArrayList<>())
                    .add(new Sighting(task.arn(), target.with(TargetState.REGISTERED, "")));
            return;
        }
        seen.add(new Sighting(task.arn(), switch (health.get().state()) {
            // One whose health checks are switched off gets requests like a healthy one.
            case HEALTHY, UNAVAILABLE -> target.with(TargetState.HEALTHY, "");
            case UNHEALTHY, UNHEALTHY_DRAINING -> target.with(TargetState.UNHEALTHY, reason(health.get()));
            // What was healthy and is not said to be otherwise still is: a load balancer may have begun anew.
            case INITIAL, UNUSED, DRAINING, UNKNOWN_TO_SDK_VERSION ->
                    target.healthy() ? target : target.with(TargetState.REGISTERED, "");
        }));
    }

    private static String reason(TargetHealth health) {
        return health.description() != null ? health.description()
                : health.reasonAsString() != null ? health.reasonAsString() : "Health checks failed";
    }

    /** @param at where the group has the target; nothing if it does not */
    private void drop(Optional<TargetAddress> at, TaskRow task, TaskTarget target, Optional<TargetHealth> health) {
        if (at.isEmpty()) {
            seen.add(new Sighting(task.arn(), target.with(TargetState.GONE, "")));
            return;
        }
        var drains = new Sighting(task.arn(), target.with(TargetState.DRAINING, ""));
        if (health.orElseThrow().state() == TargetHealthStateEnum.DRAINING) {
            seen.add(drains);
        } else {
            deregister.computeIfAbsent(at.get(), any -> new ArrayList<>()).add(drains);
        }
    }
}
