package dev.landfall.sim.check;

import dev.landfall.ecs.EcsTables;
import dev.landfall.ecs.deployment.ServiceDeploymentRow;
import dev.landfall.ecs.instance.InstanceRow;
import dev.landfall.ecs.service.ServiceRow;
import dev.landfall.ecs.task.TaskRow;
import dev.landfall.state.Commit;
import dev.landfall.state.Write;
import java.util.List;
import software.amazon.awssdk.services.ecs.model.Deployment;
import software.amazon.awssdk.services.ecs.model.DeploymentRolloutState;
import software.amazon.awssdk.services.ecs.model.DeploymentStrategy;
import software.amazon.awssdk.services.ecs.model.Service;
import software.amazon.awssdk.services.ecs.model.ServiceDeploymentStatus;

/**
 * Tasks go forward through ECS's states and are never wanted again; services end, and come back only when created anew;
 * a rollout ends once, unless it is rolled back to, and so does a service deployment; instances that are INACTIVE stay
 * so.
 */
final class Lifecycles implements Invariant {
    /** In the order of the Developer Guide's picture; a task may leave out some, and never goes back. */
    private static final List<String> TASK = List.of("PROVISIONING", "PENDING", "ACTIVATING", "RUNNING",
            "DEACTIVATING", "STOPPING", "DEPROVISIONING", "STOPPED");

    private static final List<String> SERVICE = List.of("ACTIVE", "DRAINING", "INACTIVE");

    private static final List<ServiceDeploymentStatus> ENDED = List.of(ServiceDeploymentStatus.SUCCESSFUL,
            ServiceDeploymentStatus.STOPPED, ServiceDeploymentStatus.ROLLBACK_SUCCESSFUL,
            ServiceDeploymentStatus.ROLLBACK_FAILED);

    @Override
    public String name() {
        return "lifecycles";
    }

    @Override
    public void check(Commit commit) {
        for (Write<?> write : commit.writes()) {
            switch (write) {
                case Write.Put<?>(var table, TaskRow row) ->
                        commit.before().get(EcsTables.TASKS, row.arn()).ifPresent(before -> task(before, row));
                case Write.Put<?>(var table, ServiceRow row) ->
                        commit.before().get(EcsTables.SERVICES, row.arn()).ifPresent(before -> service(before, row));
                case Write.Put<?>(var table, ServiceDeploymentRow row) -> commit.before()
                        .get(EcsTables.SERVICE_DEPLOYMENTS, row.key()).ifPresent(before -> deployment(before, row));
                case Write.Put<?>(var table, InstanceRow row) -> commit.before().get(EcsTables.INSTANCES, row.arn())
                        .ifPresent(before -> require(!"INACTIVE".equals(before.instance().status())
                                || "INACTIVE".equals(row.instance().status()), "%s is back", row.arn()));
                case Write.Delete<?>(var table, var key) when table == EcsTables.TASKS ->
                        commit.before().get(EcsTables.TASKS, key).ifPresent(before ->
                                require(before.stopped(), "%s was forgotten while it lived", key));
                case Write<?> other -> { }
            }
        }
    }

    private void task(TaskRow before, TaskRow row) {
        int then = TASK.indexOf(before.task().lastStatus());
        int now = TASK.indexOf(row.task().lastStatus());
        require(then >= 0 && now >= then, "%s went from %s to %s",
                row.arn(), before.task().lastStatus(), row.task().lastStatus());
        require(before.wanted() || !row.wanted(), "%s is wanted again", row.arn());
        require(row.wanted() || row.task().stopCode() != null && row.task().stoppingAt() != null,
                "%s stops without a reason", row.arn());
        require(row.stopped() == (row.task().stoppedAt() != null), "%s has the wrong stoppedAt", row.arn());
    }

    /** A shift goes back to blue, which may be what is left of a deployment that was stopped. */
    private static boolean rolledBackTo(Service service, Deployment was, Deployment now) {
        boolean shifted = service.deploymentConfiguration().strategy() != DeploymentStrategy.ROLLING;
        return (was.rolloutState() == DeploymentRolloutState.COMPLETED
                        || shifted && was.rolloutState() == DeploymentRolloutState.FAILED)
                && "ACTIVE".equals(was.status())
                && now.rolloutState() == DeploymentRolloutState.IN_PROGRESS && "PRIMARY".equals(now.status());
    }

    private void deployment(ServiceDeploymentRow before, ServiceDeploymentRow row) {
        boolean ended = ENDED.contains(before.deployment().status());
        require(!ended || before.deployment().status() == row.deployment().status(), "%s went from %s to %s",
                row.arn(), before.deployment().status(), row.deployment().status());
    }

    private void service(ServiceRow before, ServiceRow row) {
        int then = SERVICE.indexOf(before.service().status());
        int now = SERVICE.indexOf(row.service().status());
        require(now >= then || then == SERVICE.size() - 1 && now == 0, "%s went from %s to %s", row.arn(),
                before.service().status(), row.service().status());
        for (Deployment deployment : row.service().deployments()) {
            before.service().deployments().stream().filter(each -> each.id().equals(deployment.id())).findFirst()
                    .ifPresent(was -> require(was.rolloutState() == deployment.rolloutState()
                                    || was.rolloutState() == DeploymentRolloutState.IN_PROGRESS
                                    || rolledBackTo(before.service(), was, deployment),
                            "%s of %s went from %s to %s", deployment.id(), row.arn(), was.rolloutState(),
                            deployment.rolloutState()));
        }
    }
}
