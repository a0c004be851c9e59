package dev.landfall.ecs.placement;

import static dev.landfall.ecs.World.attribute;
import static org.assertj.core.api.Assertions.assertThat;

import dev.landfall.ecs.EcsTables;
import dev.landfall.ecs.World;
import dev.landfall.ecs.instance.AgentConnection;
import dev.landfall.ecs.instance.RegisterContainerInstance;
import dev.landfall.ecs.task.RunTask;
import dev.landfall.ecs.task.StartTask;
import dev.landfall.state.Image;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.ecs.model.Attribute;
import software.amazon.awssdk.services.ecs.model.PlacementConstraint;
import software.amazon.awssdk.services.ecs.model.PlacementStrategy;
import software.amazon.awssdk.services.ecs.model.RunTaskRequest;
import software.amazon.awssdk.services.ecs.model.StartTaskRequest;
import software.amazon.awssdk.services.ecs.model.TaskDefinition;
import software.amazon.awssdk.services.ecs.model.TaskOverride;

/** How many instances a placement comes by in a cluster of 1,200, by strategy and by how full the cluster is. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PlacementCostTest {
    private static final int INSTANCES = 1_200;

    /** A handful: what a search may look at where an index serves it, be the cluster empty or full. */
    private static final int LOOKS = 5;

    /** What it may come by, or look at for a constraint: its patience, and then the few that are compared. */
    private static final int PASSES = 100;

    private static final String CLUSTER = World.ARN + "cluster/default";
    private static final List<String> STRATEGIES = List.of("", "random", "binpack:cpu", "binpack:memory",
            "spread:instanceId", "spread:attribute:ecs.availability-zone", "spread:attribute:rack",
            "spread:attribute:ecs.availability-zone spread:instanceId",
            "spread:attribute:ecs.availability-zone binpack:cpu",
            "spread:attribute:ecs.availability-zone binpack:memory",
            "spread:attribute:ecs.availability-zone random", "spread:attribute:rack spread:instanceId",
            "binpack:cpu binpack:memory", "spread:instanceId random");

    /** Where no index has the order that both strategies want together: all may have to be compared, by counters. */
    private static final List<String> COMPARED =
            List.of("spread:instanceId binpack:memory", "binpack:memory spread:instanceId");

    private final World world = new World();
    private final TaskDefinition web = world.definition("web");
    private final TaskDefinition filler = world.definition(request -> request.family("filler").containerDefinitions(
            World.container("app").toBuilder().cpu(2048).memory(1_000).build()));
    private List<String> arns = List.of();
    private Image empty = world.image();

    record Row(String cluster, Image image, String strategies) {
        @Override
        public String toString() {
            return cluster + ", " + (strategies.isEmpty() ? "no strategy" : strategies);
        }
    }

    @BeforeAll
    void cluster() {
        var registered = new ArrayList<String>();
        for (int i = 0; i < INSTANCES; i++) {
            var request = World.instanceRequest(1_000, "default");
            var attributes = new ArrayList<Attribute>(request.build().attributes());
            attributes.add(attribute("ecs.availability-zone", "z-" + "abc".charAt(i % 3)));
            attributes.add(attribute("rack", i % 100 == 7 ? "odd" : "r" + i % 20));
            attributes.add(attribute("number", String.valueOf(i)));
            var decision = RegisterContainerInstance.decide(
                    empty, request.attributes(attributes).build(), World.SCOPE, world.context());
            String arn = decision.reply().containerInstance().containerInstanceArn();
            Image with = decision.after(empty);
            empty = AgentConnection.decide(with, arn, true, world.context()).after(with);
            registered.add(arn);
        }
        arns = List.copyOf(registered);
    }

    private Image with(Image image, TaskDefinition definition, List<String> on) {
        Image next = image;
        for (int i = 0; i < on.size(); i += 10) { // as many as StartTask takes
            var request = StartTaskRequest.builder().taskDefinition(definition.taskDefinitionArn()).group("g")
                    .containerInstances(on.subList(i, Math.min(i + 10, on.size())));
            if (definition == filler) {
                request.group("other");
            }
            next = StartTask.decide(next, request.build(), World.SCOPE, world.context()).after(next);
        }
        return next;
    }

    private List<String> each(int nth) {
        return IntStream.range(0, INSTANCES).filter(i -> i % nth == 0).mapToObj(arns::get).toList();
    }

    private Stream<Row> rows() {
        Image half = with(empty, filler, each(2));
        Image allButOne = with(empty, filler, arns.stream().filter(arn -> !arn.equals(arns.get(700))).toList());
        Image full = with(allButOne, filler, List.of(arns.get(700)));
        Image everywhere = with(empty, web, arns);
        Image twiceButOne = with(everywhere, web, arns.stream().filter(arn -> !arn.equals(arns.get(700))).toList());
        Image everywhereAndHalf = with(everywhere, web, each(2));
        return Stream.concat(STRATEGIES.stream(), COMPARED.stream()).flatMap(strategies -> Stream.of(
                new Row("empty", empty, strategies),
                new Row("every second instance full", half, strategies),
                new Row("full but one", allButOne, strategies),
                new Row("full", full, strategies),
                new Row("a task of the owner everywhere", everywhere, strategies),
                new Row("one everywhere, two on every second", everywhereAndHalf, strategies),
                new Row("two of the owner everywhere but on one", twiceButOne, strategies)));
    }

    @ParameterizedTest
    @MethodSource("rows")
    void looksAtAHandful(Row row) {
        var round = new Round();

        Optional<Verdict.Fits> fits = Placement.place(row.image, wanted(row.strategies, List.of()), round);

        assertThat(fits.isPresent()).isEqualTo(!row.cluster.equals("full"));
        assertThat(round.looks()).as("looked at").isLessThanOrEqualTo(LOOKS);
        assertThat(round.passes()).as("came by")
                .isLessThanOrEqualTo(COMPARED.contains(row.strategies) ? INSTANCES + PASSES : PASSES);
    }

    /** Constraints that hardly any instance meets, hardly any fails, and that no index serves. */
    @ParameterizedTest
    @ValueSource(strings = {"attribute:rack != odd", "attribute:rack == odd", "attribute:rack !~ 'r.*'",
            "attribute:rack not_in [odd, r1]", "attribute:rack in [odd, r1]", "attribute:rack exists",
            "attribute:disk exists", "attribute:disk !exists", "not(attribute:rack == odd)",
            "attribute:rack == odd or attribute:disk == ssd", "attribute:rack =~ 'o.*' and agentConnected == true",
            "attribute:number != 4"})
    void evaluatesAHandful(String expression) {
        var constraint = PlacementConstraint.builder().type("memberOf").expression(expression).build();
        for (String strategies : STRATEGIES) {
            var round = new Round();

            Optional<Verdict.Fits> fits = Placement.place(empty, wanted(strategies, List.of(constraint)), round);

            assertThat(fits.isPresent()).as(strategies).isEqualTo(!expression.equals("attribute:disk exists"));
            assertThat(round.looks()).as(strategies).isLessThanOrEqualTo(PASSES);
            assertThat(round.passes()).as(strategies).isLessThanOrEqualTo(PASSES);
        }
    }

    /** A constraint that no index serves and no instance meets: each is asked, but only once. */
    @Test
    void asksEachInstanceOnceInARound() {
        var never = PlacementConstraint.builder().type("memberOf").expression("not(attribute:rack exists)").build();
        var round = new Round();
        for (int i = 0; i < 3; i++) {
            assertThat(Placement.place(empty, wanted("", List.of(never)), round)).isEmpty();
        }
        assertThat(round.looks()).isEqualTo(INSTANCES);
    }

    /** The tasks of one request want the same: ten cost little more than one, wherever those of before are. */
    @Test
    void aRoundOfTasksCostsAHandfulEach() {
        Image everywhere = with(empty, web, arns);
        for (String strategies : STRATEGIES) {
            var wanted = wanted(strategies, List.of());
            var request = RunTaskRequest.builder().taskDefinition(web.taskDefinitionArn()).group("g");
            var round = new Round();
            Image image = everywhere;
            for (int i = 0; i < 10; i++) {
                Placement.place(image, wanted, round).orElseThrow();
                image = RunTask.decide(image, request.placementStrategy(parsed(strategies)).build(), World.SCOPE,
                        world.context()).after(image);
            }
            assertThat(round.looks()).as(strategies).isLessThanOrEqualTo(10 * LOOKS);
            assertThat(round.passes()).as(strategies).isLessThanOrEqualTo(10 * PASSES);
        }
    }

    private Wanted wanted(String strategies, List<PlacementConstraint> constraints) {
        return new Wanted(Demand.of(web, TaskOverride.builder().containerOverrides(List.of()).build()), CLUSTER,
                EcsTables.owner("", CLUSTER, "g"), Rules.ofTask(web, constraints, parsed(strategies)));
    }

    private static List<PlacementStrategy> parsed(String strategies) {
        return strategies.isEmpty() ? List.of() : Stream.of(strategies.split(" "))
                .map(each -> each.split(":", 2))
                .map(parts -> PlacementStrategy.builder().type(parts[0]).field(parts.length > 1 ? parts[1] : null)
                        .build()).toList();
    }
}
