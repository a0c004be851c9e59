package dev.landfall.sim.check;

import dev.landfall.ecs.EcsTables;
import dev.landfall.ecs.service.ServiceRow;
import dev.landfall.ecs.service.Services;
import dev.landfall.ecs.task.TaskRow;
import dev.landfall.state.Commit;
import dev.landfall.state.Image;
import dev.landfall.state.Write;
import java.util.List;
import java.util.TreeSet;
import software.amazon.awssdk.services.ecs.model.Deployment;
import software.amazon.awssdk.services.ecs.model.Service;

/** What DescribeServices counts is what the tasks say; the PRIMARY deployment is one and the first. */
final class Counters implements Invariant {
    @Override
    public String name() {
        return "counters";
    }

    @Override
    public void check(Commit commit) {
        var services = new TreeSet<String>();
        for (Write<?> write : commit.writes()) {
            if (write instanceof Write.Put<?>(var table, TaskRow row) && !row.serviceArn().isEmpty()) {
                services.add(row.serviceArn());
            } else if (write instanceof Write.Put<?>(var table, ServiceRow row)) {
                services.add(row.arn());
            }
        }
        services.forEach(arn -> commit.after().get(EcsTables.SERVICES, arn)
                .ifPresent(row -> check(commit.after(), row)));
    }

    private void check(Image image, ServiceRow row) {
        Service shown = Services.describe(image, row);
        List<TaskRow> wanted = image.find(EcsTables.TASKS, EcsTables.TASKS_BY_SERVICE, row.arn() + "|RUNNING");
        for (Deployment deployment : shown.deployments()) {
            var own = wanted.stream().filter(task -> task.deploymentId().equals(deployment.id())).toList();
            long running = own.stream().filter(TaskRow::running).count();
            require(deployment.runningCount() == running && deployment.pendingCount() == own.size() - running,
                    "%s of %s shows %d running and %d pending of %d", deployment.id(), row.arn(),
                    deployment.runningCount(), deployment.pendingCount(), own.size());
        }
        long running = wanted.stream().filter(TaskRow::running).count();
        require(shown.runningCount() == running && shown.pendingCount() == wanted.size() - running,
                "%s shows %d running and %d pending of %d", row.arn(), shown.runningCount(), shown.pendingCount(),
                wanted.size());
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
