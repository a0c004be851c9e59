package dev.landfall.ecs.placement;

import static dev.landfall.ecs.World.attribute;
import static dev.landfall.ecs.World.integer;
import static org.assertj.core.api.Assertions.assertThat;

import dev.landfall.ecs.EcsTables;
import dev.landfall.ecs.World;
import dev.landfall.ecs.task.RunTask;
import dev.landfall.ecs.task.StopTask;
import dev.landfall.ecs.task.TaskRow;
import dev.landfall.protocol.Capabilities;
import dev.landfall.state.Image;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.ecs.model.Attribute;
import software.amazon.awssdk.services.ecs.model.PlacementConstraint;
import software.amazon.awssdk.services.ecs.model.PlacementStrategy;
import software.amazon.awssdk.services.ecs.model.Resource;
import software.amazon.awssdk.services.ecs.model.ResourceType;
import software.amazon.awssdk.services.ecs.model.RunTaskRequest;
import software.amazon.awssdk.services.ecs.model.RunTaskResponse;
import software.amazon.awssdk.services.ecs.model.StopTaskRequest;
import software.amazon.awssdk.services.ecs.model.TaskDefinition;
import software.amazon.awssdk.services.ecs.model.TaskOverride;

/** Over made-up clusters, tasks, constraints and strategies, the engine chooses as the exhaustive oracle does. */
@SuppressWarnings("unchecked") // the SDK takes several consumers as a generic array
class PlacementPropertyTest {
    private static final TaskOverride NONE = TaskOverride.builder().containerOverrides(List.of()).build();
    private static final List<String> EXPRESSIONS = List.of("attribute:rack == a", "attribute:rack != a",
            "not(task:group == g0)", "task:group == g1", "runningTasksCount < 2", "attribute:rack exists",
            "attribute:ecs.availability-zone in [z-a, z-b]", "attribute:rack =~ '[bc]'",
            "attribute:rack in [c, d] and agentConnected == true", "attribute:rack !exists",
            "attribute:rack not_in [a, b]", "attribute:rack !~ '[ab]'", "attribute:rack > a",
            "attribute:rack == b or attribute:ecs.availability-zone == z-a",
            "attribute:rack == b or not(attribute:rack exists)");
    private static final List<PlacementStrategy> STRATEGIES = Stream.of("spread|attribute:ecs.availability-zone",
            "spread|attribute:rack", "spread|instanceId", "spread|host", "binpack|cpu", "binpack|memory", "random|")
            .map(text -> text.split("\\|", 2))
            .map(parts -> PlacementStrategy.builder().type(parts[0]).field(parts[1]).build()).toList();

    private static final String CLUSTER = World.ARN + "cluster/default";

    private World world = new World();
    private List<TaskDefinition> definitions = List.of();

    @Property(tries = 150)
    void choosesAsTheOracleDoes(@ForAll Random random) {
        world = new World();
        cluster(random);
        for (int step = 0; step < 40; step++) {
            switch (random.nextInt(8)) {
                case 0 -> taskOf(random).ifPresent(task -> world.exited(task.arn(), 0));
                case 1 -> taskOf(random).ifPresent(task -> stop(task.arn()));
                case 2 -> flap(random);
                default -> run(random, "step " + step);
            }
        }
    }

    /** Seeds that found a round's walk going on behind instances it had passed by, which were as good as its find. */
    @ParameterizedTest
    @ValueSource(longs = {462, 1380})
    void choosesAsTheOracleDoesAlsoWhereItOnceDidNot(long seed) {
        choosesAsTheOracleDoes(new Random(seed));
    }

    private void cluster(Random random) {
        int instances = 1 + random.nextInt(20);
        for (int i = 0; i < instances; i++) {
            world.instance(100 + 100 * random.nextInt(6), "default", request -> {
                var attributes = new ArrayList<Attribute>(request.build().attributes());
                attributes.add(attribute("ecs.availability-zone", pick(random, "z-a", "z-b", "z-c")));
                if (random.nextInt(3) > 0) {
                    attributes.add(attribute("rack", pick(random, "a", "a", "a", "b", "c")));
                }
                var resources = new ArrayList<Resource>(request.build().totalResources());
                if (random.nextInt(3) == 0) {
                    attributes.add(attribute(Capabilities.CAPACITY_PROVIDER, "group"));
                }
                resources.set(0, integer("CPU", pick(random, 300, 1024, 4096)));
                resources.add(pick(random, World.ports("GPU", "GPU-1", "GPU-0"), integer("GPU", 1),
                        World.ports("GPU")));
                request.attributes(attributes).totalResources(resources);
            });
        }
        world.managedInstance(10_000);
        definitions = List.of(world.definition("web"),
                world.definition(request -> request.family("big").containerDefinitions(
                        World.container("app").toBuilder().memory(200).cpu(0).build())),
                world.definition(request -> request.family("port").containerDefinitions(World.container("app")
                        .toBuilder().portMappings(port -> port.containerPort(80).hostPort(8080)).build())),
                world.definition(request -> request.family("gpu").containerDefinitions(World.container("app")
                        .toBuilder().resourceRequirements(gpu -> gpu.type(ResourceType.GPU).value("1")).build())),
                world.definition(request -> request.family("own").placementConstraints(
                        each -> each.type("memberOf").expression(pick(random, EXPRESSIONS.toArray(String[]::new))))));
    }

    private void run(Random random, String step) {
        TaskDefinition definition = definitions.get(random.nextInt(definitions.size()));
        String group = "g" + random.nextInt(3);
        var constraints = new ArrayList<PlacementConstraint>();
        if (random.nextInt(4) == 0) {
            constraints.add(PlacementConstraint.builder().type("distinctInstance").build());
        }
        if (random.nextInt(3) == 0) {
            constraints.add(PlacementConstraint.builder().type("memberOf")
                    .expression(pick(random, EXPRESSIONS.toArray(String[]::new))).build());
        }
        var strategies = new ArrayList<PlacementStrategy>();
        for (int i = random.nextInt(4); i > 0; i--) {
            strategies.add(STRATEGIES.get(random.nextInt(STRATEGIES.size())));
        }
        var wanted = new Wanted(Demand.of(definition, NONE), CLUSTER, EcsTables.owner("", CLUSTER, group),
                Rules.ofTask(definition, constraints, strategies));
        chooses(random, world.image(), new Wanted(
                wanted.demand(), EcsTables.poolKey(CLUSTER, "group"), wanted.owner(), wanted.rules()), step);
        // A random number is drawn from the image's version, which one request for two tasks has otherwise than two.
        int count = strategies.stream().anyMatch(each -> each.typeAsString().equals("random"))
                ? 1 : 1 + random.nextInt(4);
        var request = RunTaskRequest.builder().taskDefinition(definition.taskDefinitionArn()).group(group)
                .placementConstraints(constraints).placementStrategy(strategies);
        Image image = world.image();
        var expected = new ArrayList<String>();
        for (int i = 0; i < count; i++) {
            Optional<String> choice = chooses(random, image, wanted, step);
            if (choice.isEmpty()) {
                break;
            }
            expected.add(choice.get());
            image = RunTask.decide(image, request.count(1).build(), World.SCOPE, world.context()).after(image);
        }
        RunTaskResponse response = world.runTask(each -> each.taskDefinition(definition.taskDefinitionArn())
                .group(group).placementConstraints(constraints).placementStrategy(strategies).count(count));
        assertThat(response.tasks()).extracting(task -> task.containerInstanceArn()).isEqualTo(expected);
        if (expected.size() < count) {
            assertThat(response.failures()).hasSize(world.image().count(
                    EcsTables.INSTANCES, EcsTables.INSTANCES_BY_CLUSTER, CLUSTER));
        }
    }

    /** The oracle's choice, which is the engine's. */
    private Optional<String> chooses(Random random, Image image, Wanted wanted, String step) {
        Optional<String> choice = new PlacementOracle(image, wanted).choice();
        // Clusters are small here: the ways that searches take in large ones are to be taken soon.
        var hasty = new Round(new Round.Limits(1 + random.nextInt(3), random.nextInt(4)));
        for (Round round : List.of(new Round(), hasty)) {
            assertThat(Placement.place(image, wanted, round).map(fits -> fits.instance().arn()))
                    .as(() -> step + ", " + round.limits() + ": " + wanted + describe()).isEqualTo(choice);
        }
        return choice;
    }

    private String describe() {
        return world.image().all(EcsTables.LOADS).stream().map(Object::toString).collect(Collectors.joining("\n"));
    }

    private Optional<TaskRow> taskOf(Random random) {
        List<TaskRow> live = world.image().all(EcsTables.TASKS).stream().filter(row -> !row.stopped()).toList();
        return live.isEmpty() ? Optional.empty() : Optional.of(live.get(random.nextInt(live.size())));
    }

    /** Its agent takes its time. */
    private void stop(String arn) {
        world.decide((image, scope, context) -> StopTask.decide(
                image, StopTaskRequest.builder().task(arn).build(), scope, context));
    }

    private void flap(Random random) {
        List<String> arns = List.copyOf(world.image().keys(EcsTables.INSTANCES, EcsTables.INSTANCES_BY_CLUSTER,
                CLUSTER));
        String arn = arns.get(random.nextInt(arns.size()));
        if (random.nextBoolean()) {
            world.connected(arn, random.nextInt(3) > 0);
            return;
        }
        world.status(arn, random.nextInt(3) > 0 ? "ACTIVE" : "DRAINING");
    }

    @SafeVarargs
    private static <T> T pick(Random random, T... from) {
        return from[random.nextInt(from.length)];
    }
}
