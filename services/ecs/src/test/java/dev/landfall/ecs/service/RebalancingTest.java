package dev.landfall.ecs.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.landfall.ecs.EcsTables;
import dev.landfall.ecs.World;
import dev.landfall.ecs.protection.UpdateTaskProtection;
import dev.landfall.ecs.task.TaskRow;
import dev.landfall.protocol.Capabilities;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.services.ecs.model.AvailabilityZoneRebalancing;
import software.amazon.awssdk.services.ecs.model.CreateServiceRequest;
import software.amazon.awssdk.services.ecs.model.DeleteServiceRequest;
import software.amazon.awssdk.services.ecs.model.InvalidParameterException;
import software.amazon.awssdk.services.ecs.model.PlacementConstraintType;
import software.amazon.awssdk.services.ecs.model.PlacementStrategyType;
import software.amazon.awssdk.services.ecs.model.UpdateTaskProtectionRequest;

/** Availability Zone rebalancing over the life of a service. */
@SuppressWarnings("unchecked") // the SDK takes several consumers as a generic array
class RebalancingTest {
    private static final String A = "eu-central-1a";
    private static final String B = "eu-central-1b";

    private final World world = new World();

    @BeforeEach
    void definitions() {
        world.definition("web");
        world.definition("web");
    }

    private String instance(String zone, int memory) {
        return world.instance(memory, "default", request -> {
            var attributes = new ArrayList<>(request.build().attributes());
            attributes.add(World.attribute("ecs.availability-zone", zone));
            request.attributes(attributes);
        });
    }

    private TreeMap<String, Integer> zones() {
        var zones = new TreeMap<String, Integer>();
        world.live("svc").forEach(task -> zones.merge(task.task().availabilityZone(), 1, Integer::sum));
        return zones;
    }

    /** Four tasks in the only zone there is; then comes another. */
    private void unbalanced() {
        instance(A, 1024);
        world.createService(request -> request.taskDefinition("web:1").desiredCount(4));
        world.settle("svc");
        instance(B, 1024);
    }

    @Test
    void movesTasksToAZoneThatCame() {
        unbalanced();
        world.reconcile("svc");
        assertThat(zones()).as("first of all tasks are started").containsEntry(A, 4).containsEntry(B, 2);
        world.settle("svc");

        assertThat(zones()).containsEntry(A, 2).containsEntry(B, 2);
        List<String> events = world.events("svc");
        assertThat(events.get(4)).isEqualTo("is not AZ balanced with 4 tasks in " + A + ", 0 tasks in " + B
                + ". AZ Rebalancing in progress.");
        assertThat(events.get(3)).matches("has started 2 tasks in " + B
                + " to AZ Rebalance: \\(task [0-9a-f]{32}\\) \\(task [0-9a-f]{32}\\)\\.");
        assertThat(events.get(2)).matches("has stopped 2 running tasks in " + A
                + " due to AZ rebalancing: \\(task [0-9a-f]{32}\\) \\(task [0-9a-f]{32}\\)\\.");
        assertThat(events.get(1)).isEqualTo("is AZ balanced with 2 tasks in " + A + ", 2 tasks in " + B + ".");
        assertThat(events.get(0)).isEqualTo("has reached a steady state.");
        assertThat(world.image().all(EcsTables.REBALANCINGS)).isEmpty();
    }

    private String managed(String zone) {
        return world.instance(4_096, "landfall-managed", request -> {
            var attributes = new ArrayList<>(request.build().attributes());
            attributes.add(World.attribute("ecs.availability-zone", zone));
            attributes.add(World.attribute(Capabilities.CAPACITY, Capabilities.CAPACITY_MANAGED));
            request.attributes(attributes);
        });
    }

    /** As the seed 157 of the simulator found: all that moved became tasks of the first provider. */
    @ParameterizedTest
    @CsvSource({"1, 0, 2, 4, 1", "2, 0, 1, 2, 2", "0, 1, 1, 6, 3"})
    void keepsTheSharesOfCapacityProviders(int base, int weight, int spot, int desired, int share) {
        world.fargateDefinition("managed");
        world.capacityProviders("FARGATE", "FARGATE_SPOT");
        managed(A);
        world.createService(request -> request.taskDefinition("managed").desiredCount(desired)
                .capacityProviderStrategy(
                        each -> each.capacityProvider("FARGATE").base(base).weight(weight),
                        each -> each.capacityProvider("FARGATE_SPOT").weight(spot)));
        world.settle("svc");
        managed(B);
        world.settle("svc");

        assertThat(zones()).containsEntry(A, desired / 2).containsEntry(B, desired / 2);
        assertThat(world.live("svc")).filteredOn(task -> "FARGATE".equals(task.task().capacityProviderName()))
                .hasSize(share);
    }

    @Test
    void keepsWithinTheMaximum() {
        instance(A, 1024);
        world.createService(request -> request.taskDefinition("web:1").desiredCount(4)
                .deploymentConfiguration(each -> each.maximumPercent(125)));
        world.settle("svc");
        instance(B, 1024);
        world.reconcile("svc");
        assertThat(world.live("svc")).hasSize(5);
        world.settle("svc");
        assertThat(zones()).containsEntry(A, 2).containsEntry(B, 2);
        assertThat(world.events("svc")).filteredOn(event -> event.contains("AZ Rebalancing in progress")).hasSize(1);
    }

    @Test
    void leavesServicesAloneThatHaveItOff() {
        instance(A, 1024);
        world.createService(request -> request.taskDefinition("web:1").desiredCount(4)
                .availabilityZoneRebalancing(AvailabilityZoneRebalancing.DISABLED));
        world.settle("svc");
        instance(B, 1024);
        world.settle("svc");
        assertThat(zones()).containsExactly(Map.entry(A, 4));

        world.updateService(request -> request.availabilityZoneRebalancing(AvailabilityZoneRebalancing.ENABLED));
        world.settle("svc");
        assertThat(zones()).containsEntry(B, 2);
    }

    @Test
    void saysWhereATaskFindsNoPlace() {
        instance(A, 1024);
        world.createService(request -> request.taskDefinition("web:1").desiredCount(2));
        world.settle("svc");
        instance(B, 32);
        assertThat(world.reconcile("svc")).contains(Duration.ofSeconds(15));
        assertThat(world.events("svc").getFirst()).isEqualTo("is unable to place a task in " + B
                + " because no container instance met all of its requirements.");
        assertThat(world.service("svc").runningCount()).isEqualTo(2);
        world.pass(Duration.ofSeconds(15));
        world.reconcile("svc");
        assertThat(world.events("svc")).filteredOn(event -> event.contains("unable to place")).hasSize(1);

        instance(B, 1024);
        world.settle("svc");
        assertThat(zones()).containsEntry(A, 1).containsEntry(B, 1);
    }

    @Test
    void aZoneWhereNoInstanceQualifiesIsNone() {
        world.fargateDefinition("net");
        instance(A, 2048);
        world.createService(request -> request.taskDefinition("net").desiredCount(2));
        world.settle("svc");
        world.instance(2048, "default", request -> request.attributes(World.attribute("ecs.availability-zone", B)));
        world.settle("svc");
        assertThat(world.events("svc")).noneMatch(event -> event.contains("AZ "));
    }

    /** On the instances of zone A with {@code rack} no service with this constraint can have tasks elsewhere. */
    @Test
    void aZoneWhereNoInstanceMeetsTheConstraintIsNone() {
        for (String zone : List.of(A, B)) {
            for (int i = 0; i < 3; i++) {
                boolean first = zone.equals(A) && i == 2;
                world.instance(1024, "default", request -> {
                    var attributes = new ArrayList<>(request.build().attributes());
                    attributes.add(World.attribute("ecs.availability-zone", zone));
                    attributes.add(World.attribute("rack", first ? "top" : "bottom"));
                    request.attributes(attributes);
                });
            }
        }
        world.createService(request -> request.taskDefinition("web:1").desiredCount(4).placementConstraints(each ->
                each.type(PlacementConstraintType.MEMBER_OF).expression("attribute:rack == top")));
        world.settle("svc");
        assertThat(zones()).containsExactly(Map.entry(A, 4));
        assertThat(even()).isFalse();
        assertThat(world.events("svc")).noneMatch(event -> event.contains("AZ "));
    }

    private boolean even() {
        return Rebalancing.even(world.image(),
                world.image().get(EcsTables.SERVICES, World.serviceArn("svc")).orElseThrow());
    }

    @Test
    void countsTellThatNothingIsToBeMoved() {
        unbalanced();
        assertThat(even()).isFalse();
        world.settle("svc");
        assertThat(even()).isTrue();
        world.updateService(request -> request.desiredCount(5));
        world.settle("svc");
        assertThat(even()).as("3 and 2").isTrue();
        instance("eu-central-1c", 1024);
        assertThat(even()).as("3, 2 and 0").isFalse();
        world.settle("svc");
        assertThat(zones().values()).containsExactlyInAnyOrder(2, 2, 1);
    }

    @Test
    void aDeploymentEndsIt() {
        unbalanced();
        world.reconcile("svc");
        world.updateService(request -> request.taskDefinition("web:2"));
        world.reconcile("svc");
        assertThat(world.events("svc")).contains("stopped AZ Rebalancing.");
        world.settle("svc");
        assertThat(world.live("svc")).hasSize(4).allMatch(task -> task.task().taskDefinitionArn().endsWith("web:2"));
        assertThat(zones()).containsEntry(A, 2).containsEntry(B, 2);
    }

    @Test
    void aTaskThatDiesEndsIt() {
        unbalanced();
        world.reconcile("svc");
        for (TaskRow task : List.copyOf(world.live("svc"))) {
            if (task.task().availabilityZone().equals(B) || world.live("svc").size() > 3) {
                world.exited(task.arn(), 1);
            }
        }
        world.pass(Duration.ofMinutes(5));
        world.settle("svc");
        assertThat(world.events("svc")).contains("stopped AZ Rebalancing.");
        assertThat(world.service("svc").runningCount()).isEqualTo(4);
        assertThat(zones()).containsEntry(A, 2).containsEntry(B, 2);
    }

    @Test
    void protectedTasksHoldItUp() {
        unbalanced();
        List<String> tasks = world.live("svc").stream().map(TaskRow::arn).toList();
        world.decide((image, scope, context) -> UpdateTaskProtection.decide(image, UpdateTaskProtectionRequest.builder()
                .cluster("default").tasks(tasks).protectionEnabled(true).expiresInMinutes(10).build(),
                scope, context));
        assertThat(world.reconcile("svc")).contains(Duration.ofMinutes(10));
        assertThat(world.events("svc").getFirst()).isEqualTo("was unable to AZ Rebalance because (taskSet "
                + world.service("svc").deployments().getFirst().id()
                + ") was unable to scale in due to (reason 4 tasks under protection)");
        assertThat(zones()).containsExactly(Map.entry(A, 4));
        world.pass(Duration.ofMinutes(10));
        world.settle("svc");
        assertThat(zones()).containsEntry(A, 2).containsEntry(B, 2);
    }

    @Test
    void deletingTheServiceEndsIt() {
        unbalanced();
        world.reconcile("svc");
        assertThat(world.image().all(EcsTables.REBALANCINGS)).hasSize(1);
        world.decide((image, scope, context) -> DeleteService.decide(
                image, DeleteServiceRequest.builder().service("svc").force(true).build(), scope));
        world.settle("svc");
        assertThat(world.image().all(EcsTables.REBALANCINGS)).isEmpty();
        assertThat(world.live("svc")).isEmpty();
    }

    static Stream<Arguments> refusals() {
        return Stream.of(
                refusal("maximum", request -> request.deploymentConfiguration(each -> each.minimumHealthyPercent(0)
                        .maximumPercent(100)), "Availability Zone Rebalancing does not support maximumPercent <= 100 % "
                        + "as deployment configuration."),
                refusal("binpack", request -> request.placementStrategy(each -> each
                        .type(PlacementStrategyType.BINPACK).field("memory")), "placement strategies"),
                refusal("instances first", request -> request.placementStrategy(
                        each -> each.type(PlacementStrategyType.SPREAD).field("instanceId"),
                        each -> each.type(PlacementStrategyType.SPREAD).field("attribute:ecs.availability-zone")),
                        "placement strategies"),
                refusal("bound to a zone", request -> request.placementConstraints(each -> each
                        .type(PlacementConstraintType.MEMBER_OF)
                        .expression("attribute:ecs.availability-zone == " + A)), "placement constraints"));
    }

    private static Arguments refusal(String what, Consumer<CreateServiceRequest.Builder> change, String message) {
        return Arguments.argumentSet(what, change, message);
    }

    @ParameterizedTest
    @MethodSource("refusals")
    void refusesWhatCannotBeRebalanced(Consumer<CreateServiceRequest.Builder> change, String message) {
        assertThatThrownBy(() -> world.createService(request -> {
            change.accept(request.taskDefinition("web:1"));
            request.availabilityZoneRebalancing(AvailabilityZoneRebalancing.ENABLED);
        })).isInstanceOf(InvalidParameterException.class).hasMessageContaining(message);
        assertThat(world.createService(request -> {
            change.accept(request.taskDefinition("web:1"));
            request.availabilityZoneRebalancing(AvailabilityZoneRebalancing.DISABLED);
        }).availabilityZoneRebalancing()).isEqualTo(AvailabilityZoneRebalancing.DISABLED);
    }

    @Test
    void isOnForServicesThatCanHaveItUnlessTheySayOtherwise() {
        assertThat(world.createService(request -> request.taskDefinition("web:1")).availabilityZoneRebalancing())
                .isEqualTo(AvailabilityZoneRebalancing.ENABLED);
        assertThat(world.createService(request -> request.serviceName("packed").taskDefinition("web:1")
                .placementStrategy(each -> each.type(PlacementStrategyType.BINPACK).field("memory")))
                .availabilityZoneRebalancing()).isEqualTo(AvailabilityZoneRebalancing.DISABLED);
        assertThat(world.createService(request -> request.serviceName("full").taskDefinition("web:1")
                .deploymentConfiguration(each -> each.minimumHealthyPercent(50).maximumPercent(100)))
                .availabilityZoneRebalancing()).isEqualTo(AvailabilityZoneRebalancing.DISABLED);
        assertThatThrownBy(() -> world.updateService(request -> request.deploymentConfiguration(
                each -> each.minimumHealthyPercent(50).maximumPercent(100))))
                .as("an update does not switch it off by the way").isInstanceOf(InvalidParameterException.class)
                .hasMessageContaining("maximumPercent <= 100 %");
    }
}
