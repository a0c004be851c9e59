package dev.landfall.sim.check;

import dev.landfall.ecs.EcsTables;
import dev.landfall.ecs.service.ServiceRow;
import dev.landfall.ecs.task.TaskRow;
import dev.landfall.state.Commit;
import dev.landfall.state.Write;
import java.util.List;
import software.amazon.awssdk.services.ecs.model.ServiceEvent;

/** The steady state is announced when it is reached, and once. */
final class SteadyState implements Invariant {
    private static final String STEADY = "has reached a steady state.";

    @Override
    public String name() {
        return "steady state";
    }

    @Override
    public void check(Commit commit) {
        for (Write<?> write : commit.writes()) {
            if (write instanceof Write.Put<?>(var table, ServiceRow row) && !row.events().isEmpty()
                    && row.events().getFirst().message().endsWith(STEADY)
                    && commit.before().get(EcsTables.SERVICES, row.arn()).filter(was ->
                            was.events().equals(row.events())).isEmpty()) {
                announced(commit, row);
            }
        }
    }

    private void announced(Commit commit, ServiceRow row) {
        List<ServiceEvent> events = row.events();
        boolean repeated = events.size() > 1 && events.get(1).message().endsWith(STEADY);
        require(!repeated, "%s announced its steady state twice", row.arn());
        List<TaskRow> wanted = commit.after().find(
                EcsTables.TASKS, EcsTables.TASKS_BY_SERVICE, row.arn() + "|RUNNING");
        String primary = row.service().deployments().getFirst().id();
        require(wanted.size() == row.service().desiredCount()
                        && wanted.stream().allMatch(task -> task.healthy() && task.deploymentId().equals(primary)),
                "%s is not steady with %d of %d tasks, %d of them healthy", row.arn(), wanted.size(),
                row.service().desiredCount(), wanted.stream().filter(TaskRow::healthy).count());
    }
}
