package dev.landfall.sim.check;

import dev.landfall.ecs.EcsTables;
import dev.landfall.ecs.instance.Instances;
import dev.landfall.ecs.service.ServiceRow;
import dev.landfall.ecs.task.TaskRow;
import dev.landfall.state.Commit;
import dev.landfall.state.Write;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import software.amazon.awssdk.services.ecs.model.SchedulingStrategy;

/** The steady state is announced when it is reached, and once for the same tasks as long as nothing happened. */
final class SteadyState implements Invariant {
    private static final String STEADY = "has reached a steady state.";

    private record Announced(String deploymentId, int desired, List<String> tasks) {}

    private final TreeMap<String, Announced> last = new TreeMap<>();

    @Override
    public String name() {
        return "steady state";
    }

    @Override
    public void check(Commit commit) {
        for (Write<?> write : commit.writes()) {
            if (write instanceof Write.Put<?>(var table, ServiceRow row)
                    && Optional.ofNullable(last.get(row.arn())).filter(told ->
                            told.desired() != row.service().desiredCount()).isPresent()) {
                last.remove(row.arn()); // what is reached again may be said again
            }
            if (write instanceof Write.Put<?>(var table, ServiceRow row) && !row.usesTaskSets()
                    && !row.events().isEmpty()
                    && row.events().getFirst().message().endsWith(STEADY)
                    && commit.before().get(EcsTables.SERVICES, row.arn()).filter(was ->
                            was.events().equals(row.events())).isEmpty()) {
                announced(commit, row);
            }
        }
    }

    /** Cheap enough to be looked at again. */
    @Override
    public void remember(Commit commit) {
        check(commit);
    }

    private void announced(Commit commit, ServiceRow row) {
        boolean daemon = row.service().schedulingStrategy() == SchedulingStrategy.DAEMON;
        List<TaskRow> wanted = commit.after()
                .find(EcsTables.TASKS, EcsTables.TASKS_BY_SERVICE, row.arn() + "|RUNNING").stream()
                // Where an instance is being drained, daemons stay to the last and are not missed.
                .filter(task -> !daemon || !Instances.draining(commit.after(), task.instanceArn())).toList();
        String primary = row.service().deployments().getFirst().id();
        var now = new Announced(primary, row.service().desiredCount(), wanted.stream().map(TaskRow::arn).toList());
        boolean saidBefore = row.events().size() > 1 && row.events().get(1).message().endsWith(STEADY);
        require(!now.equals(last.put(row.arn(), now)) || !saidBefore,
                "%s announced its steady state twice", row.arn());
        require(wanted.size() == row.service().desiredCount()
                        && wanted.stream().allMatch(task -> task.healthy() && task.deploymentId().equals(primary)),
                "%s is not steady with %d of %d tasks, %d of them healthy", row.arn(), wanted.size(),
                row.service().desiredCount(), wanted.stream().filter(TaskRow::healthy).count());
    }
}
