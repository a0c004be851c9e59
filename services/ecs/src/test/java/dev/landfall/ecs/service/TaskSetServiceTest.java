package dev.landfall.ecs.service;

import static dev.landfall.ecs.World.ARN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.landfall.ecs.World;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.services.ecs.model.CreateServiceRequest;
import software.amazon.awssdk.services.ecs.model.DeleteServiceRequest;
import software.amazon.awssdk.services.ecs.model.DeploymentControllerType;
import software.amazon.awssdk.services.ecs.model.InvalidParameterException;
import software.amazon.awssdk.services.ecs.model.LaunchType;
import software.amazon.awssdk.services.ecs.model.PropagateTags;
import software.amazon.awssdk.services.ecs.model.SchedulingStrategy;
import software.amazon.awssdk.services.ecs.model.Service;
import software.amazon.awssdk.services.ecs.model.StabilityStatus;
import software.amazon.awssdk.services.ecs.model.TaskSet;
import software.amazon.awssdk.services.ecs.model.UpdateServiceRequest;

/** What CreateService and UpdateService answer and refuse where the deployment controller is not ECS. */
@SuppressWarnings("unchecked") // the SDK takes several consumers as a generic array
class TaskSetServiceTest {
    private final World world = new World();

    @BeforeEach
    void definitions() {
        world.definition("web");
        world.fargateDefinition("net");
    }

    private Service external(Consumer<CreateServiceRequest.Builder> change) {
        return world.createService(request -> change.accept(request.taskDefinition(null)
                .deploymentController(each -> each.type(DeploymentControllerType.EXTERNAL))));
    }

    private Service byCodeDeploy(Consumer<CreateServiceRequest.Builder> change) {
        return world.createService(request -> change.accept(request
                .deploymentController(each -> each.type(DeploymentControllerType.CODE_DEPLOY))));
    }

    @Test
    void anExternalServiceNeedsItsNameOnly() {
        Service service = external(request -> request.desiredCount(null));

        assertThat(service.serviceArn()).isEqualTo(ARN + "service/default/svc");
        assertThat(service.status()).isEqualTo("ACTIVE");
        assertThat(service.desiredCount()).isZero();
        assertThat(service.runningCount()).isZero();
        assertThat(service.pendingCount()).isZero();
        assertThat(service.taskDefinition()).isNull();
        assertThat(service.networkConfiguration()).isNull();
        assertThat(service.launchType()).isEqualTo(LaunchType.EC2);
        assertThat(service.schedulingStrategy()).isEqualTo(SchedulingStrategy.REPLICA);
        assertThat(service.deploymentController().type()).isEqualTo(DeploymentControllerType.EXTERNAL);
        assertThat(service.deploymentConfiguration().minimumHealthyPercent()).isEqualTo(100);
        assertThat(service.deploymentConfiguration().maximumPercent()).isEqualTo(200);
        assertThat(service.deploymentConfiguration().deploymentCircuitBreaker()).isNull();
        assertThat(service.hasDeployments()).isTrue();
        assertThat(service.deployments()).isEmpty();
        assertThat(service.hasTaskSets()).isTrue();
        assertThat(service.taskSets()).isEmpty();
        assertThat(service.events()).isEmpty();
        assertThat(service.propagateTags()).isEqualTo(PropagateTags.NONE);
        world.reconcile("svc");
        assertThat(world.service("svc")).isEqualTo(service);
    }

    @Test
    void anExternalServiceWithEverythingThatIsSaidOfServices() {
        Service service = external(request -> request.desiredCount(4).healthCheckGracePeriodSeconds(7)
                .schedulingStrategy(SchedulingStrategy.REPLICA).enableECSManagedTags(true).enableExecuteCommand(true)
                .propagateTags(PropagateTags.SERVICE).tags(tag -> tag.key("k").value("v"))
                .placementConstraints(each -> each.type("distinctInstance"))
                .placementStrategy(each -> each.type("spread").field("host"))
                .deploymentConfiguration(each -> each.minimumHealthyPercent(0).maximumPercent(150)
                        .deploymentCircuitBreaker(breaker -> breaker.enable(false).rollback(false))));

        assertThat(service.desiredCount()).isEqualTo(4);
        assertThat(service.healthCheckGracePeriodSeconds()).isEqualTo(7);
        assertThat(service.enableECSManagedTags()).isTrue();
        assertThat(service.enableExecuteCommand()).isTrue();
        assertThat(service.propagateTags()).isEqualTo(PropagateTags.SERVICE);
        assertThat(service.tags()).hasSize(1);
        assertThat(service.placementConstraints()).hasSize(1);
        assertThat(service.placementStrategy()).hasSize(1);
        assertThat(service.deploymentConfiguration().minimumHealthyPercent()).isZero();
        assertThat(service.deploymentConfiguration().maximumPercent()).isEqualTo(150);
    }

    static Stream<Arguments> refusals() {
        return Stream.of(
                refusal("a definition", request -> request.taskDefinition("web"), "TaskDefinition must be blank."),
                refusal("an empty definition", request -> request.taskDefinition(""),
                        "Family should not be null or empty."),
                refusal("a network", request -> request.networkConfiguration(network ->
                        network.awsvpcConfiguration(vpc -> vpc.subnets("subnet-1"))),
                        "NetworkConfiguration must be null."),
                refusal("a load balancer", request -> request.loadBalancers(each -> each.targetGroupArn("arn:tg")),
                        "LoadBalancers must be empty or null."),
                refusal("a registry", request -> request.serviceRegistries(each -> each.registryArn("arn:r")),
                        "ServiceRegistries must be empty or null."),
                refusal("a launch type", request -> request.launchType(LaunchType.EC2), "LaunchType must be null."),
                refusal("a platform", request -> request.platformVersion("LATEST"), "PlatformVersion must be null."),
                refusal("a strategy", request -> request.capacityProviderStrategy(item ->
                        item.capacityProvider("FARGATE").weight(1)),
                        "CapacityProviderStrategy must be empty or null."),
                refusal("a role", request -> request.role("ecs"),
                        "A role was passed, but no load balancers were present."),
                refusal("a daemon", request -> request.schedulingStrategy(SchedulingStrategy.DAEMON),
                        "The DAEMON scheduling strategy is not supported with the EXTERNAL deployment controller."),
                refusal("a negative count", request -> request.desiredCount(-1),
                        "DesiredCount can not be lesser than 0"),
                refusal("a negative grace period", request -> request.healthCheckGracePeriodSeconds(-1),
                        "healthCheckGracePeriodSeconds cannot be negative."),
                refusal("a circuit breaker", request -> request.deploymentConfiguration(each ->
                        each.deploymentCircuitBreaker(breaker -> breaker.enable(true).rollback(true))),
                        "Deployment circuit breaker feature is only supported with the ECS deployment controller."),
                refusal("alarms", request -> request.deploymentConfiguration(each ->
                        each.alarms(alarms -> alarms.enable(true).alarmNames("a"))),
                        "Deployment alarms feature is only supported with the ECS deployment controller."),
                refusal("a bake time", request -> request.deploymentConfiguration(each -> each.bakeTimeInMinutes(5)),
                        "Deployment strategies are only supported with the ECS deployment controller."),
                refusal("a deployment strategy", request -> request.deploymentConfiguration(each ->
                        each.strategy("BLUE_GREEN")),
                        "Deployment strategies are only supported with the ECS deployment controller."),
                refusal("Service Connect", request -> request.serviceConnectConfiguration(it -> it.enabled(true)),
                        "Service Connect is not supported with the EXTERNAL deployment controller."),
                refusal("volumes", request -> request.volumeConfigurations(it -> it.name("v")),
                        "Volume configurations are not supported with the EXTERNAL deployment controller."),
                refusal("VPC Lattice", request -> request.vpcLatticeConfigurations(it -> it.portName("p")),
                        "VPC Lattice configurations are not supported with the EXTERNAL deployment controller."),
                refusal("percentages that block", request -> request.deploymentConfiguration(each ->
                        each.minimumHealthyPercent(100).maximumPercent(100)), "Both maximumPercent and minimum"));
    }

    private static Arguments refusal(String name, Consumer<CreateServiceRequest.Builder> change, String message) {
        return Arguments.argumentSet(name, change, message);
    }

    @ParameterizedTest
    @MethodSource("refusals")
    void refusesWhatIsSaidOfTaskSets(Consumer<CreateServiceRequest.Builder> change, String message) {
        assertThatThrownBy(() -> external(change)).isInstanceOf(InvalidParameterException.class)
                .hasMessageStartingWith(message);
    }

    @Test
    void aTokenGivesTheSameServiceAgain() {
        Service first = external(request -> request.clientToken("once"));
        assertThat(external(request -> request.clientToken("once"))).isEqualTo(first);
        assertThatThrownBy(() -> external(request -> { }))
                .hasMessageStartingWith("Creation of service was not idempotent.");
    }

    @Test
    void codeDeploysServiceBeginsWithAPrimaryTaskSet() {
        world.managedInstance(10_000);
        Service service = byCodeDeploy(request -> request.taskDefinition("net").launchType(LaunchType.FARGATE)
                .networkConfiguration(network -> network.awsvpcConfiguration(vpc -> vpc.subnets("subnet-1")))
                .deploymentConfiguration(each -> each.minimumHealthyPercent(50).maximumPercent(150)));

        assertThat(service.deployments()).isEmpty();
        assertThat(service.taskDefinition()).endsWith("/net:1");
        assertThat(service.deploymentConfiguration().minimumHealthyPercent()).isEqualTo(50);
        TaskSet set = service.taskSets().getFirst();
        assertThat(service.taskSets()).hasSize(1);
        assertThat(set.id()).matches("ecs-svc/[0-9]{19}");
        assertThat(set.status()).isEqualTo("PRIMARY");
        assertThat(set.scale().value()).isEqualTo(100.0);
        assertThat(set.taskDefinition()).isEqualTo(service.taskDefinition());
        assertThat(set.launchType()).isEqualTo(LaunchType.FARGATE);
        assertThat(set.networkConfiguration().awsvpcConfiguration().subnets()).containsExactly("subnet-1");
        assertThat(set.stabilityStatus()).isEqualTo(StabilityStatus.STABILIZING);

        service = world.settle("svc");
        assertThat(service.runningCount()).isEqualTo(2);
        assertThat(service.taskSets().getFirst().stabilityStatus()).isEqualTo(StabilityStatus.STEADY_STATE);
        assertThat(world.live("svc")).allMatch(task -> task.task().startedBy().equals(set.id()));
        world.updateService(request -> request.desiredCount(3));
        assertThat(world.settle("svc").runningCount()).isEqualTo(3);
    }

    @Test
    void codeDeploysServiceOnOwnInstancesHasTheDefaultPercentages() {
        Service service = byCodeDeploy(request -> request
                .deploymentConfiguration(each -> each.minimumHealthyPercent(50).maximumPercent(150)));
        assertThat(service.deploymentConfiguration().minimumHealthyPercent()).isEqualTo(100);
        assertThat(service.deploymentConfiguration().maximumPercent()).isEqualTo(200);
    }

    @Test
    void codeDeploysServiceNeedsADefinition() {
        assertThatThrownBy(() -> byCodeDeploy(request -> request.taskDefinition(null)))
                .hasMessageStartingWith("TaskDefinition can not be blank.");
        assertThatThrownBy(() -> byCodeDeploy(request -> request.loadBalancers(each ->
                each.targetGroupArn("arn:tg").containerName("app").containerPort(80))))
                .hasMessageStartingWith("The target group arn:tg does not exist.");
        assertThatThrownBy(() -> byCodeDeploy(request -> request.schedulingStrategy(SchedulingStrategy.DAEMON)))
                .hasMessageStartingWith("The DAEMON scheduling strategy is not supported with the CODE_DEPLOY");
    }

    static Stream<Arguments> updates() {
        return Stream.of(
                update("by force", "Cannot force a new deployment", request -> request.forceNewDeployment(true)),
                update("the definition", "Unable to update task definition",
                        request -> request.taskDefinition("web")),
                update("the network", "Unable to update network parameters", request -> request.networkConfiguration(
                        network -> network.awsvpcConfiguration(vpc -> vpc.subnets("subnet-1")))),
                update("the platform", "Unable to update platform version",
                        request -> request.platformVersion("1.4.0")),
                update("load balancers", "Unable to update load balancers",
                        request -> request.loadBalancers(each -> each.targetGroupArn("arn:tg"))),
                update("registries", "Unable to update service registries",
                        request -> request.serviceRegistries(each -> each.registryArn("arn:r"))),
                update("the controller", "Unable to update deployment controller",
                        request -> request.deploymentController(each -> each.type(DeploymentControllerType.ECS))));
    }

    private static Arguments update(String name, String message, Consumer<UpdateServiceRequest.Builder> change) {
        return Arguments.argumentSet(name, message, change);
    }

    @ParameterizedTest
    @MethodSource("updates")
    void refusesToUpdateWhatIsSaidOfTaskSets(String message, Consumer<UpdateServiceRequest.Builder> change) {
        external(request -> { });
        byCodeDeploy(request -> request.serviceName("blue"));
        assertThatThrownBy(() -> world.updateService(change)).isInstanceOf(InvalidParameterException.class)
                .hasMessageStartingWith(message + " on services with a EXTERNAL deployment controller.");
        assertThatThrownBy(() -> world.updateService(request -> change.accept(request.service("blue"))))
                .isInstanceOf(InvalidParameterException.class)
                .hasMessageStartingWith(message + " on services with a CODE_DEPLOY deployment controller. Use AWS "
                        + "CodeDeploy to trigger a new deployment.");
    }

    @Test
    void anotherStrategyWouldTakeANewDeployment() {
        byCodeDeploy(request -> request.taskDefinition("net")
                .capacityProviderStrategy(item -> item.capacityProvider("FARGATE").weight(1)));
        world.updateService(request -> request
                .capacityProviderStrategy(item -> item.capacityProvider("FARGATE").weight(1)));
        for (String provider : List.of("FARGATE", "FARGATE_SPOT")) {
            assertThatThrownBy(() -> world.updateService(request -> request
                    .capacityProviderStrategy(item -> item.capacityProvider(provider).weight(2))))
                    .isInstanceOf(InvalidParameterException.class)
                    .hasMessageStartingWith("When switching from launch type to capacity provider strategy on an "
                            + "existing service, or making a change to a capacity provider strategy on a service that "
                            + "is already using one, you must force a new deployment.");
        }
    }

    @Test
    void updatesWhatIsLeft() {
        external(request -> { });
        Service service = world.updateService(request -> request.desiredCount(5).healthCheckGracePeriodSeconds(9)
                .enableECSManagedTags(true).propagateTags(PropagateTags.TASK_DEFINITION)
                .placementConstraints(each -> each.type("distinctInstance"))
                .placementStrategy(each -> each.type("binpack").field("memory"))
                .deploymentConfiguration(each -> each.maximumPercent(175))
                .loadBalancers(List.of()).serviceRegistries(List.of()).capacityProviderStrategy(List.of()));

        assertThat(service.desiredCount()).isEqualTo(5);
        assertThat(service.healthCheckGracePeriodSeconds()).isEqualTo(9);
        assertThat(service.enableECSManagedTags()).isTrue();
        assertThat(service.propagateTags()).isEqualTo(PropagateTags.TASK_DEFINITION);
        assertThat(service.placementConstraints()).hasSize(1);
        assertThat(service.placementStrategy()).hasSize(1);
        assertThat(service.deploymentConfiguration().maximumPercent()).isEqualTo(175);
        assertThat(service.deploymentConfiguration().minimumHealthyPercent()).isEqualTo(100);
        assertThatThrownBy(() -> world.updateService(request -> request
                .serviceConnectConfiguration(it -> it.enabled(true))))
                .hasMessageStartingWith("Service Connect is not supported with the EXTERNAL deployment controller.");
        assertThatThrownBy(() -> world.updateService(request -> request.desiredCount(-1)))
                .hasMessageStartingWith("Task count can not be lesser than 0");
        assertThatThrownBy(() -> world.updateService(request -> request.healthCheckGracePeriodSeconds(-1)))
                .hasMessageStartingWith("healthCheckGracePeriodSeconds cannot be negative.");
    }

    @Test
    void placementIsNotForTaskSetsOnFargate() {
        byCodeDeploy(request -> request.taskDefinition("net").launchType(LaunchType.FARGATE));
        assertThatThrownBy(() -> world.updateService(request -> request
                .placementStrategy(each -> each.type("spread").field("host"))))
                .hasMessageStartingWith("Placement strategies are not supported with FARGATE launch type.");
    }

    @Test
    void codeDeploysServiceIsDeletedWithItsTaskSet() {
        world.instance(1024);
        byCodeDeploy(request -> { });
        world.settle("svc");
        assertThatThrownBy(() -> delete(false))
                .hasMessageStartingWith("The service cannot be stopped while it is scaled above 0.");
        assertThat(delete(true).status()).isEqualTo("DRAINING");
        assertThat(world.settle("svc").status()).isEqualTo("INACTIVE");
        assertThat(world.service("svc").taskSets()).isEmpty();
    }

    private Service delete(boolean force) {
        return world.decide((image, scope, context) -> DeleteService.decide(image,
                DeleteServiceRequest.builder().service("svc").force(force).build(), scope)).service();
    }
}
