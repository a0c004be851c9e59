package dev.landfall.sim.check;

import dev.landfall.ecs.EcsTables;
import dev.landfall.ecs.balance.TaskTarget;
import dev.landfall.ecs.task.TaskRow;
import dev.landfall.sim.Violation;
import dev.landfall.sim.agent.Docker;
import dev.landfall.sim.outside.Balancers;
import dev.landfall.state.Image;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetHealthStateEnum;

/**
 * Load balancers and tasks fit together: requests never go where none can be answered, a container is not told to end
 * while a target group may send it requests, and at rest the targets are those of the tasks.
 */
public final class Targets {
    private Targets() {}

    /** Held to whenever load balancers change. */
    public static void served(Balancers balancers) {
        if (!balancers.unserved().isEmpty()) {
            throw new Violation("served", "requests go to " + balancers.unserved() + ", and no target is healthy");
        }
    }

    /** Held to whenever a container is told to end. */
    static void drained(Balancers balancers, Image image, Docker.Id container) {
        image.get(EcsTables.TASKS, container.taskArn()).ifPresent(row -> {
            for (TaskTarget target : row.targets()) {
                if (balancers.states(target.groupArn()).containsKey(at(row, target))) {
                    throw new Violation("drained", container + " is told to end and is a target of "
                            + target.groupArn() + ", " + balancers.states(target.groupArn()));
                }
            }
        });
    }

    /** What is not at rest yet. */
    public static List<String> missing(Balancers balancers, Image image) {
        var missing = new ArrayList<String>();
        var wanted = new TreeSet<String>();
        image.all(EcsTables.TASKS).stream().filter(TaskRow::wanted).forEach(row -> row.targets().forEach(target -> {
            wanted.add(target.groupArn() + '|' + at(row, target));
            if (balancers.states(target.groupArn()).get(at(row, target)) != TargetHealthStateEnum.HEALTHY) {
                missing.add(row.arn() + " is no healthy target of " + target.groupArn());
            }
        }));
        for (String group : balancers.groups()) {
            balancers.states(group).forEach((at, state) -> {
                if (!wanted.contains(group + '|' + at)) {
                    missing.add(at + " is a target of " + group + " and of no task");
                }
            });
        }
        return missing;
    }

    private static String at(TaskRow row, TaskTarget target) {
        return row.address() + ":" + target.containerPort();
    }
}
