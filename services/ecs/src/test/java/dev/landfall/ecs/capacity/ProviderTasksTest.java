package dev.landfall.ecs.capacity;

import static dev.landfall.ecs.capacity.Providers.item;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.landfall.ecs.EcsTables;
import dev.landfall.ecs.World;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.ecs.model.InvalidParameterException;
import software.amazon.awssdk.services.ecs.model.LaunchType;
import software.amazon.awssdk.services.ecs.model.RunTaskResponse;
import software.amazon.awssdk.services.ecs.model.Task;

/** Tasks that are placed by capacity providers of Auto Scaling groups. */
class ProviderTasksTest {
    private final World world = new World();
    private final Providers providers = new Providers(world, CapacityPolicy.AS_AWS);

    @Test
    void tasksOfAProviderGoToItsInstancesAndThoseOfALaunchTypeAnywhere() {
        world.definition("web");
        providers.associated("a", "b");
        String ofA = providers.instance("a", 10_000);
        String ofNone = providers.instance("", 100_000);
        assertThat(world.image().get(EcsTables.INSTANCES, ofA).orElseThrow().instance()
                .capacityProviderName()).isEqualTo("a");

        RunTaskResponse run = world.runTask(request -> request.count(3).capacityProviderStrategy(item("a", 1, 0)));
        assertThat(run.failures()).isEmpty();
        assertThat(run.tasks()).extracting(Task::capacityProviderName).containsOnly("a");
        assertThat(run.tasks()).extracting(Task::launchType).containsOnly(LaunchType.EC2);
        assertThat(providers.placed()).containsExactly(ofA);
        assertThatThrownBy(() -> world.runTask(request -> request.capacityProviderStrategy(item("b", 1, 0))))
                .isInstanceOf(InvalidParameterException.class)
                .hasMessageContaining("No Container Instances were found in your capacity provider.");

        world.runTask(request -> request.count(3).launchType(LaunchType.EC2));
        assertThat(providers.placed()).containsExactlyInAnyOrder(ofA, ofNone);
    }

    @Test
    void aStrategyOfOneRunSpreadsItsTasksAndAFullProviderFailsAlone() {
        world.definition("web");
        providers.associated("a", "b");
        providers.instance("a", 64 * 2);
        providers.instance("b", 10_000);
        RunTaskResponse run = world.runTask(request -> request.count(10)
                .capacityProviderStrategy(item("a", 1, 0), item("b", 1, 0)));
        assertThat(providers.counts()).isEqualTo(Map.of("a", 2, "b", 5));
        assertThat(run.failures()).singleElement()
                .satisfies(failure -> assertThat(failure.reason()).isEqualTo("RESOURCE:MEMORY"));
    }

    @Test
    void severalProvidersNeedAWeight() {
        world.definition("web");
        providers.associated("a", "b");
        providers.instance("a", 10_000);
        assertThatThrownBy(() -> world.runTask(request ->
                request.capacityProviderStrategy(item("a", 0, 1), item("b", 0, 0))))
                .isInstanceOf(InvalidParameterException.class);
        assertThat(world.runTask(request -> request.capacityProviderStrategy(item("a", 0, 0))).tasks()).hasSize(1);
    }

    @Test
    void aServiceKeepsItsStrategyWhenTasksEnd() {
        world.definition("web");
        providers.associated("a", "b");
        providers.instance("a", 10_000);
        providers.instance("b", 10_000);
        world.createService(request -> request.desiredCount(8)
                .capacityProviderStrategy(item("a", 1, 2), item("b", 2, 0)));
        world.settle("svc");
        assertThat(providers.counts()).isEqualTo(Map.of("a", 4, "b", 4));
        world.pass(Duration.ofMinutes(1)); // else they would count as failed starts, which are throttled
        world.live("svc").stream().filter(row -> row.task().capacityProviderName().equals("b")).limit(3)
                .forEach(row -> world.exited(row.arn(), 1));
        world.settle("svc");
        assertThat(providers.counts()).isEqualTo(Map.of("a", 4, "b", 4));
        world.updateService(request -> request.desiredCount(11));
        world.settle("svc");
        assertThat(providers.counts()).isEqualTo(Map.of("a", 5, "b", 6));
    }

    @Test
    void scalingInTakesFromTheProviderThatHasMoreThanItsShare() {
        world.definition("web");
        providers.associated("a", "b");
        providers.instance("a", 10_000);
        providers.instance("b", 10_000);
        world.createService(request -> request.desiredCount(9)
                .capacityProviderStrategy(item("a", 1, 3), item("b", 2, 0)));
        world.settle("svc");
        assertThat(providers.counts()).isEqualTo(Map.of("a", 5, "b", 4));
        for (var step : List.of(Map.of("a", 4, "b", 3), Map.of("a", 4, "b", 2), Map.of("a", 3, "b", 1))) {
            int desired = step.values().stream().mapToInt(Integer::intValue).sum();
            world.updateService(request -> request.desiredCount(desired));
            world.settle("svc");
            assertThat(providers.counts()).isEqualTo(step);
        }
        world.updateService(request -> request.desiredCount(2));
        world.settle("svc");
        assertThat(providers.counts()).isEqualTo(Map.of("a", 2));
    }

    @Test
    void aProviderWithoutRoomDoesNotHoldUpTheOthers() {
        world.definition("web");
        providers.associated("a", "b");
        providers.instance("b", 10_000);
        world.createService(request -> request.desiredCount(6)
                .capacityProviderStrategy(item("a", 1, 0), item("b", 1, 0)));
        world.settle("svc");
        assertThat(providers.counts()).isEqualTo(Map.of("b", 3));
        assertThat(world.events("svc")).anyMatch(event -> event.contains("was unable to place a task because no "
                + "container instance met all of its requirements. Reason: No Container Instances were found in your "
                + "capacity provider."));
        providers.instance("a", 10_000);
        world.settle("svc");
        assertThat(providers.counts()).isEqualTo(Map.of("a", 3, "b", 3));
    }

    @Test
    void aDrainedInstancesTasksAreReplacedInTheirOwnProvider() {
        world.definition("web");
        providers.associated("a", "b");
        String first = providers.instance("a", 10_000);
        providers.instance("b", 10_000);
        world.createService(request -> request.desiredCount(4)
                .capacityProviderStrategy(item("a", 1, 0), item("b", 1, 0)));
        world.settle("svc");
        String second = providers.instance("a", 10_000);
        providers.interrupt(new Interrupt.Request(List.of(), List.of(first), "", 0));
        world.settle("svc");
        assertThat(providers.counts()).isEqualTo(Map.of("a", 2, "b", 2));
        assertThat(providers.placed()).contains(second).doesNotContain(first);
    }
}
