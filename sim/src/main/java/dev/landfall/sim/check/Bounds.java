package dev.landfall.sim.check;

import dev.landfall.ecs.EcsTables;
import dev.landfall.ecs.instance.Instances;
import dev.landfall.ecs.service.ServiceRow;
import dev.landfall.ecs.task.TaskRow;
import dev.landfall.state.Commit;
import dev.landfall.state.Image;
import dev.landfall.state.Write;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import software.amazon.awssdk.services.ecs.model.SchedulingStrategy;
import software.amazon.awssdk.services.ecs.model.Service;
import software.amazon.awssdk.services.ecs.model.TaskStopCode;

/**
 * The scheduler's own stops leave at least ⌈desired·minimumHealthyPercent/100⌉ healthy tasks, as long as it stops
 * healthy ones at all; its own starts lead to at most ⌊desired·maximumPercent/100⌋ tasks that are wanted to run. While
 * traffic is shifted, each revision may have as many, and which tasks may go depends on the traffic: {@link Targets}.
 */
final class Bounds implements Invariant {
    private static final int PERCENT = 100;

    private static final class Change {
        private int started;
        /** The deployments whose tasks these are. */
        private final TreeSet<String> growing = new TreeSet<>();
        private int stoppedHealthy;
    }

    @Override
    public String name() {
        return "bounds";
    }

    @Override
    public void check(Commit commit) {
        var changes = new TreeMap<String, Change>();
        for (Write<?> write : commit.writes()) {
            if (write instanceof Write.Put<?>(var table, TaskRow row) && !row.serviceArn().isEmpty()) {
                var before = commit.before().get(EcsTables.TASKS, row.arn());
                var change = changes.computeIfAbsent(row.serviceArn(), any -> new Change());
                if (before.isEmpty()) {
                    change.started++;
                    change.growing.add(row.deploymentId());
                } else if (before.get().wanted() && counts(commit.before(), before.get()) && !row.wanted()
                        && row.task().stopCode() == TaskStopCode.SERVICE_SCHEDULER_INITIATED) {
                    change.stoppedHealthy++;
                }
            }
        }
        changes.forEach((serviceArn, change) -> commit.after().get(EcsTables.SERVICES, serviceArn)
                .filter(row -> row.active() && !row.usesTaskSets())
                .ifPresent(row -> check(commit, row, change)));
    }

    private void check(Commit commit, ServiceRow row, Change change) {
        Service service = row.service();
        var configuration = service.deploymentConfiguration();
        int desired = service.desiredCount();
        boolean daemon = row.service().schedulingStrategy() == SchedulingStrategy.DAEMON;
        if (change.started > 0 && !daemon) { // a daemon's bound is one task an instance
            int most = Math.floorDiv(desired * configuration.maximumPercent(), PERCENT);
            int live = shifting(commit.after(), row) ? mostOfARevision(commit.after(), row, change)
                    : live(commit.after(), row).size();
            require(live <= most, "%d tasks of %s after starting %d, at most %d are allowed",
                    live, row.arn(), change.started, most);
        }
        if (change.stoppedHealthy > 0 && !shifting(commit.before(), row)) {
            int least = Math.ceilDiv(desired * configuration.minimumHealthyPercent(), PERCENT);
            long healthy = live(commit.before(), row).stream().filter(task -> counts(commit.before(), task)).count()
                    - change.stoppedHealthy;
            require(healthy >= least, "%d healthy tasks of %s after stopping %d, at least %d must stay",
                    healthy, row.arn(), change.stoppedHealthy, least);
        }
    }

    /** What is on an instance that is being drained has to go; a daemon does not count it. */
    private static boolean counts(Image image, TaskRow task) {
        boolean daemon = image.get(EcsTables.SERVICES, task.serviceArn())
                .filter(row -> row.service().schedulingStrategy() == SchedulingStrategy.DAEMON).isPresent();
        return task.healthy() && !(daemon && Instances.draining(image, task.instanceArn()));
    }

    private static boolean shifting(Image image, ServiceRow row) {
        return image.get(EcsTables.SHIFTS, row.arn()).isPresent();
    }

    /** Another revision may be larger than the service is wanted by now: it is on its way out. */
    private static int mostOfARevision(Image image, ServiceRow row, Change change) {
        var counts = new TreeMap<String, Integer>();
        live(image, row).stream().filter(task -> change.growing.contains(task.deploymentId()))
                .forEach(task -> counts.merge(task.deploymentId(), 1, Integer::sum));
        return counts.values().stream().mapToInt(Integer::intValue).max().orElse(0);
    }

    private static List<TaskRow> live(Image image, ServiceRow row) {
        return image.find(EcsTables.TASKS, EcsTables.TASKS_BY_SERVICE, row.arn() + "|RUNNING");
    }
}
