package dev.landfall.ecs.capacity;

import static org.assertj.core.api.Assertions.assertThat;

import dev.landfall.ecs.EcsTables;
import dev.landfall.ecs.World;
import dev.landfall.ecs.instance.UpdateContainerInstancesState;
import dev.landfall.ecs.task.TaskRow;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.ecs.model.LaunchType;
import software.amazon.awssdk.services.ecs.model.UpdateContainerInstancesStateRequest;

/** Draining a container instance, as UpdateContainerInstancesState is documented. */
class DrainingTest {
    @Property(tries = 150)
    void staysWithinThePercentagesAndEndsWithTheInstanceEmpty(@ForAll @IntRange(min = 1, max = 12) int desired,
            @ForAll @IntRange(max = 100) int min, @ForAll @IntRange(min = 101, max = 220) int max) {
        var world = new World();
        world.definition("web");
        String drained = world.instance(64 * 40);
        world.createService(request -> request.desiredCount(desired).deploymentConfiguration(bounds ->
                bounds.minimumHealthyPercent(min).maximumPercent(max)));
        world.settle("svc");
        world.instance(64 * 40);
        state(world, drained, "DRAINING");

        int floor = Math.ceilDiv(desired * min, 100);
        int ceiling = desired * max / 100;
        for (int step = 0; step < 100; step++) {
            world.reconcile("svc");
            List<TaskRow> live = world.live("svc");
            assertThat(live).hasSizeLessThanOrEqualTo(Math.max(ceiling, desired));
            assertThat(live.stream().filter(TaskRow::healthy).count()).isGreaterThanOrEqualTo(floor);
            live.stream().filter(row -> row.task().startedAt() == null).findFirst()
                    .ifPresent(row -> world.running(row.arn()));
        }
        world.settle("svc");
        // Both bounds may forbid every step, as in ECS: a task must not stop before its replacement, nor start.
        boolean possible = ceiling > desired || floor < desired;
        assertThat(world.live("svc").stream().allMatch(row -> !row.instanceArn().equals(drained))).isEqualTo(possible);
        assertThat(world.live("svc")).hasSize(desired);
    }

    @Test
    void pendingServiceTasksStopAtOnceAndStandaloneTasksStay() {
        var world = new World();
        world.definition("web");
        String drained = world.instance(64 * 10);
        world.createService(request -> request.desiredCount(2));
        world.reconcile("svc");
        String alone = world.runTask(request -> request.launchType(LaunchType.EC2)).tasks().getFirst().taskArn();
        List<TaskRow> pending = world.live("svc");
        state(world, drained, "DRAINING");
        world.reconcile("svc");
        assertThat(pending).allMatch(row -> !world.task(row.arn()).wanted());
        world.settle("svc");
        assertThat(world.live("svc")).as("there is nowhere else to go").isEmpty();
        assertThat(world.task(alone).wanted()).isTrue();

        state(world, drained, "ACTIVE");
        world.settle("svc");
        assertThat(world.live("svc")).hasSize(2).allMatch(row -> row.instanceArn().equals(drained));
        assertThat(world.image().count(EcsTables.INSTANCES, EcsTables.INSTANCES_DRAINING,
                World.ARN + "cluster/default")).isZero();
    }

    private static void state(World world, String instance, String status) {
        var request = UpdateContainerInstancesStateRequest.builder().cluster("default").containerInstances(instance)
                .status(status).build();
        world.decide((image, scope, context) -> UpdateContainerInstancesState.decide(image, request, scope));
    }
}
