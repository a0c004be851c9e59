package dev.landfall.sim.check;

import dev.landfall.ecs.EcsTables;
import dev.landfall.ecs.deployment.ServiceDeploymentRow;
import dev.landfall.state.Commit;
import dev.landfall.state.Write;
import java.util.Set;
import java.util.TreeSet;
import software.amazon.awssdk.services.ecs.model.DeploymentAlarms;
import software.amazon.awssdk.services.ecs.model.DeploymentConfiguration;
import software.amazon.awssdk.services.ecs.model.ServiceDeploymentRollbackMonitorsStatus;
import software.amazon.awssdk.services.ecs.model.ServiceDeploymentStatus;

/**
 * A service deployment whose alarm has gone off does not succeed. It is rolled back if that is wanted, and else, unless
 * a user asked for it, is not. An alarm goes off at most once, and none of those that did not count from the beginning.
 */
final class Alarms implements Invariant {
    private static final Set<ServiceDeploymentStatus> ROLLED_BACK = new TreeSet<>(Set.of(
            ServiceDeploymentStatus.ROLLBACK_IN_PROGRESS, ServiceDeploymentStatus.ROLLBACK_SUCCESSFUL,
            ServiceDeploymentStatus.ROLLBACK_FAILED));

    @Override
    public String name() {
        return "alarms";
    }

    @Override
    public void check(Commit commit) {
        for (Write<?> write : commit.writes()) {
            if (write instanceof Write.Put<?>(var table, ServiceDeploymentRow row)) {
                commit.before().get(EcsTables.SERVICE_DEPLOYMENTS, row.key())
                        .ifPresent(before -> check(commit, before, row));
            }
        }
    }

    private void check(Commit commit, ServiceDeploymentRow before, ServiceDeploymentRow row) {
        ServiceDeploymentRollbackMonitorsStatus then = before.deployment().alarms().status();
        ServiceDeploymentRollbackMonitorsStatus now = row.deployment().alarms().status();
        require(then != ServiceDeploymentRollbackMonitorsStatus.DISABLED || now == then,
                "the alarms of %s did not count and are %s", row.arn(), now);
        require(then != ServiceDeploymentRollbackMonitorsStatus.TRIGGERED || now == then,
                "the alarms of %s went off and are %s", row.arn(), now);
        if (then != ServiceDeploymentRollbackMonitorsStatus.TRIGGERED) {
            return;
        }
        require(!row.is(ServiceDeploymentStatus.SUCCESSFUL), "%s succeeded though its alarms went off", row.arn());
        if (before.is(ServiceDeploymentStatus.IN_PROGRESS) && ROLLED_BACK.contains(row.deployment().status())) {
            require(commit.before().get(EcsTables.SERVICES, row.deployment().serviceArn())
                            .filter(service -> rollsBack(service.service().deploymentConfiguration())).isPresent(),
                    "%s is rolled back though nobody wanted it to be", row.arn());
        }
    }

    private static boolean rollsBack(DeploymentConfiguration configuration) {
        DeploymentAlarms alarms = configuration.alarms();
        return alarms != null && Boolean.TRUE.equals(alarms.enable()) && Boolean.TRUE.equals(alarms.rollback());
    }
}
