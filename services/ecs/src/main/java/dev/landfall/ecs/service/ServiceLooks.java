package dev.landfall.ecs.service;

import dev.landfall.ecs.EcsTables;
import dev.landfall.ecs.deployment.DeploymentHistory;
import dev.landfall.ecs.deployment.ServiceDeploymentRow;
import dev.landfall.ecs.instance.InstanceRow;
import dev.landfall.ecs.shift.ShiftRow;
import dev.landfall.ecs.task.ForgetTasks;
import dev.landfall.ecs.task.TaskRow;
import dev.landfall.ecs.taskdef.UnusedTaskDefinitions;
import dev.landfall.ecs.taskset.TaskSetRow;
import dev.landfall.state.Commit;
import dev.landfall.state.Decisions;
import dev.landfall.state.Write;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;

/**
 * What keeps services as they are wanted, without threads and timers: which services a commit concerns, and one look at
 * one of them. {@link ServiceScheduler} runs it, and a simulator on its own time.
 */
public final class ServiceLooks {
    /** How often all services are looked at, to make up for what was lost. */
    public static final Duration FULL_PASS = Duration.ofSeconds(30);

    /** When to look again at a service after a look that failed. */
    public static final Duration RETRY = Duration.ofSeconds(1);

    private final Decisions decisions;

    public ServiceLooks(Decisions decisions) {
        this.decisions = decisions;
    }

    /** The services to look at after a commit: those whose rows changed, and all of them when an instance came. */
    public Set<String> concerned(Commit commit) {
        var concerned = new LinkedHashSet<String>();
        boolean capacity = false;
        for (Write<?> write : commit.writes()) {
            if (write instanceof Write.Put<?>(var table, var row)) {
                if (table == EcsTables.TASKS && !((TaskRow) row).serviceArn().isEmpty()) {
                    concerned.add(((TaskRow) row).serviceArn());
                } else if (table == EcsTables.TASK_SETS) {
                    concerned.add(((TaskSetRow) row).taskSet().serviceArn());
                } else if (table == EcsTables.SERVICES) {
                    concerned.add(((ServiceRow) row).arn());
                } else if (table == EcsTables.SERVICE_DEPLOYMENTS) {
                    concerned.add(((ServiceDeploymentRow) row).deployment().serviceArn());
                } else if (table == EcsTables.SHIFTS) {
                    concerned.add(((ShiftRow) row).serviceArn());
                } else if (table == EcsTables.INSTANCES && row instanceof InstanceRow instance) {
                    capacity |= instance.instance().agentConnected();
                }
            }
        }
        if (capacity) {
            concerned.addAll(all());
        }
        concerned.addAll(AlsoConcerned.of(decisions.image(), commit));
        return concerned;
    }

    /** Every service that a full pass looks at. */
    public List<String> all() {
        return decisions.image().all(EcsTables.SERVICES).stream()
                .filter(row -> !row.inactive()).map(ServiceRow::arn).toList();
    }

    /** Does what the service needs now; when to look again, where only time will tell. */
    public Optional<Duration> look(String serviceArn) {
        return decisions.submit((image, context) -> ReconcileService.decide(image, serviceArn, context));
    }

    /**
     * Removes what only time ends: stopped tasks, used tokens, old service deployments, deleted task definitions that
     * nothing uses any more. A decision takes a bounded number of them, so there may be several, as long as
     * {@code goOn} says so.
     */
    public void forget(BooleanSupplier goOn) {
        while (decisions.submit(ForgetTasks::decide) > 0 && goOn.getAsBoolean()) {
            // a busy cluster leaves more behind between two passes than one decision takes
        }
        while (decisions.submit(DeploymentHistory::decide) > 0 && goOn.getAsBoolean()) {
            // likewise
        }
        var unused = UnusedTaskDefinitions.find(decisions.image());
        if (!unused.isEmpty()) {
            decisions.submit((image, context) -> UnusedTaskDefinitions.remove(image, unused, context));
        }
    }
}
