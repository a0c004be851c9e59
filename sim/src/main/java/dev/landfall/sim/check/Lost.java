package dev.landfall.sim.check;

import dev.landfall.ecs.EcsTables;
import dev.landfall.ecs.task.TaskRow;
import dev.landfall.state.Commit;
import dev.landfall.state.Write;
import java.time.Duration;
import java.util.Optional;
import software.amazon.awssdk.services.ecs.model.TaskStopCode;

/** Tasks are given up only where the operator wants it, and only those of an agent that was gone for so long. */
final class Lost implements Invariant {
    private static final String REASON = "The task was lost: ";

    private final Optional<Duration> patience;

    Lost(Optional<Duration> patience) {
        this.patience = patience;
    }

    @Override
    public String name() {
        return "lost tasks";
    }

    @Override
    public void check(Commit commit) {
        for (Write<?> write : commit.writes()) {
            if (write instanceof Write.Put<?>(var table, TaskRow row) && row.stopped()
                    && row.task().stopCode() == TaskStopCode.TERMINATION_NOTICE
                    && row.task().stoppedReason().startsWith(REASON)
                    && commit.before().get(EcsTables.TASKS, row.arn()).filter(task -> !task.stopped()).isPresent()) {
                givenUp(commit, row);
            }
        }
    }

    private void givenUp(Commit commit, TaskRow row) {
        require(patience.isPresent(), "%s was given up, and nobody wanted that", row.arn());
        require(commit.before().get(EcsTables.INSTANCES, row.instanceArn())
                        .filter(instance -> instance.instance().agentConnected()).isEmpty(),
                "%s was given up while its agent was connected", row.arn());
        var absence = commit.before().get(EcsTables.ABSENCES, row.instanceArn());
        require(absence.isPresent() && !absence.get().since().plus(patience.get()).isAfter(row.task().stoppedAt()),
                "%s was given up at %s, after %s", row.arn(), row.task().stoppedAt(), absence);
    }
}
