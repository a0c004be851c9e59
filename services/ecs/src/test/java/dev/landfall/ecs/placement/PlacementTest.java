package dev.landfall.ecs.placement;

import static org.assertj.core.api.Assertions.assertThat;

import dev.landfall.ecs.EcsTables;
import dev.landfall.ecs.World;
import dev.landfall.ecs.instance.InstanceRow;
import dev.landfall.ecs.placement.Verdict.Fits;
import dev.landfall.ecs.task.TaskRow;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.services.ecs.model.TaskDefinition;
import software.amazon.awssdk.services.ecs.model.TaskOverride;

class PlacementTest {
    private static final TaskOverride NONE = TaskOverride.builder().containerOverrides(List.of()).build();

    /** The index gives the very instance that a look at all of them would. */
    @Property(tries = 80)
    void choosesAsIfItHadLookedAtAllInstances(@ForAll long seed) {
        var random = new Random(seed);
        var world = new World();
        for (int i = 0; i < 6; i++) {
            String arn = world.instance(100 + 100 * random.nextInt(6));
            world.connected(arn, random.nextInt(5) > 0);
        }
        world.managedInstance(100_000);
        List<TaskDefinition> definitions = List.of(world.definition("web"), world.definition(request ->
                request.family("big").containerDefinitions(World.container("app").toBuilder().memory(200).build())));
        for (int i = 0; i < 40; i++) {
            TaskDefinition definition = definitions.get(random.nextInt(2));
            if (random.nextInt(3) == 0) {
                endOne(world, random);
                continue;
            }
            Optional<String> expected = best(world, Demand.of(definition, NONE));
            Optional<String> actual = world.runTask(request -> request.taskDefinition(definition.taskDefinitionArn()))
                    .tasks().stream().map(task -> task.containerInstanceArn()).findFirst();
            assertThat(actual).as("seed %d, step %d", seed, i).isEqualTo(expected);
        }
    }

    private static void endOne(World world, Random random) {
        List<TaskRow> live = world.image().all(EcsTables.TASKS).stream().filter(row -> !row.stopped()).toList();
        if (!live.isEmpty()) {
            world.exited(live.get(random.nextInt(live.size())).arn(), 0);
        }
    }

    private static Optional<String> best(World world, Demand demand) {
        return world.image().all(EcsTables.INSTANCES).stream()
                .filter(row -> !row.managed() && Placement.judge(world.image(), demand, row) instanceof Fits)
                .min(Comparator.comparingInt((InstanceRow row) ->
                                world.image().count(EcsTables.TASKS, EcsTables.TASKS_BY_INSTANCE, row.arn()))
                        .thenComparing(row -> Placement.load(world.image(), row.arn()).memory()
                                - Placement.registered(row, "MEMORY"))
                        .thenComparing(InstanceRow::arn))
                .map(InstanceRow::arn);
    }

    /** Two containers with all the memory an int can hold must not add up to none. */
    @Test
    void demandsDoNotOverflow() {
        var container = World.container("a").toBuilder().memory(Integer.MAX_VALUE).cpu(Integer.MAX_VALUE).build();
        var definition = TaskDefinition.builder().containerDefinitions(
                container, container.toBuilder().name("b").build()).build();

        assertThat(Demand.of(definition, NONE).memory()).isEqualTo(Integer.MAX_VALUE);
        assertThat(Demand.of(definition, NONE).cpu()).isEqualTo(Integer.MAX_VALUE);
    }

    @ParameterizedTest
    @CsvSource({"10.0.0.0/20, true", "172.31.255.0/24, true", "10.0.0.0/30, true", "10.0.0.0/31, false",
            "10.0.0.0/7, false",
            "10.0.0/20, false", "10.0.0.256/20, false", "10.0.0.0, false", "'', false", "x, false"})
    void knowsABlockWhenItSeesOne(String cidr, boolean valid) {
        assertThat(AddressBlock.valid(cidr)).isEqualTo(valid);
    }

    @Test
    void addressesGoRoundTheBlockWithoutItsEnds() {
        var block = AddressBlock.parse("10.0.0.0/29");
        int last = 0;
        var given = new java.util.ArrayList<String>();
        for (int i = 0; i < 6; i++) {
            last = block.next(address -> true, last).orElseThrow();
            given.add(block.address(last));
        }
        assertThat(given).containsExactly("10.0.0.2", "10.0.0.3", "10.0.0.4", "10.0.0.5", "10.0.0.6", "10.0.0.2");
        assertThat(block.next(address -> address.endsWith(".4"), 6)).hasValue(4);
        assertThat(block.next(address -> false, 0)).isEmpty();
        assertThat(block.gateway()).isEqualTo("10.0.0.1/29");
    }
}
