package dev.landfall.sim.check;

import dev.landfall.ecs.EcsTables;
import dev.landfall.ecs.service.ServiceRow;
import dev.landfall.ecs.service.Services;
import dev.landfall.ecs.task.TaskRow;
import dev.landfall.state.Commit;
import dev.landfall.state.Image;
import dev.landfall.state.Write;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import software.amazon.awssdk.services.ecs.model.Deployment;
import software.amazon.awssdk.services.ecs.model.Service;

/** What DescribeServices counts is what the tasks say; the PRIMARY deployment is one and the first. */
final class Counters implements Invariant {
    /** A service's tasks of one deployment that are wanted to run, and how many of them do. */
    private record Count(int wanted, int running) {
        static final Count NONE = new Count(0, 0);

        Count plus(TaskRow row, int by) {
            return new Count(wanted + by, running + (row.running() ? by : 0));
        }
    }

    private final Map<String, TreeMap<String, Count>> counts = new TreeMap<>();

    /** What was counted: every other image is counted anew. */
    private Optional<Image> counted = Optional.empty();

    @Override
    public String name() {
        return "counters";
    }

    @Override
    public void check(Commit commit) {
        if (counted.filter(image -> image == commit.before()).isEmpty()) {
            counts.clear();
            commit.before().all(EcsTables.TASKS).forEach(row -> count(row, 1));
        }
        counted = Optional.of(commit.after());
        var tasks = new TreeSet<String>();
        var services = new TreeSet<String>();
        for (Write<?> write : commit.writes()) {
            if (write.table() == EcsTables.TASKS) {
                tasks.add(write.key());
            } else if (write instanceof Write.Put<?>(var table, ServiceRow row)) {
                services.add(row.arn());
            }
        }
        for (String arn : tasks) {
            commit.before().get(EcsTables.TASKS, arn).ifPresent(row -> count(row, -1));
            commit.after().get(EcsTables.TASKS, arn).ifPresent(row -> {
                count(row, 1);
                services.add(row.serviceArn());
            });
        }
        services.forEach(arn -> commit.after().get(EcsTables.SERVICES, arn)
                .ifPresent(row -> check(commit.after(), row)));
    }

    private void count(TaskRow row, int by) {
        if (row.wanted() && !row.serviceArn().isEmpty()) {
            counts.computeIfAbsent(row.serviceArn(), any -> new TreeMap<>())
                    .compute(row.deploymentId(), (id, known) -> (known == null ? Count.NONE : known).plus(row, by));
        }
    }

    private void check(Image image, ServiceRow row) {
        Service shown = Services.describe(image, row);
        var own = counts.getOrDefault(row.arn(), new TreeMap<>());
        for (Deployment deployment : shown.deployments()) {
            Count count = own.getOrDefault(deployment.id(), Count.NONE);
            require(deployment.runningCount() == count.running()
                            && deployment.pendingCount() == count.wanted() - count.running(),
                    "%s of %s shows %d running and %d pending of %d", deployment.id(), row.arn(),
                    deployment.runningCount(), deployment.pendingCount(), count.wanted());
        }
        int running = own.values().stream().mapToInt(Count::running).sum();
        int wanted = own.values().stream().mapToInt(Count::wanted).sum();
        require(shown.runningCount() == running && shown.pendingCount() == wanted - running,
                "%s shows %d running and %d pending of %d", row.arn(), shown.runningCount(), shown.pendingCount(),
                wanted);
        if (!"INACTIVE".equals(shown.status()) && !row.usesTaskSets()) {
            require(!shown.deployments().isEmpty() && "PRIMARY".equals(shown.deployments().getFirst().status())
                            && shown.deployments().stream().skip(1).allMatch(each -> "ACTIVE".equals(each.status())),
                    "%s has no PRIMARY deployment in the first place", row.arn());
            require(shown.deployments().getFirst().desiredCount().equals(shown.desiredCount()),
                    "the PRIMARY deployment of %s wants %d of %d", row.arn(),
                    shown.deployments().getFirst().desiredCount(), shown.desiredCount());
        }
    }
}
