package dev.landfall.sim.check;

import dev.landfall.ecs.EcsTables;
import dev.landfall.ecs.service.ServiceRow;
import dev.landfall.ecs.task.TaskRow;
import dev.landfall.state.Commit;
import dev.landfall.state.Write;
import java.util.TreeMap;
import software.amazon.awssdk.services.ecs.model.TaskStopCode;

/** Whoever moves tasks between Availability Zones stops one only where as many healthy ones as are desired stay. */
final class Zones implements Invariant {
    @Override
    public String name() {
        return "zones";
    }

    @Override
    public void check(Commit commit) {
        var stopped = new TreeMap<String, Integer>();
        for (Write<?> write : commit.writes()) {
            if (write instanceof Write.Put<?>(var table, TaskRow row) && !row.wanted()
                    && row.task().stopCode() == TaskStopCode.SERVICE_SCHEDULER_INITIATED
                    && commit.after().get(EcsTables.REBALANCINGS, row.serviceArn()).isPresent()
                    && commit.before().get(EcsTables.TASKS, row.arn())
                            .filter(task -> task.wanted() && task.healthy()).isPresent()) {
                stopped.merge(row.serviceArn(), 1, Integer::sum);
            }
        }
        stopped.forEach((arn, count) -> commit.after().get(EcsTables.SERVICES, arn)
                .ifPresent(row -> check(commit, row, count)));
    }

    private void check(Commit commit, ServiceRow row, int stopped) {
        long healthy = commit.after().find(EcsTables.TASKS, EcsTables.TASKS_BY_SERVICE, row.arn() + "|RUNNING")
                .stream().filter(TaskRow::healthy).count();
        require(healthy >= row.service().desiredCount(),
                "%d healthy tasks of %s after rebalancing stopped %d, %d are desired",
                healthy, row.arn(), stopped, row.service().desiredCount());
    }
}
