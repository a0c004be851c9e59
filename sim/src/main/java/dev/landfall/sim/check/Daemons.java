package dev.landfall.sim.check;

import dev.landfall.ecs.EcsTables;
import dev.landfall.ecs.task.TaskRow;
import dev.landfall.state.Commit;
import dev.landfall.state.Write;
import software.amazon.awssdk.services.ecs.model.SchedulingStrategy;

/** No instance has two tasks of a DAEMON service at once, not even while one of them stops. */
final class Daemons implements Invariant {
    @Override
    public String name() {
        return "daemons";
    }

    @Override
    public void check(Commit commit) {
        for (Write<?> write : commit.writes()) {
            if (write instanceof Write.Put<?>(var table, TaskRow row)
                    && commit.before().get(EcsTables.TASKS, row.arn()).isEmpty()
                    && commit.after().get(EcsTables.SERVICES, row.serviceArn()).filter(service ->
                            service.service().schedulingStrategy() == SchedulingStrategy.DAEMON).isPresent()) {
                long own = commit.after().find(EcsTables.TASKS, EcsTables.TASKS_BY_INSTANCE, row.instanceArn())
                        .stream().filter(task -> task.serviceArn().equals(row.serviceArn())).count();
                require(own == 1, "%d tasks of %s on %s", own, row.serviceArn(), row.instanceArn());
            }
        }
    }
}
