package dev.landfall.sim.check;

import dev.landfall.ecs.EcsTables;
import dev.landfall.ecs.task.TaskRow;
import dev.landfall.ecs.task.Tasks;
import dev.landfall.state.Commit;
import dev.landfall.state.Write;
import software.amazon.awssdk.services.ecs.model.TaskStopCode;

/** The end of an essential container is the end of its task, and of no other container it is. */
final class Containers implements Invariant {
    @Override
    public String name() {
        return "containers";
    }

    @Override
    public void check(Commit commit) {
        for (Write<?> write : commit.writes()) {
            if (write instanceof Write.Put<?>(var table, TaskRow row) && row.task().containers().size() > 1) {
                commit.after().get(EcsTables.TASKS, row.arn()).ifPresent(last -> check(commit, last));
            }
        }
    }

    private void check(Commit commit, TaskRow row) {
        var definition = Tasks.definition(commit.after(), row).definition();
        boolean over = row.task().containers().stream().anyMatch(container ->
                "STOPPED".equals(container.lastStatus()) && definition.containerDefinitions().stream().anyMatch(each ->
                        each.name().equals(container.name()) && !Boolean.FALSE.equals(each.essential())));
        require(!over || !row.wanted(), "%s is wanted though an essential container of it has ended", row.arn());
        require(over || row.task().stopCode() != TaskStopCode.ESSENTIAL_CONTAINER_EXITED
                        || row.task().stoppedReason() != null && !row.task().stoppedReason().startsWith("Essential"),
                "%s is stopped for an essential container, and all of them run", row.arn());
    }
}
