package dev.landfall.sim.check;

import dev.landfall.ecs.EcsTables;
import dev.landfall.ecs.instance.InstanceRow;
import dev.landfall.ecs.service.ServiceRow;
import dev.landfall.ecs.task.TaskRow;
import dev.landfall.state.Commit;
import dev.landfall.state.Write;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import software.amazon.awssdk.services.ecs.model.PlacementConstraint;
import software.amazon.awssdk.services.ecs.model.PlacementConstraintType;

/**
 * A service's new task is where its placement constraints let it be, on an instance of the capacity provider that it
 * was started for.
 */
final class Placements implements Invariant {
    /** The only expressions that are used here. */
    private static final Pattern EXPRESSION = Pattern.compile("attribute:(\\S+) == (\\S+)");

    @Override
    public String name() {
        return "placements";
    }

    @Override
    public void check(Commit commit) {
        for (Write<?> write : commit.writes()) {
            if (write instanceof Write.Put<?>(var table, TaskRow row)
                    && commit.before().get(EcsTables.TASKS, row.arn()).isEmpty()) {
                commit.after().get(EcsTables.INSTANCES, row.instanceArn()).ifPresent(instance -> {
                    provider(row, instance);
                    commit.after().get(EcsTables.SERVICES, row.serviceArn()).ifPresent(service ->
                            service.service().placementConstraints().forEach(constraint ->
                                    holds(commit, constraint, row, instance, service)));
                });
            }
        }
    }

    private void provider(TaskRow row, InstanceRow instance) {
        String provider = row.task().capacityProviderName();
        require(provider == null || instance.managed() || provider.equals(instance.capacityProvider()),
                "%s of %s is started on %s of '%s'", row.arn(), provider, instance.arn(), instance.capacityProvider());
    }

    private void holds(
            Commit commit, PlacementConstraint constraint, TaskRow row, InstanceRow instance, ServiceRow service) {
        if (constraint.type() == PlacementConstraintType.DISTINCT_INSTANCE) {
            long own = commit.after().find(EcsTables.TASKS, EcsTables.TASKS_BY_INSTANCE, instance.arn()).stream()
                    .filter(task -> task.wanted() && task.serviceArn().equals(service.arn())).count();
            require(own == 1, "%d tasks of %s on %s in spite of distinctInstance", own, service.arn(), instance.arn());
            return;
        }
        Matcher expression = EXPRESSION.matcher(constraint.expression());
        require(expression.matches(), "%s is not an expression that can be checked", constraint.expression());
        require(instance.instance().attributes().stream().anyMatch(attribute ->
                        attribute.name().equals(expression.group(1)) && expression.group(2).equals(attribute.value())),
                "%s is on %s, which is not %s", row.arn(), instance.arn(), constraint.expression());
    }
}
