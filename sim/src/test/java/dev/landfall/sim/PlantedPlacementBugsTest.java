package dev.landfall.sim;

import static dev.landfall.sim.Sabotage.changed;
import static dev.landfall.sim.Sabotage.rows;
import static dev.landfall.sim.Sabotage.task;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.landfall.ecs.EcsTables;
import dev.landfall.ecs.deployment.ServiceDeploymentRow;
import dev.landfall.ecs.task.TaskRow;
import dev.landfall.state.Write;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.cloudwatch.model.StateValue;
import software.amazon.awssdk.services.ecs.model.AvailabilityZoneRebalancing;
import software.amazon.awssdk.services.ecs.model.CreateServiceRequest;
import software.amazon.awssdk.services.ecs.model.ServiceDeploymentRollbackMonitorsStatus;
import software.amazon.awssdk.services.ecs.model.ServiceDeploymentStatus;
import software.amazon.awssdk.services.ecs.model.TaskStopCode;

/** As {@link PlantedBugsTest}, of where tasks run and what deployments go by. */
@SuppressWarnings("unchecked") // the SDK takes several consumers as a generic array
class PlantedPlacementBugsTest {
    private final Town town = Town.of(7);

    private Violation violation(Runnable story) {
        return catchThrowableOfType(Violation.class, () -> {
            story.run();
            town.simulation().settle();
        });
    }

    /** Two machines in different zones; a service of two tasks is made with the bug in place. */
    private Violation placed(
            UnaryOperator<List<Write<?>>> sabotage, Consumer<CreateServiceRequest.Builder> change) {
        town.machine("us-east-1a", Map.of("stack", "blue"));
        town.machine("us-east-1b", Map.of("stack", "green"));
        town.simulation().settle();
        town.simulation().plane().sabotage(sabotage);
        return violation(() -> town.create("web", town.definition("ok"), 2, request ->
                change.accept(request.availabilityZoneRebalancing(AvailabilityZoneRebalancing.DISABLED))));
    }

    private boolean fresh(TaskRow row) {
        return town.image().get(EcsTables.TASKS, row.arn()).isEmpty();
    }

    private String instance(String zone) {
        return town.image().all(EcsTables.INSTANCES).stream().filter(row -> row.zone().equals(zone)).findFirst()
                .orElseThrow().arn();
    }

    @Test
    void placesATaskWhereItsConstraintsForbidIt() {
        var violation = placed(rows(TaskRow.class, put -> fresh(put.row()) ? Stream.of(changed(EcsTables.TASKS,
                put.row(), Map.of("instanceArn", instance("us-east-1b")))) : Stream.of(put)),
                request -> request.placementConstraints(each ->
                        each.type("memberOf").expression("attribute:stack == blue")));
        assertThat(violation.invariant()).isEqualTo("placements");
        assertThat(violation).hasMessageContaining("which is not");
    }

    @Test
    void placesTwoTasksOnOneInstanceThatShallBeDistinct() {
        var violation = placed(rows(TaskRow.class, put -> fresh(put.row()) ? Stream.of(changed(EcsTables.TASKS,
                put.row(), Map.of("instanceArn", instance("us-east-1a")))) : Stream.of(put)),
                request -> request.placementConstraints(each -> each.type("distinctInstance")));
        assertThat(violation.invariant()).isEqualTo("placements");
        assertThat(violation).hasMessageContaining("distinctInstance");
    }

    @Test
    void takesAnInstanceOfAnotherCapacityProvider() {
        var violation = placed(rows(TaskRow.class, put -> task(put.row(), each -> each.capacityProviderName("one"))),
                request -> { });
        assertThat(violation.invariant()).isEqualTo("placements");
        assertThat(violation).hasMessageContaining("is started on");
    }

    @Test
    void givesACapacityProviderLessThanItsShare() {
        town.managed(1);
        town.simulation().user(ecs -> ecs.putClusterCapacityProviders(request -> request.cluster("default")
                .capacityProviders("FARGATE", "FARGATE_SPOT").defaultCapacityProviderStrategy(List.of())));
        town.simulation().plane().sabotage(rows(TaskRow.class, put ->
                task(put.row(), each -> each.capacityProviderName("FARGATE"))));
        String definition = town.managedDefinition("ok");
        var violation = violation(() -> town.create("web", definition, 4, request -> request.capacityProviderStrategy(
                each -> each.capacityProvider("FARGATE").weight(1),
                each -> each.capacityProvider("FARGATE_SPOT").weight(1))));
        assertThat(violation.invariant()).isEqualTo("rest");
        assertThat(violation).hasMessageContaining("instead of 2.0");
    }

    /** A service of four tasks in the only zone; then comes another, with the bug in place. */
    private Violation rebalanced(UnaryOperator<List<Write<?>>> sabotage) {
        town.machine("us-east-1a", Map.of());
        town.create("web", town.definition("ok"), 4, request -> request.deploymentConfiguration(each ->
                each.minimumHealthyPercent(50).maximumPercent(200)));
        town.simulation().settle();
        town.simulation().plane().sabotage(sabotage);
        return violation(() -> town.machine("us-east-1b", Map.of()));
    }

    @Test
    void stopsTasksBeforeThoseThatReplaceThemRun() {
        var violation = rebalanced(writes -> {
            var more = new ArrayList<>(writes);
            if (writes.stream().anyMatch(write -> write.table() == EcsTables.REBALANCINGS)) {
                TaskRow row = town.live("web").getFirst();
                task(row, task -> task.desiredStatus("STOPPED").stopCode(TaskStopCode.SERVICE_SCHEDULER_INITIATED)
                        .stoppedReason("too eager").stoppingAt(town.simulation().timeline().now()))
                        .forEach(more::add);
            }
            return more;
        });
        assertThat(violation.invariant()).isEqualTo("zones");
    }

    @Test
    void doesNotRebalance() {
        var violation = rebalanced(writes -> writes.stream()
                .anyMatch(write -> write.table() == EcsTables.REBALANCINGS) ? List.of() : writes);
        assertThat(violation.invariant()).isEqualTo("rest");
        assertThat(violation).hasMessageContaining("is not balanced with {us-east-1a=4, us-east-1b=0}");
    }

    @Test
    void succeedsInSpiteOfAnAlarm() {
        var violation = violation(() -> {
            town.machines(2);
            town.simulation().outside().alarms().set("errors", StateValue.OK);
            town.create("web", town.definition("ok"), 2, Scenario.alarmed(true));
            town.simulation().settle();
            town.simulation().plane().sabotage(rows(ServiceDeploymentRow.class, put ->
                    put.row().deployment().alarms().status() == ServiceDeploymentRollbackMonitorsStatus.TRIGGERED
                            && !put.row().is(ServiceDeploymentStatus.IN_PROGRESS)
                            ? Stream.of(Write.put(EcsTables.SERVICE_DEPLOYMENTS, put.row().with(put.row().deployment()
                                    .toBuilder().status(ServiceDeploymentStatus.SUCCESSFUL).build())))
                            : Stream.of(put)));
            Scenario.alarm(town);
        });
        assertThat(violation.invariant()).isEqualTo("alarms");
        assertThat(violation).hasMessageContaining("succeeded");
    }

    @Test
    void givesUpTasksThatNobodyLost() {
        var violation = placed(rows(TaskRow.class, put -> put.row().stopped()
                        ? task(put.row(), task -> task.stopCode(TaskStopCode.TERMINATION_NOTICE)
                                .stoppedReason("The task was lost: planted")) : Stream.of(put)),
                request -> request.taskDefinition(town.definition("exit:1:300")));
        assertThat(violation.invariant()).isEqualTo("lost tasks");
    }
}
