package dev.landfall.ecs.placement;

import static dev.landfall.ecs.World.attribute;
import static dev.landfall.ecs.World.integer;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.landfall.ecs.EcsTables;
import dev.landfall.ecs.World;
import dev.landfall.ecs.instance.DescribeContainerInstances;
import dev.landfall.ecs.task.StartTask;
import dev.landfall.ecs.task.TaskRow;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.services.ecs.model.Attribute;
import software.amazon.awssdk.services.ecs.model.ContainerOverride;
import software.amazon.awssdk.services.ecs.model.CreateServiceRequest;
import software.amazon.awssdk.services.ecs.model.DescribeContainerInstancesRequest;
import software.amazon.awssdk.services.ecs.model.Failure;
import software.amazon.awssdk.services.ecs.model.InvalidParameterException;
import software.amazon.awssdk.services.ecs.model.PlacementConstraint;
import software.amazon.awssdk.services.ecs.model.PlacementStrategy;
import software.amazon.awssdk.services.ecs.model.RegisterContainerInstanceRequest;
import software.amazon.awssdk.services.ecs.model.Resource;
import software.amazon.awssdk.services.ecs.model.ResourceType;
import software.amazon.awssdk.services.ecs.model.RunTaskResponse;
import software.amazon.awssdk.services.ecs.model.Service;
import software.amazon.awssdk.services.ecs.model.StartTaskRequest;

@SuppressWarnings("unchecked") // the SDK takes several consumers as a generic array
class PlacementRulesTest {
    private final World world = new World();

    @BeforeEach
    void aDefinition() {
        world.definition("web");
    }

    private String instance(String zone, Consumer<RegisterContainerInstanceRequest.Builder> change) {
        return world.instance(4096, "default", request -> {
            var attributes = new ArrayList<Attribute>(request.build().attributes());
            attributes.add(attribute("ecs.availability-zone", zone));
            request.attributes(attributes);
            change.accept(request);
        });
    }

    private String instance(String zone) {
        return instance(zone, request -> { });
    }

    private List<Long> tasksBy(Function<TaskRow, String> what) {
        return world.live("svc").stream().collect(Collectors.groupingBy(what, Collectors.counting()))
                .values().stream().sorted().toList();
    }

    @Test
    void aServiceIsSpreadOverZonesThenInstances() {
        Stream.of("a", "a", "a", "b", "c", "c").forEach(this::instance);
        world.createService(request -> request.desiredCount(9));
        world.settle("svc");
        assertThat(tasksBy(task -> task.task().availabilityZone())).containsExactly(3L, 3L, 3L);
        assertThat(tasksBy(TaskRow::instanceArn)).containsExactly(1L, 1L, 1L, 1L, 2L, 3L);
    }

    @Test
    void tasksOfOtherServicesDoNotCount() {
        String busy = instance("a");
        String idle = instance("b");
        StartTaskRequest five = StartTaskRequest.builder().taskDefinition("web").containerInstances(busy).build();
        for (int i = 0; i < 5; i++) {
            world.decide((image, scope, context) -> StartTask.decide(image, five, scope, context));
        }
        world.createService(request -> request.desiredCount(4));
        world.settle("svc");
        assertThat(tasksBy(TaskRow::instanceArn)).containsExactly(2L, 2L);
        assertThat(world.live("svc")).extracting(TaskRow::instanceArn).contains(busy, idle);
    }

    @Test
    void binpackFillsTheFullestAndShowsItsFieldAsEcsDoes() {
        instance("a");
        instance("b");
        Service service = world.createService(request -> request.desiredCount(8)
                .placementStrategy(each -> each.type("binpack").field("memory"),
                        each -> each.type("spread").field("host")));
        assertThat(service.placementStrategy()).extracting(PlacementStrategy::field)
                .containsExactly("MEMORY", "instanceId");
        world.settle("svc");
        assertThat(tasksBy(TaskRow::instanceArn)).containsExactly(8L);
    }

    @Test
    void aStandaloneTaskIsSpreadAmongItsGroup() {
        instance("a");
        instance("b");
        instance("c");
        var strategy = PlacementStrategy.builder().type("spread").field("attribute:ecs.availability-zone").build();
        for (String group : List.of("g", "h")) {
            RunTaskResponse response = world.runTask(
                    request -> request.count(6).group(group).placementStrategy(strategy));
            assertThat(response.tasks().stream().collect(Collectors.groupingBy(
                    task -> task.availabilityZone(), Collectors.counting())).values()).containsOnly(2L);
        }
    }

    @Test
    void distinctInstanceHoldsUntilTheOtherTaskIsGone() {
        String a = instance("a");
        String b = instance("b");
        world.createService(request -> request.desiredCount(3)
                .placementConstraints(each -> each.type("distinctInstance")));
        world.settle("svc");
        assertThat(world.live("svc")).extracting(TaskRow::instanceArn).containsExactlyInAnyOrder(a, b);
        assertThat(world.events("svc")).anyMatch(event -> event.startsWith("was unable to place a task because no "
                + "container instance met all of its requirements. The closest matching (container-instance ")
                && event.contains(") encountered error \"DistinctInstance placement constraint unsatisfied.\". For "));
        RunTaskResponse response = world.runTask(request -> request.count(2).group("g")
                .placementConstraints(each -> each.type("distinctInstance")));
        assertThat(response.tasks()).hasSize(2);
        assertThat(world.runTask(request -> request.group("g").placementConstraints(
                each -> each.type("distinctInstance"))).failures()).extracting(Failure::reason)
                .containsOnly("DistinctInstance placement constraint unsatisfied.").hasSize(2);
    }

    @Test
    void memberOfBindsTasksOfDefinitionAndCaller() {
        String a = instance("a");
        String b = instance("b");
        world.definition(request -> request.family("bound").placementConstraints(
                each -> each.type("memberOf").expression("attribute:ecs.availability-zone == b")));
        assertThat(world.runTask(request -> request.taskDefinition("bound").count(3)).tasks())
                .extracting(task -> task.containerInstanceArn()).containsOnly(b);
        RunTaskResponse refused = world.runTask(request -> request.taskDefinition("bound").placementConstraints(
                each -> each.type("memberOf").expression("attribute:ecs.availability-zone in [a]")));
        assertThat(refused.failures()).extracting(Failure::arn).containsExactlyInAnyOrder(a, b);
        assertThat(refused.failures()).extracting(Failure::reason)
                .containsOnly("MemberOf placement constraint unsatisfied.");
        assertThat(world.decide((image, scope, context) -> StartTask.decide(image, StartTaskRequest.builder()
                .taskDefinition("bound").containerInstances(a).build(), scope, context)).failures())
                .extracting(Failure::reason).containsExactly("MemberOf placement constraint unsatisfied.");
    }

    @Test
    void tasksFollowAndAvoidEachOther() {
        instance("a");
        instance("b");
        String with = world.runTask(request -> request.group("databases")).tasks().getFirst().containerInstanceArn();
        assertThat(world.runTask(request -> request.count(3).placementConstraints(each -> each.type("memberOf")
                .expression("task:group == databases"))).tasks())
                .extracting(task -> task.containerInstanceArn()).containsOnly(with);
        assertThat(world.runTask(request -> request.count(3).placementConstraints(each -> each.type("memberOf")
                .expression("not(task:group == databases)"))).tasks())
                .extracting(task -> task.containerInstanceArn()).doesNotContain(with);
    }

    @Test
    void theClosestMatchLacksTheLeast() {
        String full = world.instance(70);
        world.runTask(request -> { });
        world.connected(world.instance(10), false);
        world.createService(request -> request.desiredCount(1));
        world.settle("svc");
        assertThat(world.events("svc").getFirst()).isEqualTo("was unable to place a task because no container instance "
                + "met all of its requirements. The closest matching (container-instance "
                + full.substring(full.lastIndexOf('/') + 1) + ") has insufficient memory available. For more "
                + "information, see the Troubleshooting section of the Amazon ECS Developer Guide.");
    }

    @Test
    void gpusAreReservedByIdAndGivenBack() {
        String arn = instance("a", request -> gpus(request, World.ports("GPU", "GPU-b", "GPU-a", "GPU-c")));
        world.definition(request -> request.family("gpu").containerDefinitions(gpu("one", "1"), gpu("two", "1")));
        String task = world.runTask(request -> request.taskDefinition("gpu")).tasks().getFirst().taskArn();
        assertThat(world.task(task).task().containers()).extracting(each -> each.gpuIds())
                .containsExactly(List.of("GPU-b"), List.of("GPU-a"));
        assertThat(remaining(arn).stringSetValue()).containsExactly("GPU-c");
        assertThat(world.runTask(request -> request.taskDefinition("gpu")).failures())
                .containsExactly(Failure.builder().arn(arn).reason("RESOURCE:GPU").build());
        assertThat(world.runTask(request -> request.taskDefinition("gpu").overrides(overrides -> overrides
                .containerOverrides(ContainerOverride.builder().name("one").resourceRequirements(
                        each -> each.type(ResourceType.GPU).value("3")).build()))).failures()).hasSize(1);

        world.exited(task, 0);
        assertThat(remaining(arn).stringSetValue()).containsExactly("GPU-b", "GPU-a", "GPU-c");
        assertThat(world.image().get(EcsTables.LOADS, arn).orElseThrow().gpus()).isEmpty();
    }

    @Test
    void gpusMayBeRegisteredAsANumber() {
        String arn = instance("a", request -> gpus(request, integer("GPU", 2)));
        world.definition(request -> request.family("gpu").containerDefinitions(gpu("one", "1")));
        assertThat(world.runTask(request -> request.taskDefinition("gpu").count(3)).tasks())
                .extracting(task -> task.containers().getFirst().gpuIds())
                .containsExactly(List.of("0"), List.of("1"));
        assertThat(remaining(arn).integerValue()).isZero();
    }

    private static void gpus(RegisterContainerInstanceRequest.Builder request, Resource gpus) {
        var resources = new ArrayList<>(request.build().totalResources());
        resources.add(gpus);
        request.totalResources(resources);
    }

    private static software.amazon.awssdk.services.ecs.model.ContainerDefinition gpu(String name, String count) {
        return World.container(name).toBuilder()
                .resourceRequirements(each -> each.type(ResourceType.GPU).value(count)).build();
    }

    private Resource remaining(String arn) {
        return DescribeContainerInstances.read(world.image(),
                        DescribeContainerInstancesRequest.builder().containerInstances(arn).build(), World.SCOPE)
                .containerInstances().getFirst().remainingResources().stream()
                .filter(each -> each.name().equals("GPU")).findFirst().orElseThrow();
    }

    static Stream<Arguments> refusals() {
        return Stream.of(
                refusal("distinctInstance expression should not be specified.",
                        constraint("distinctInstance", ""), List.of()),
                refusal("Placement constraint type should not be null or empty.", constraint(null, "a"), List.of()),
                refusal("Placement constraint expression should not be null or empty.",
                        constraint("memberOf", null), List.of()),
                refusal("Invalid placement constraint expression: 'rack' is not a valid subject.",
                        constraint("memberOf", "rack == a"), List.of()),
                refusal("placementConstraints can have at most 10 items.",
                        Collections.nCopies(11, constraint("distinctInstance", null).getFirst()), List.of()),
                refusal("placementStrategy can have at most 5 items.", List.of(),
                        Collections.nCopies(6, PlacementStrategy.builder().type("random").build())),
                refusal("Placement strategy type should not be null or empty.", List.of(), strategy(null, "cpu")),
                refusal("The field 'disk' is not valid for the placement strategy binpack.",
                        List.of(), strategy("binpack", "disk")),
                refusal("The field '' is not valid for the placement strategy spread.",
                        List.of(), strategy("spread", null)),
                refusal("The field 'attribute:' is not valid for the placement strategy spread.",
                        List.of(), strategy("spread", "attribute:")),
                refusal("The field 'rack' is not valid for the placement strategy spread.",
                        List.of(), strategy("spread", "rack")));
    }

    private static List<PlacementConstraint> constraint(String type, String expression) {
        return List.of(PlacementConstraint.builder().type(type).expression(expression).build());
    }

    private static List<PlacementStrategy> strategy(String type, String field) {
        return List.of(PlacementStrategy.builder().type(type).field(field).build());
    }

    private static Arguments refusal(
            String message, List<PlacementConstraint> constraints, List<PlacementStrategy> strategies) {
        return Arguments.argumentSet(message, message, constraints, strategies);
    }

    @ParameterizedTest
    @MethodSource("refusals")
    void refuses(String message, List<PlacementConstraint> constraints, List<PlacementStrategy> strategies) {
        assertThatThrownBy(() -> world.runTask(request ->
                request.placementConstraints(constraints).placementStrategy(strategies)))
                .isInstanceOf(InvalidParameterException.class).hasMessageStartingWith(message);
        Consumer<CreateServiceRequest.Builder> asked = request ->
                request.placementConstraints(constraints).placementStrategy(strategies);
        assertThatThrownBy(() -> world.createService(asked))
                .isInstanceOf(InvalidParameterException.class).hasMessageStartingWith(message);
        world.createService(request -> request.availabilityZoneRebalancing("DISABLED"));
        assertThatThrownBy(() -> world.updateService(request ->
                request.placementConstraints(constraints).placementStrategy(strategies)))
                .isInstanceOf(InvalidParameterException.class).hasMessageStartingWith(message);
    }

    @Test
    void theDefinitionsConstraintsCountToo() {
        world.definition(request -> request.family("bound").placementConstraints(Collections.nCopies(8,
                software.amazon.awssdk.services.ecs.model.TaskDefinitionPlacementConstraint.builder()
                        .type("memberOf").expression("attribute:a exists").build())));
        assertThatThrownBy(() -> world.runTask(request -> request.taskDefinition("bound")
                .placementConstraints(Collections.nCopies(3, constraint("distinctInstance", null).getFirst()))))
                .isInstanceOf(InvalidParameterException.class)
                .hasMessageStartingWith("placementConstraints can have at most 10 items.");
    }
}
