package dev.landfall.ecs.capacity;

import static dev.landfall.ecs.capacity.Providers.item;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.landfall.ecs.EcsEffect;
import dev.landfall.ecs.EcsTables;
import dev.landfall.ecs.World;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.ecs.model.InvalidParameterException;
import software.amazon.awssdk.services.ecs.model.LaunchType;
import software.amazon.awssdk.services.ecs.model.Task;
import software.amazon.awssdk.services.ecs.model.TaskStopCode;

/** Interruptions of Spot capacity. */
class SpotTest {
    private final World world = new World();
    private final Providers providers = new Providers(world, CapacityPolicy.AS_AWS);

    @Test
    void aFargateSpotTaskIsStoppedAndReplacedAtOnce() {
        world.fargateDefinition("net");
        world.managedInstance(100_000);
        world.createService(request -> request.taskDefinition("net").desiredCount(4)
                .capacityProviderStrategy(item("FARGATE", 1, 1), item("FARGATE_SPOT", 2, 0)));
        world.settle("svc");
        assertThat(providers.counts()).isEqualTo(Map.of("FARGATE", 2, "FARGATE_SPOT", 2));
        String victim = spotTask();
        world.takeEffects();

        assertThat(providers.interrupt(new Interrupt.Request(List.of(victim), List.of(), "", 0)).tasks())
                .containsExactly(victim);
        Task task = world.task(victim).task();
        assertThat(task.stopCode()).isEqualTo(TaskStopCode.SPOT_INTERRUPTION);
        assertThat(task.stoppedReason()).isEqualTo("Your Spot Task was interrupted.");
        assertThat(task.desiredStatus()).isEqualTo("STOPPED");
        assertThat(task.lastStatus()).as("until its agent says so").isEqualTo("RUNNING");
        assertThat(world.takeEffects()).contains(new EcsEffect.Deliver(world.task(victim).instanceArn(), victim));

        world.reconcile("svc");
        assertThat(providers.counts()).isEqualTo(Map.of("FARGATE", 2, "FARGATE_SPOT", 2));
        world.settle("svc");
        assertThat(world.task(victim).task().lastStatus()).isEqualTo("STOPPED");
        assertThat(world.task(victim).task().stopCode()).isEqualTo(TaskStopCode.SPOT_INTERRUPTION);
        assertThat(world.service("svc").deployments().getFirst().failedTasks()).isZero();
    }

    @Test
    void onlySpotTasksThatRunCanBeNamed() {
        world.fargateDefinition("net");
        world.managedInstance(100_000);
        String fargate = world.runTask(request -> request.taskDefinition("net").launchType(LaunchType.FARGATE))
                .tasks().getFirst().taskArn();
        for (String arn : List.of(fargate, World.ARN + "task/default/" + "0".repeat(32), "x")) {
            assertThatThrownBy(() -> providers.interrupt(new Interrupt.Request(List.of(arn), List.of(), "", 0)))
                    .isInstanceOf(InvalidParameterException.class).hasMessageContaining(arn);
        }
        assertThatThrownBy(() -> providers.interrupt(new Interrupt.Request(List.of(), List.of("x"), "", 0)))
                .isInstanceOf(InvalidParameterException.class);
        assertThat(world.task(fargate).wanted()).isTrue();
        assertThat(providers.interrupt(new Interrupt.Request(List.of(), List.of(), "", 10)).tasks()).isEmpty();
    }

    @Test
    void aNumberOfWhatThereIsIsChosen() {
        world.fargateDefinition("net");
        world.managedInstance(100_000);
        world.cluster("other");
        for (String cluster : List.of("default", "other")) {
            world.runTask(request -> request.cluster(cluster).taskDefinition("net").count(3)
                    .capacityProviderStrategy(item("FARGATE_SPOT", 1, 0)));
        }
        String instance = providers.spotInstance(1_000);
        providers.instance("", 1_000);
        assertThat(providers.interrupt(new Interrupt.Request(List.of(), List.of(), "other", 2)).tasks())
                .hasSize(2).allMatch(arn -> arn.contains(":task/other/"));
        var all = providers.interrupt(new Interrupt.Request(List.of(), List.of(), "", Integer.MAX_VALUE));
        assertThat(all.tasks()).hasSize(4).doesNotHaveDuplicates();
        assertThat(all.containerInstances()).containsExactly(instance);
        assertThat(spotTasks()).isEmpty();
    }

    @Test
    void aSpotInstanceDrainsAndEndsWithItsWarning() {
        world.definition("web");
        String spot = providers.spotInstance(64 * 10);
        world.createService(request -> request.desiredCount(2));
        world.settle("svc");
        String alone = world.runTask(request -> request.launchType(LaunchType.EC2)).tasks().getFirst().taskArn();
        world.running(alone);
        String other = providers.instance("", 64 * 10);

        assertThat(providers.interrupt(new Interrupt.Request(List.of(), List.of(spot), "", 0)).containerInstances())
                .containsExactly(spot);
        assertThat(status(spot)).isEqualTo("DRAINING");
        world.settle("svc");
        assertThat(world.live("svc")).hasSize(2).allMatch(row -> row.instanceArn().equals(other));
        assertThat(world.task(alone).wanted()).as("standalone tasks stay until the end").isTrue();
        assertThat(providers.look(spot)).isEqualTo(Optional.of(Duration.ofMinutes(2)));
        world.pass(Duration.ofMinutes(1));
        providers.interrupt(new Interrupt.Request(List.of(), List.of(spot), "", 0));
        assertThat(providers.look(spot)).as("a second notice does not prolong the first")
                .isEqualTo(Optional.of(Duration.ofMinutes(1)));
        world.pass(Duration.ofMinutes(1));
        assertThat(providers.look(spot)).isEmpty();
        assertThat(status(spot)).isEqualTo("INACTIVE");
        Task ended = world.task(alone).task();
        assertThat(ended.lastStatus()).isEqualTo("STOPPED");
        assertThat(ended.stopCode()).isEqualTo(TaskStopCode.TERMINATION_NOTICE);
        assertThat(ended.stoppedReason()).isEqualTo("Host EC2 (instance "
                + world.image().get(EcsTables.INSTANCES, spot).orElseThrow().instance().ec2InstanceId()
                + ") terminated.");
        assertThat(world.image().size(EcsTables.INTERRUPTION_NOTICES)).isZero();
        assertThat(providers.look(spot)).isEmpty();
    }

    private String status(String instance) {
        return world.image().get(EcsTables.INSTANCES, instance).orElseThrow().instance().status();
    }

    private String spotTask() {
        return spotTasks().getFirst();
    }

    private List<String> spotTasks() {
        return Stream.of("default", "other").flatMap(cluster -> world.image()
                .keys(EcsTables.TASKS, EcsTables.TASKS_ON_SPOT, World.ARN + "cluster/" + cluster).stream()).toList();
    }
}
