package dev.landfall.ecs.capacity;

import static org.assertj.core.api.Assertions.assertThat;

import dev.landfall.ecs.EcsTables;
import dev.landfall.ecs.World;
import dev.landfall.ecs.task.TaskRow;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.ecs.model.LaunchType;
import software.amazon.awssdk.services.ecs.model.Task;
import software.amazon.awssdk.services.ecs.model.TaskStopCode;

/** Agents that go and do not come back. */
class LostTasksTest {
    private static final CapacityPolicy AFTER_A_MINUTE =
            new CapacityPolicy(Duration.ofMinutes(2), 0, Optional.of(Duration.ofMinutes(1)));

    private final World world = new World();

    @Test
    void asInEcsNothingIsReplacedForADisconnectedAgent() {
        var providers = new Providers(world, CapacityPolicy.AS_AWS);
        List<TaskRow> before = aServiceOnManagedCapacity();
        String gone = before.getFirst().instanceArn();
        world.connected(gone, false);
        world.pass(Duration.ofDays(30));
        assertThat(providers.look(gone)).isEmpty();
        world.settle("svc");
        assertThat(world.live("svc")).isEqualTo(before);
    }

    @Test
    void withThePolicyTasksOfAManagedAgentThatNeverComesBackAreReplaced() {
        var providers = new Providers(world, AFTER_A_MINUTE);
        List<TaskRow> before = aServiceOnManagedCapacity();
        String gone = before.getFirst().instanceArn();
        world.connected(gone, false);
        String other = world.managedInstance(10_000);
        world.pass(Duration.ofSeconds(20));
        assertThat(providers.look(gone)).isEqualTo(Optional.of(Duration.ofSeconds(40)));
        assertThat(world.live("svc")).isEqualTo(before);
        world.pass(Duration.ofSeconds(40));
        assertThat(providers.look(gone)).isEmpty();
        world.settle("svc");

        assertThat(world.live("svc")).hasSize(2).allMatch(row -> row.instanceArn().equals(other));
        Task lost = world.task(before.getFirst().arn()).task();
        assertThat(lost.lastStatus()).isEqualTo("STOPPED");
        assertThat(lost.stopCode()).isEqualTo(TaskStopCode.TERMINATION_NOTICE);
        assertThat(lost.stoppedReason()).isEqualTo("The task was lost: the agent of its container instance has been "
                + "disconnected for more than 60 seconds.");
        assertThat(world.service("svc").deployments().getFirst().failedTasks()).isZero();
        // The agent that comes back is given none of them: whatever it reports or asks, they stay over.
        world.connected(gone, true);
        assertThat(world.image().find(EcsTables.TASKS, EcsTables.TASKS_BY_INSTANCE, gone)).isEmpty();
        world.running(before.getFirst().arn());
        assertThat(world.task(before.getFirst().arn()).task().lastStatus()).isEqualTo("STOPPED");
        world.settle("svc");
        assertThat(world.live("svc")).hasSize(2);
    }

    @Test
    void anAgentThatComesBackInTimeLosesNothing() {
        var providers = new Providers(world, AFTER_A_MINUTE);
        List<TaskRow> before = aServiceOnManagedCapacity();
        String away = before.getFirst().instanceArn();
        world.connected(away, false);
        world.pass(Duration.ofSeconds(59));
        world.connected(away, true);
        world.pass(Duration.ofSeconds(30));
        assertThat(providers.look(away)).isEmpty();
        assertThat(world.live("svc")).isEqualTo(before);
        assertThat(world.image().size(EcsTables.ABSENCES)).isZero();
    }

    private List<TaskRow> aServiceOnManagedCapacity() {
        world.fargateDefinition("net");
        world.managedInstance(10_000);
        world.createService(request -> request.taskDefinition("net").launchType(LaunchType.FARGATE));
        world.settle("svc");
        return world.live("svc");
    }
}
