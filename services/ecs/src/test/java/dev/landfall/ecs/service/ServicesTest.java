package dev.landfall.ecs.service;

import static dev.landfall.ecs.World.ARN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.landfall.ecs.World;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.services.ecs.model.AvailabilityZoneRebalancing;
import software.amazon.awssdk.services.ecs.model.ClientException;
import software.amazon.awssdk.services.ecs.model.ClusterNotFoundException;
import software.amazon.awssdk.services.ecs.model.CreateServiceRequest;
import software.amazon.awssdk.services.ecs.model.DeleteServiceRequest;
import software.amazon.awssdk.services.ecs.model.Deployment;
import software.amazon.awssdk.services.ecs.model.DeploymentControllerType;
import software.amazon.awssdk.services.ecs.model.DeploymentRolloutState;
import software.amazon.awssdk.services.ecs.model.DescribeServicesRequest;
import software.amazon.awssdk.services.ecs.model.InvalidParameterException;
import software.amazon.awssdk.services.ecs.model.LaunchType;
import software.amazon.awssdk.services.ecs.model.ListServicesRequest;
import software.amazon.awssdk.services.ecs.model.PlatformUnknownException;
import software.amazon.awssdk.services.ecs.model.PropagateTags;
import software.amazon.awssdk.services.ecs.model.SchedulingStrategy;
import software.amazon.awssdk.services.ecs.model.Service;
import software.amazon.awssdk.services.ecs.model.ServiceField;
import software.amazon.awssdk.services.ecs.model.ServiceNotActiveException;
import software.amazon.awssdk.services.ecs.model.ServiceNotFoundException;
import software.amazon.awssdk.services.ecs.model.Tag;
import software.amazon.awssdk.services.ecs.model.UpdateServiceRequest;

/** What the service operations answer and refuse; what the scheduler does of it is in RolloutTest. */
@SuppressWarnings("unchecked") // the SDK takes several consumers as a generic array
class ServicesTest {
    private final World world = new World();

    @BeforeEach
    void aDefinition() {
        world.definition("web");
    }

    @Test
    void aServiceWithNothingButTheNecessary() {
        Service service = world.createService(request -> { });

        assertThat(service.serviceArn()).isEqualTo(ARN + "service/default/svc");
        assertThat(service.clusterArn()).isEqualTo(ARN + "cluster/default");
        assertThat(service.status()).isEqualTo("ACTIVE");
        assertThat(service.desiredCount()).isEqualTo(2);
        assertThat(service.runningCount()).isZero();
        assertThat(service.pendingCount()).isZero();
        assertThat(service.launchType()).isEqualTo(LaunchType.EC2);
        assertThat(service.platformVersion()).isNull();
        assertThat(service.taskDefinition()).isEqualTo(ARN + "task-definition/web:1");
        assertThat(service.schedulingStrategy()).isEqualTo(SchedulingStrategy.REPLICA);
        assertThat(service.deploymentController().type()).isEqualTo(DeploymentControllerType.ECS);
        assertThat(service.deploymentConfiguration().minimumHealthyPercent()).isEqualTo(100);
        assertThat(service.deploymentConfiguration().maximumPercent()).isEqualTo(200);
        assertThat(service.deploymentConfiguration().deploymentCircuitBreaker().enable()).isFalse();
        assertThat(service.healthCheckGracePeriodSeconds()).isZero();
        assertThat(service.propagateTags()).isEqualTo(PropagateTags.NONE);
        assertThat(service.enableECSManagedTags()).isFalse();
        assertThat(service.availabilityZoneRebalancing()).isEqualTo(AvailabilityZoneRebalancing.ENABLED);
        assertThat(service.createdAt()).isEqualTo(world.now());
        assertThat(service.events()).isEmpty();
        Deployment deployment = service.deployments().getFirst();
        assertThat(deployment.id()).matches("ecs-svc/[0-9]{19}");
        assertThat(deployment.status()).isEqualTo("PRIMARY");
        assertThat(deployment.rolloutState()).isEqualTo(DeploymentRolloutState.IN_PROGRESS);
        assertThat(deployment.rolloutStateReason())
                .isEqualTo("ECS deployment " + deployment.id() + " in progress.");
        assertThat(deployment.desiredCount()).isEqualTo(2);
    }

    @Test
    void aServiceOnManagedCapacity() {
        world.fargateDefinition("net");
        Service service = world.createService(request -> request.taskDefinition("net").launchType(LaunchType.FARGATE));
        assertThat(service.launchType()).isEqualTo(LaunchType.FARGATE);
        assertThat(service.platformVersion()).isEqualTo("LATEST");
        assertThat(service.platformFamily()).isEqualTo("Linux");

        Service spot = world.createService(request -> request.serviceName("spot").taskDefinition("net")
                .capacityProviderStrategy(item -> item.capacityProvider("FARGATE_SPOT").weight(1)));
        assertThat(spot.launchType()).isNull();
        assertThat(spot.capacityProviderStrategy()).singleElement()
                .satisfies(item -> assertThat(item.base()).isZero());
    }

    static Stream<Arguments> refusals() {
        return Stream.of(
                refusal("no name", request -> request.serviceName(null),
                        InvalidParameterException.class, "Service name cannot be empty."),
                refusal("a bad name", request -> request.serviceName("a b"),
                        InvalidParameterException.class, "Invalid service name"),
                refusal("no definition", request -> request.taskDefinition(null),
                        InvalidParameterException.class, "TaskDefinition can not be blank."),
                refusal("an unknown definition", request -> request.taskDefinition("nothing"),
                        ClientException.class, "TaskDefinition not found."),
                refusal("an unknown cluster", request -> request.cluster("nowhere"),
                        ClusterNotFoundException.class, "Cluster not found."),
                refusal("a negative count", request -> request.desiredCount(-1),
                        InvalidParameterException.class, "DesiredCount can not be lesser than 0"),
                refusal("a negative grace period", request -> request.healthCheckGracePeriodSeconds(-1),
                        InvalidParameterException.class, "healthCheckGracePeriodSeconds cannot be negative."),
                refusal("a long token", request -> request.clientToken("x".repeat(37)),
                        InvalidParameterException.class, "clientToken longer than 36."),
                refusal("a rollout that could never move", request -> request.deploymentConfiguration(
                                each -> each.minimumHealthyPercent(100).maximumPercent(100)),
                        InvalidParameterException.class,
                                "Both maximumPercent and minimumHealthyPercent cannot be 100 as"
                                + " this will block deployments."),
                refusal("more than all healthy", request -> request.deploymentConfiguration(
                                each -> each.minimumHealthyPercent(150)),
                        InvalidParameterException.class, "minimumHealthyPercent can be at most 100."),
                refusal("less than none healthy", request -> request.deploymentConfiguration(
                                each -> each.minimumHealthyPercent(-1)),
                        InvalidParameterException.class, "minimumHealthyPercent cannot be negative."),
                refusal("fewer than wanted", request -> request.deploymentConfiguration(
                                each -> each.minimumHealthyPercent(0).maximumPercent(99)),
                        InvalidParameterException.class, "maximumPercent must be at least 100."),
                refusal("a platform without Fargate", request -> request.platformVersion("1.4.0"),
                        InvalidParameterException.class,
                        "The platform version must be null when specifying an EC2 launch type."),
                refusal("an unknown platform", request -> request.taskDefinition("net").launchType(LaunchType.FARGATE)
                        .platformVersion("9.9.9"), PlatformUnknownException.class, "The specified platform version"),
                refusal("placement on Fargate", request -> request.taskDefinition("net").launchType(LaunchType.FARGATE)
                                .placementStrategy(each -> each.type("spread").field("host")),
                        InvalidParameterException.class,
                                "Placement strategies are not supported with FARGATE launch type."),
                refusal("what Fargate cannot run", request -> request.launchType(LaunchType.FARGATE),
                        InvalidParameterException.class, "Task definition does not support launch_type FARGATE."),
                refusal("a tag of AWS", request -> request.tags(tag -> tag.key("aws:x")),
                        InvalidParameterException.class, "Tag keys that start with aws: are reserved"),
                refusal("an unknown target group",
                        request -> request.loadBalancers(each -> each.targetGroupArn("arn:tg").containerName("app")
                                .containerPort(80)),
                        InvalidParameterException.class, "The target group arn:tg does not exist."));
    }

    private static Arguments refusal(
            String name, Consumer<CreateServiceRequest.Builder> change, Class<? extends Exception> type,
                    String message) {
        return Arguments.argumentSet(name, change, type, message);
    }

    @ParameterizedTest
    @MethodSource("refusals")
    void refuses(Consumer<CreateServiceRequest.Builder> change, Class<? extends Exception> type, String message) {
        world.fargateDefinition("net");

        assertThatThrownBy(() -> world.createService(change)).isInstanceOf(type).hasMessageStartingWith(message);
    }

    @Test
    void aTokenGivesTheSameServiceAgain() {
        Service first = world.createService(request -> request.clientToken("once"));
        assertThat(world.createService(request -> request.clientToken("once")).deployments().getFirst().id())
                .isEqualTo(first.deployments().getFirst().id());
        assertThatThrownBy(() -> world.createService(request -> { })).isInstanceOf(InvalidParameterException.class)
                .hasMessageStartingWith("Creation of service was not idempotent.");
        assertThatThrownBy(() -> world.createService(request -> request.clientToken("twice")))
                .hasMessageStartingWith("Creation of service was not idempotent.");
    }

    @Test
    void anUpdateOfCountsAndBoundsKeepsTheDeployment() {
        String id = world.createService(request -> { }).deployments().getFirst().id();
        Service service = world.updateService(request -> request.desiredCount(5)
                .deploymentConfiguration(each -> each.minimumHealthyPercent(50)).healthCheckGracePeriodSeconds(7));

        assertThat(service.desiredCount()).isEqualTo(5);
        assertThat(service.deployments()).singleElement().satisfies(deployment -> {
            assertThat(deployment.id()).isEqualTo(id);
            assertThat(deployment.desiredCount()).isEqualTo(5);
        });
        assertThat(service.deploymentConfiguration().minimumHealthyPercent()).isEqualTo(50);
        assertThat(service.deploymentConfiguration().maximumPercent()).isEqualTo(200);
        assertThat(service.healthCheckGracePeriodSeconds()).isEqualTo(7);
    }

    static Stream<Arguments> changes() {
        return Stream.of(
                Arguments.argumentSet("definition", change(request -> request.taskDefinition("net:2"))),
                Arguments.argumentSet("network", change(request -> request.networkConfiguration(network ->
                        network.awsvpcConfiguration(vpc -> vpc.subnets("subnet-9"))))),
                Arguments.argumentSet("platform", change(request -> request.platformVersion("1.4.0"))),
                Arguments.argumentSet("capacity", change(request -> request.forceNewDeployment(true)
                        .capacityProviderStrategy(item -> item.capacityProvider("FARGATE_SPOT").weight(1)))),
                Arguments.argumentSet("by force", change(request -> request.forceNewDeployment(true))));
    }

    private static Consumer<UpdateServiceRequest.Builder> change(Consumer<UpdateServiceRequest.Builder> change) {
        return change;
    }

    @ParameterizedTest
    @MethodSource("changes")
    void anUpdateOfWhatTasksAreMadeOfBeginsADeployment(Consumer<UpdateServiceRequest.Builder> change) {
        world.fargateDefinition("net");
        world.fargateDefinition("net");
        Service before = world.createService(request -> request.taskDefinition("net:1").launchType(LaunchType.FARGATE));
        Service after = world.updateService(change);

        assertThat(after.deployments()).hasSize(2);
        assertThat(after.deployments().get(0).status()).isEqualTo("PRIMARY");
        assertThat(after.deployments().get(1).id()).isEqualTo(before.deployments().getFirst().id());
        assertThat(after.deployments().get(1).status()).isEqualTo("ACTIVE");
    }

    @Test
    void anEmptyStrategyMeansTheLaunchTypeAgain() {
        world.fargateDefinition("net");
        world.createService(request -> request.taskDefinition("net")
                .capacityProviderStrategy(item -> item.capacityProvider("FARGATE").weight(1)));
        Service service = world.updateService(request -> request.forceNewDeployment(true)
                .capacityProviderStrategy(java.util.List.of()));

        assertThat(service.launchType()).isEqualTo(LaunchType.FARGATE);
        assertThat(service.capacityProviderStrategy()).isEmpty();
    }

    @Test
    void anotherStrategyNeedsANewDeployment() {
        world.fargateDefinition("net");
        world.createService(request -> request.taskDefinition("net").launchType(LaunchType.FARGATE));
        assertThatThrownBy(() -> world.updateService(request -> request.capacityProviderStrategy(item ->
                item.capacityProvider("FARGATE_SPOT").weight(1)))).isInstanceOf(InvalidParameterException.class)
                .hasMessageContaining("When switching from launch type to capacity provider strategy on an existing "
                        + "service, or making a change to a capacity provider strategy on a service that is already "
                        + "using one, you must force a new deployment.");
        world.updateService(request -> request.forceNewDeployment(true).capacityProviderStrategy(item ->
                item.capacityProvider("FARGATE_SPOT").weight(1)));
        assertThatThrownBy(() -> world.updateService(request -> request.capacityProviderStrategy(java.util.List.of())))
                .isInstanceOf(InvalidParameterException.class);
        Service same = world.updateService(request -> request.capacityProviderStrategy(item ->
                item.capacityProvider("FARGATE_SPOT").weight(1)));
        assertThat(same.capacityProviderStrategy()).hasSize(1);
    }

    @Test
    void onlyAServiceThatIsActiveIsUpdated() {
        assertThatThrownBy(() -> world.updateService(request -> { })).isInstanceOf(ServiceNotFoundException.class)
                .hasMessageStartingWith("Service not found.");
        assertThatThrownBy(() -> world.updateService(request -> request.service("")))
                .isInstanceOf(InvalidParameterException.class);
        world.createService(request -> { });
        delete(true);
        assertThatThrownBy(() -> world.updateService(request -> request.desiredCount(1)))
                .isInstanceOf(ServiceNotActiveException.class).hasMessageStartingWith("Service was not ACTIVE.");
        assertThatThrownBy(() -> world.updateService(request -> request.service("svc").taskDefinition("nothing")))
                .isInstanceOf(ServiceNotActiveException.class);
    }

    @Test
    void aServiceDrainsUntilItsLastTaskHasStopped() {
        world.instance(1024);
        world.createService(request -> request.tags(tag -> tag.key("k").value("v")));
        world.settle("svc");
        assertThatThrownBy(() -> delete(false)).isInstanceOf(InvalidParameterException.class)
                .hasMessageStartingWith("The service cannot be stopped while it is scaled above 0.");

        Service draining = delete(true);
        assertThat(draining.status()).isEqualTo("DRAINING");
        assertThat(draining.desiredCount()).isZero();
        assertThat(delete(false).status()).isEqualTo("DRAINING");
        assertThatThrownBy(() -> world.createService(request -> { }))
                .hasMessageStartingWith("Unable to Start a service that is still Draining.");
        world.reconcile("svc");
        assertThat(world.live("svc")).isEmpty();
        assertThat(world.service("svc").status()).isEqualTo("DRAINING");
        assertThat(list(null).serviceArns()).hasSize(1);

        assertThat(world.settle("svc").status()).isEqualTo("INACTIVE");
        assertThat(list(null).serviceArns()).isEmpty();
        assertThatThrownBy(() -> delete(true)).isInstanceOf(ServiceNotFoundException.class);

        Service again = world.createService(request -> request.desiredCount(1));
        assertThat(again.status()).isEqualTo("ACTIVE");
        assertThat(again.events()).isEmpty();
        assertThat(again.tags()).isEmpty();
        assertThat(world.settle("svc").runningCount()).isEqualTo(1);
    }

    @Test
    void aServiceWithoutTasksIsGoneAtOnce() {
        world.createService(request -> request.desiredCount(0));
        delete(false);

        assertThat(world.settle("svc").status()).isEqualTo("INACTIVE");
    }

    @Test
    void describesThoseThatAreThereAndNamesTheOthers() {
        world.createService(request -> request.tags(tag -> tag.key("k").value("v")));
        var plain = DescribeServices.read(world.image(),
                DescribeServicesRequest.builder().services("svc", "none").build(), World.SCOPE);
        assertThat(plain.services()).singleElement().satisfies(service -> assertThat(service.tags()).isEmpty());
        assertThat(plain.failures()).singleElement().satisfies(failure -> {
            assertThat(failure.reason()).isEqualTo("MISSING");
            assertThat(failure.arn()).isEqualTo(ARN + "service/default/none");
        });
        var tagged = DescribeServices.read(world.image(), DescribeServicesRequest.builder()
                .services(ARN + "service/default/svc").include(ServiceField.TAGS).build(), World.SCOPE);
        assertThat(tagged.services().getFirst().tags()).containsExactly(Tag.builder().key("k").value("v").build());
        assertThatThrownBy(() -> DescribeServices.read(world.image(), DescribeServicesRequest.builder().build(),
                World.SCOPE)).isInstanceOf(InvalidParameterException.class);
        assertThatThrownBy(() -> DescribeServices.read(world.image(), DescribeServicesRequest.builder().services(
                IntStream.range(0, 11).mapToObj(i -> "s" + i).toList()).build(), World.SCOPE))
                .isInstanceOf(InvalidParameterException.class);
    }

    @Test
    void listsTenAPageAndGoesOnWhereItEnded() {
        IntStream.range(0, 12).forEach(i -> world.createService(request -> request.serviceName("s%02d".formatted(i))));
        var first = list(null);
        assertThat(first.serviceArns()).hasSize(10);
        var second = list(first.nextToken());
        assertThat(second.serviceArns()).containsExactly(ARN + "service/default/s10", ARN + "service/default/s11");
        assertThat(second.nextToken()).isNull();
        assertThatThrownBy(() -> list("nonsense")).isInstanceOf(InvalidParameterException.class);
    }

    private software.amazon.awssdk.services.ecs.model.ListServicesResponse list(String token) {
        return ListServices.read(world.image(), ListServicesRequest.builder().nextToken(token).build(), World.SCOPE);
    }

    private Service delete(boolean force) {
        return world.decide((image, scope, context) -> DeleteService.decide(image,
                DeleteServiceRequest.builder().service("svc").force(force).build(), scope)).service();
    }
}
