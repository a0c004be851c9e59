package dev.landfall.ecs.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.landfall.ecs.EcsTables;
import dev.landfall.ecs.World;
import dev.landfall.ecs.instance.PutAttributes;
import dev.landfall.ecs.task.TaskRow;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.services.ecs.model.Attribute;
import software.amazon.awssdk.services.ecs.model.AvailabilityZoneRebalancing;
import software.amazon.awssdk.services.ecs.model.CreateServiceRequest;
import software.amazon.awssdk.services.ecs.model.DeleteServiceRequest;
import software.amazon.awssdk.services.ecs.model.DeploymentRolloutState;
import software.amazon.awssdk.services.ecs.model.InvalidParameterException;
import software.amazon.awssdk.services.ecs.model.LaunchType;
import software.amazon.awssdk.services.ecs.model.PlacementConstraintType;
import software.amazon.awssdk.services.ecs.model.PlacementStrategyType;
import software.amazon.awssdk.services.ecs.model.PutAttributesRequest;
import software.amazon.awssdk.services.ecs.model.SchedulingStrategy;
import software.amazon.awssdk.services.ecs.model.Service;
import software.amazon.awssdk.services.ecs.model.UpdateServiceRequest;

/** DAEMON services over the life of their instances. */
@SuppressWarnings("unchecked") // the SDK takes several consumers as a generic array
class DaemonTest {
    private final World world = new World();

    @BeforeEach
    void definitions() {
        world.definition("web");
        world.definition("web");
        world.definition("app");
        world.fargateDefinition("net");
    }

    private Service daemon(Consumer<CreateServiceRequest.Builder> change) {
        return world.createService(request -> {
            request.taskDefinition("web:1").desiredCount(null).schedulingStrategy(SchedulingStrategy.DAEMON);
            change.accept(request);
        });
    }

    private List<String> places() {
        return world.live("svc").stream().map(TaskRow::instanceArn).toList();
    }

    @Test
    void hasItsOwnDefaults() {
        Service service = daemon(request -> { });
        assertThat(service.schedulingStrategy()).isEqualTo(SchedulingStrategy.DAEMON);
        assertThat(service.deploymentConfiguration().minimumHealthyPercent()).isZero();
        assertThat(service.deploymentConfiguration().maximumPercent()).isEqualTo(100);
        assertThat(service.availabilityZoneRebalancing()).isEqualTo(AvailabilityZoneRebalancing.DISABLED);
        assertThat(service.launchType()).isEqualTo(LaunchType.EC2);
        assertThat(service.placementStrategy()).isEmpty();
        assertThat(world.settle("svc").desiredCount()).isZero();
        assertThat(world.events("svc").getFirst()).isEqualTo("has reached a steady state.");
    }

    @Test
    void followsInstancesThatComeAndGo() {
        String one = world.instance(1024);
        daemon(request -> { });
        Service service = world.settle("svc");
        assertThat(service.desiredCount()).isEqualTo(1);
        assertThat(service.deployments()).singleElement().satisfies(deployment -> {
            assertThat(deployment.desiredCount()).isEqualTo(1);
            assertThat(deployment.rolloutState()).isEqualTo(DeploymentRolloutState.COMPLETED);
        });
        assertThat(places()).containsExactly(one);

        String two = world.instance(1024);
        assertThat(world.settle("svc").desiredCount()).isEqualTo(2);
        assertThat(places()).containsExactlyInAnyOrder(one, two);

        world.deregister(one);
        assertThat(world.settle("svc").desiredCount()).isEqualTo(1);
        assertThat(places()).containsExactly(two);
        assertThat(world.events("svc").getFirst()).isEqualTo("has reached a steady state.");
    }

    @Test
    void leavesADrainedInstanceAfterAllOthersAndComesBack() {
        String one = world.instance(1024);
        world.instance(1024);
        daemon(request -> { });
        world.createService(request -> request.serviceName("app").taskDefinition("app").desiredCount(2));
        world.settle("svc");
        world.settle("app");
        world.status(one, "DRAINING");
        assertThat(world.settle("svc").desiredCount()).isEqualTo(1);
        assertThat(places()).as("a replica is still there").contains(one);

        world.settle("app");
        world.settle("svc");
        assertThat(places()).doesNotContain(one).hasSize(1);
        world.status(one, "ACTIVE");
        assertThat(world.settle("svc").desiredCount()).isEqualTo(2);
        assertThat(places()).contains(one);
    }

    @Test
    void twoDaemonsDoNotWaitForEachOther() {
        String one = world.instance(1024);
        daemon(request -> { });
        daemon(request -> request.serviceName("other").taskDefinition("app"));
        world.settle("svc");
        world.settle("other");
        world.status(one, "DRAINING");
        world.settle("svc");
        world.settle("other");
        assertThat(world.live("svc")).isEmpty();
        assertThat(world.live("other")).isEmpty();
    }

    @Test
    void anInstanceWhoseAgentIsAwayKeepsItsTask() {
        String one = world.instance(1024);
        daemon(request -> { });
        world.settle("svc");
        world.connected(one, false);
        assertThat(world.settle("svc").runningCount()).isEqualTo(1);

        world.exited(world.live("svc").getFirst().arn(), 1);
        world.reconcile("svc");
        assertThat(world.live("svc")).as("nobody is there to start it").isEmpty();
        world.connected(one, true);
        assertThat(world.settle("svc").runningCount()).isEqualTo(1);
    }

    /** Found by the simulator: a crash between a registration and its answer leaves such an instance behind. */
    @Test
    void anInstanceWhoseAgentNeverCameHoldsUpNothing() {
        world.instance(100);
        world.connected(world.instance(100), false);
        daemon(request -> { });

        assertThat(world.settle("svc").desiredCount()).isEqualTo(1);
        assertThat(world.service("svc").deployments()).singleElement().satisfies(deployment ->
                assertThat(deployment.rolloutState()).isEqualTo(DeploymentRolloutState.COMPLETED));
    }

    @Test
    void replacesOnAllInstancesAtOnceByDefault() {
        world.instance(100);
        world.instance(100);
        daemon(request -> { });
        world.settle("svc");
        world.updateService(request -> request.taskDefinition("web:2"));
        world.reconcile("svc");
        assertThat(world.live("svc")).as("stopped before the next start").isEmpty();

        Service service = world.settle("svc");
        assertThat(service.deployments()).hasSize(1);
        assertThat(world.live("svc")).hasSize(2)
                .allMatch(task -> task.task().taskDefinitionArn().endsWith("web:2"));
        assertThat(world.events("svc")).noneMatch(event -> event.contains("unable to place"));
    }

    @Test
    void replacesWithinTheMinimum() {
        for (int i = 0; i < 4; i++) {
            world.instance(1024);
        }
        daemon(request -> request.deploymentConfiguration(each -> each.minimumHealthyPercent(75).maximumPercent(100)));
        world.settle("svc");
        world.updateService(request -> request.forceNewDeployment(true));
        world.reconcile("svc");
        assertThat(world.live("svc")).hasSize(3);
        world.reconcile("svc");
        assertThat(world.live("svc")).hasSize(3);
        world.settle("svc");
        assertThat(world.live("svc")).hasSize(4).extracting(TaskRow::deploymentId)
                .containsOnly(world.service("svc").deployments().getFirst().id());
    }

    @Test
    void leavesOutInstancesWithoutWhatItNeeds() {
        String able = world.instance(1024);
        String unable = world.instance(1024, "default", request -> request.attributes(List.of()));
        daemon(request -> request.taskDefinition("net"));
        assertThat(world.settle("svc").desiredCount()).isEqualTo(1);
        assertThat(places()).containsExactly(able).doesNotContain(unable);
        assertThat(world.events("svc")).noneMatch(event -> event.contains("unable to place"));
    }

    @Test
    void keepsToItsPlacementConstraints() {
        String one = world.instance(1024);
        String two = world.instance(1024);
        daemon(request -> request.placementConstraints(each -> each.type(PlacementConstraintType.MEMBER_OF)
                .expression("attribute:stack == prod")));
        assertThat(world.settle("svc").desiredCount()).isZero();
        stack(one, "prod");
        stack(two, "prod");
        assertThat(world.settle("svc").desiredCount()).isEqualTo(2);

        stack(one, "test");
        String misplaced = world.live("svc").stream().filter(task -> task.instanceArn().equals(one)).findFirst()
                .orElseThrow().arn();
        assertThat(world.settle("svc").desiredCount()).isEqualTo(1);
        assertThat(places()).containsExactly(two);
        assertThat(world.events("svc")).contains("(task " + misplaced.substring(misplaced.lastIndexOf('/') + 1)
                + ") no longer meets the placement constraint strategy for the service.");
    }

    private void stack(String instance, String value) {
        world.decide((image, scope, context) -> PutAttributes.decide(image, PutAttributesRequest.builder()
                .cluster("default")
                .attributes(Attribute.builder().name("stack").value(value).targetId(instance).build()).build(), scope));
    }

    @Test
    void waitsForRoomAndSaysSo() {
        String full = world.instance(70);
        world.runTask(request -> request.taskDefinition("app"));
        String free = world.instance(1024);
        daemon(request -> { });
        world.settle("svc");
        assertThat(places()).containsExactly(free);
        assertThat(world.service("svc").desiredCount()).isEqualTo(2);
        assertThat(world.events("svc")).anyMatch(event -> event.startsWith("was unable to place a task because no "
                + "container instance met all of its requirements. The closest matching (container-instance "
                + full.substring(full.lastIndexOf('/') + 1) + ") has insufficient memory available."));
        assertThat(world.reconcile("svc")).contains(Duration.ofSeconds(15));

        world.image().all(EcsTables.TASKS).stream().filter(task -> task.serviceArn().isEmpty())
                .forEach(task -> world.exited(task.arn(), 0));
        world.settle("svc");
        assertThat(places()).containsExactlyInAnyOrder(full, free);
        assertThat(world.events("svc").getFirst()).isEqualTo("has reached a steady state.");
    }

    @Test
    void hasItsPlaceKept() {
        world.instance(128);
        daemon(request -> { });
        world.createService(request -> request.serviceName("app").taskDefinition("app").desiredCount(2));
        world.reconcile("app");
        assertThat(world.live("app")).as("64 of 128 MiB are the daemon's").hasSize(1);
        world.settle("svc");
        assertThat(world.live("svc")).hasSize(1);

        world.exited(world.live("svc").getFirst().arn(), 1);
        world.reconcile("app");
        assertThat(world.live("app")).as("its place is kept while it is away").hasSize(1);
        assertThat(world.runTask(request -> request.taskDefinition("app")).failures()).singleElement()
                .satisfies(failure -> assertThat(failure.reason()).isEqualTo("RESOURCE:MEMORY"));
        assertThat(world.settle("svc").runningCount()).isEqualTo(1);
    }

    @Test
    void keepsNothingOnAnInstanceThatIsTooSmall() {
        world.definition(request -> request.family("huge").containerDefinitions(
                World.container("app").toBuilder().memory(4096).build()));
        world.instance(128);
        daemon(request -> request.taskDefinition("huge"));
        world.reconcile("svc");
        assertThat(world.live("svc")).isEmpty();
        assertThat(world.runTask(request -> request.taskDefinition("app")).tasks()).hasSize(1);
    }

    @Test
    void isDeletedWithoutForce() {
        world.instance(1024);
        daemon(request -> { });
        world.settle("svc");
        world.decide((image, scope, context) -> DeleteService.decide(
                image, DeleteServiceRequest.builder().service("svc").build(), scope));
        world.settle("svc");
        assertThat(world.service("svc").status()).isEqualTo("INACTIVE");
        assertThat(world.live("svc")).isEmpty();
    }

    static Stream<Arguments> refusals() {
        return Stream.of(
                refusal("desired count", request -> request.desiredCount(0), "The daemon scheduling strategy does not "
                        + "support a desired count for services. Remove the desired count value and try again"),
                refusal("strategy", request -> request.placementStrategy(each -> each
                        .type(PlacementStrategyType.SPREAD).field("instanceId")), "The daemon scheduling strategy does "
                        + "not support placement strategies. Remove the placement strategy and try again"),
                refusal("maximum", request -> request.deploymentConfiguration(each -> each.maximumPercent(101)),
                        "The daemon scheduling strategy does not support values above 100 for maximumPercent on a "
                        + "deployment configuration. Change the maximumPercent value to 100, and try again"),
                refusal("Fargate", request -> request.launchType(LaunchType.FARGATE).taskDefinition("net"),
                        "The daemon scheduling strategy does not support the FARGATE launch type."),
                refusal("capacity provider", request -> request.taskDefinition("net")
                        .capacityProviderStrategy(each -> each.capacityProvider("FARGATE").weight(1)),
                        "Specifying a capacity provider strategy is not supported when you create a service using the "
                        + "DAEMON scheduling strategy."),
                refusal("rebalancing", request -> request
                        .availabilityZoneRebalancing(AvailabilityZoneRebalancing.ENABLED),
                        "Availability Zone Rebalancing does not support DAEMON services"),
                refusal("volumes", request -> request.volumeConfigurations(each -> each.name("v")),
                        "The daemon scheduling strategy does not support volume configurations."));
    }

    private static Arguments refusal(String what, Consumer<CreateServiceRequest.Builder> change, String message) {
        return Arguments.argumentSet(what, change, message);
    }

    @ParameterizedTest
    @MethodSource("refusals")
    void refusesAtCreation(Consumer<CreateServiceRequest.Builder> change, String message) {
        assertThatThrownBy(() -> daemon(change)).isInstanceOf(InvalidParameterException.class)
                .hasMessageContaining(message);
    }

    static Stream<Arguments> laterRefusals() {
        return Stream.of(
                later("desired count", request -> request.desiredCount(1), "does not support a desired count"),
                later("strategy", request -> request.placementStrategy(each -> each
                        .type(PlacementStrategyType.RANDOM)), "does not support placement strategies"),
                later("maximum", request -> request.deploymentConfiguration(each -> each.maximumPercent(200)),
                        "does not support values above 100"),
                later("rebalancing", request -> request
                        .availabilityZoneRebalancing(AvailabilityZoneRebalancing.ENABLED), "DAEMON services"));
    }

    private static Arguments later(String what, Consumer<UpdateServiceRequest.Builder> change, String message) {
        return Arguments.argumentSet(what, change, message);
    }

    @ParameterizedTest
    @MethodSource("laterRefusals")
    void refusesLater(Consumer<UpdateServiceRequest.Builder> change, String message) {
        daemon(request -> { });
        assertThatThrownBy(() -> world.updateService(change)).isInstanceOf(InvalidParameterException.class)
                .hasMessageContaining(message);
    }
}
