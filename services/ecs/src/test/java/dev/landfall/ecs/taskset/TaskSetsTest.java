package dev.landfall.ecs.taskset;

import static dev.landfall.ecs.World.ARN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.landfall.ecs.EcsTables;
import dev.landfall.ecs.World;
import dev.landfall.ecs.service.DescribeServices;
import dev.landfall.ecs.tag.ListTagsForResource;
import dev.landfall.ecs.tag.TagResource;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.services.ecs.model.AssignPublicIp;
import software.amazon.awssdk.services.ecs.model.ClientException;
import software.amazon.awssdk.services.ecs.model.ClusterNotFoundException;
import software.amazon.awssdk.services.ecs.model.CreateTaskSetRequest;
import software.amazon.awssdk.services.ecs.model.DeploymentControllerType;
import software.amazon.awssdk.services.ecs.model.DescribeServicesRequest;
import software.amazon.awssdk.services.ecs.model.InvalidParameterException;
import software.amazon.awssdk.services.ecs.model.LaunchType;
import software.amazon.awssdk.services.ecs.model.ListTagsForResourceRequest;
import software.amazon.awssdk.services.ecs.model.PlatformTaskDefinitionIncompatibilityException;
import software.amazon.awssdk.services.ecs.model.PlatformUnknownException;
import software.amazon.awssdk.services.ecs.model.Scale;
import software.amazon.awssdk.services.ecs.model.ScaleUnit;
import software.amazon.awssdk.services.ecs.model.Service;
import software.amazon.awssdk.services.ecs.model.ServiceField;
import software.amazon.awssdk.services.ecs.model.ServiceNotActiveException;
import software.amazon.awssdk.services.ecs.model.ServiceNotFoundException;
import software.amazon.awssdk.services.ecs.model.StabilityStatus;
import software.amazon.awssdk.services.ecs.model.TagResourceRequest;
import software.amazon.awssdk.services.ecs.model.TaskSet;
import software.amazon.awssdk.services.ecs.model.TaskSetField;
import software.amazon.awssdk.services.ecs.model.TaskSetNotFoundException;
import software.amazon.awssdk.services.ecs.model.UpdateTaskSetRequest;

/** What the task set operations answer and refuse; what the scheduler does of it is in TaskSetRolloutTest. */
@SuppressWarnings("unchecked") // the SDK takes several consumers as a generic array
class TaskSetsTest {
    private static final String NOWHERE = "ecs-svc/1234567890123456789";

    private final TaskSetWorld sets = new TaskSetWorld(2);
    private final World world = sets.world;

    @Test
    void aTaskSetWithNothingButTheNecessary() {
        TaskSet set = sets.create(request -> { });

        assertThat(set.id()).matches("ecs-svc/[0-9]{19}");
        assertThat(set.taskSetArn()).isEqualTo(ARN + "task-set/default/svc/" + set.id());
        assertThat(set.serviceArn()).isEqualTo(World.serviceArn("svc"));
        assertThat(set.clusterArn()).isEqualTo(ARN + "cluster/default");
        assertThat(set.status()).isEqualTo("ACTIVE");
        assertThat(set.taskDefinition()).isEqualTo(ARN + "task-definition/web:1");
        assertThat(set.computedDesiredCount()).isZero();
        assertThat(set.runningCount()).isZero();
        assertThat(set.pendingCount()).isZero();
        assertThat(set.launchType()).isEqualTo(LaunchType.EC2);
        assertThat(set.platformVersion()).isNull();
        assertThat(set.scale().value()).isZero();
        assertThat(set.scale().unit()).isEqualTo(ScaleUnit.PERCENT);
        assertThat(set.stabilityStatus()).isEqualTo(StabilityStatus.STABILIZING);
        assertThat(set.stabilityStatusAt()).isEqualTo(world.now());
        assertThat(set.createdAt()).isEqualTo(world.now());
        assertThat(set.updatedAt()).isEqualTo(world.now());
        assertThat(set.startedBy()).isNull();
        assertThat(set.externalId()).isNull();
        assertThat(set.hasLoadBalancers()).isTrue();
        assertThat(set.hasServiceRegistries()).isTrue();
        assertThat(sets.taskSets()).containsExactly(set);
    }

    @Test
    void aTaskSetWithEverything() {
        world.fargateDefinition("net");
        TaskSet set = sets.create(request -> request.taskDefinition("net").externalId("theirs").clientToken("once")
                .capacityProviderStrategy(item -> item.capacityProvider("FARGATE_SPOT").weight(2))
                .networkConfiguration(network -> network.awsvpcConfiguration(vpc -> vpc.subnets("subnet-1")
                        .securityGroups("sg-1")))
                .platformVersion("LATEST").scale(scale -> scale.value(12.5).unit(ScaleUnit.PERCENT))
                .tags(tag -> tag.key("k").value("v")));

        assertThat(set.externalId()).isEqualTo("theirs");
        assertThat(set.launchType()).isNull();
        assertThat(set.capacityProviderStrategy()).singleElement().satisfies(item -> {
            assertThat(item.capacityProvider()).isEqualTo("FARGATE_SPOT");
            assertThat(item.weight()).isEqualTo(2);
            assertThat(item.base()).isZero();
        });
        assertThat(set.networkConfiguration().awsvpcConfiguration().subnets()).containsExactly("subnet-1");
        assertThat(set.networkConfiguration().awsvpcConfiguration().assignPublicIp())
                .isEqualTo(AssignPublicIp.DISABLED);
        assertThat(set.platformVersion()).isEqualTo("1.4.0");
        assertThat(set.platformFamily()).isEqualTo("Linux");
        assertThat(set.scale().value()).isEqualTo(12.5);
        assertThat(set.tags()).singleElement().satisfies(tag -> assertThat(tag.value()).isEqualTo("v"));
    }

    @Test
    void theNewestActiveRevisionIsTakenOfAFamilyAlone() {
        assertThat(sets.create(request -> request.taskDefinition("web")).taskDefinition()).endsWith("/web:2");
    }

    static Stream<Arguments> refusals() {
        return Stream.of(
                refusal("no cluster", request -> request.cluster(null),
                        InvalidParameterException.class, "Cluster can not be blank."),
                refusal("an unknown cluster", request -> request.cluster("nowhere"),
                        ClusterNotFoundException.class, "Cluster not found."),
                refusal("no service", request -> request.service(null),
                        InvalidParameterException.class, "Service cannot be empty."),
                refusal("an unknown service", request -> request.service("other"),
                        ServiceNotFoundException.class, "Service not found."),
                refusal("a service with deployments", request -> request.service("rolling"),
                        InvalidParameterException.class, "Amazon ECS only supports task set management on services "
                                + "configured to use external deployment controllers."),
                refusal("CodeDeploy's service", request -> request.service("blue"),
                        InvalidParameterException.class, "Amazon ECS only supports task set management on services "
                                + "configured to use external deployment controllers."),
                refusal("no definition", request -> request.taskDefinition(null),
                        InvalidParameterException.class, "TaskDefinition can not be blank."),
                refusal("an unknown definition", request -> request.taskDefinition("nothing"),
                        ClientException.class, "TaskDefinition not found."),
                refusal("a token that is too long", request -> request.clientToken("x".repeat(37)),
                        InvalidParameterException.class, "clientToken longer than 36."),
                refusal("a token with a blank", request -> request.clientToken("a b"),
                        InvalidParameterException.class, "clientToken should have characters"),
                refusal("launch type and strategy", request -> request.launchType(LaunchType.EC2)
                                .capacityProviderStrategy(item -> item.capacityProvider("FARGATE").weight(1)),
                        InvalidParameterException.class,
                        "Specifying both a launch type and capacity provider strategy is not supported."),
                refusal("an unknown provider", request -> request.capacityProviderStrategy(
                                item -> item.capacityProvider("mine").weight(1)),
                        InvalidParameterException.class, "The specified capacity provider"),
                refusal("what Fargate cannot run", request -> request.launchType(LaunchType.FARGATE),
                        InvalidParameterException.class, "Task definition does not support launch_type FARGATE."),
                refusal("a platform without Fargate", request -> request.platformVersion("1.4.0"),
                        InvalidParameterException.class,
                        "The platform version must be null when specifying an EC2 launch type."),
                refusal("an unknown platform", request -> request.taskDefinition("net")
                                .launchType(LaunchType.FARGATE).platformVersion("9.9.9"),
                        PlatformUnknownException.class, "The specified platform version does not exist."),
                refusal("a platform that lacks something", request -> request.taskDefinition("large")
                                .launchType(LaunchType.FARGATE).platformVersion("1.3.0"),
                        PlatformTaskDefinitionIncompatibilityException.class,
                        "One or more of the requested capabilities are not supported."),
                refusal("a network without awsvpc", request -> request.networkConfiguration(network ->
                                network.awsvpcConfiguration(vpc -> vpc.subnets("subnet-1"))),
                        InvalidParameterException.class, "Network Configuration is not valid"),
                refusal("placement on Fargate", request -> request.service("placed").taskDefinition("net")
                                .launchType(LaunchType.FARGATE), InvalidParameterException.class,
                        "Placement strategies are not supported with FARGATE launch type."),
                refusal("an unknown target group", request -> request.loadBalancers(each ->
                                each.targetGroupArn("arn:tg").containerName("app")
                                .containerPort(80)), InvalidParameterException.class,
                        "The target group arn:tg does not exist."),
                refusal("two load balancers", request -> request.loadBalancers(
                                each -> each.targetGroupArn("a"), each -> each.targetGroupArn("b")),
                        InvalidParameterException.class, "CreateTaskSet cannot have more than 1 load balancer."),
                refusal("an unknown registry", request -> request.serviceRegistries(each -> each.registryArn("arn:r")),
                        InvalidParameterException.class, "The service registry arn:r does not exist."),
                refusal("less than nothing", request -> request.scale(scale -> scale.value(-0.1)),
                        InvalidParameterException.class, "Scale value must be between 0 and 100."),
                refusal("more than all", request -> request.scale(scale -> scale.value(100.1)),
                        InvalidParameterException.class, "Scale value must be between 0 and 100."),
                refusal("no number", request -> request.scale(scale -> scale.value(Double.NaN)),
                        InvalidParameterException.class, "Scale value must be between 0 and 100."),
                refusal("a tag of AWS", request -> request.tags(tag -> tag.key("aws:x")),
                        InvalidParameterException.class, "Tag keys that start with aws: are reserved"));
    }

    private static Arguments refusal(String name, Consumer<CreateTaskSetRequest.Builder> change,
            Class<? extends Exception> type, String message) {
        return Arguments.argumentSet(name, change, type, message);
    }

    @ParameterizedTest
    @MethodSource("refusals")
    void refuses(Consumer<CreateTaskSetRequest.Builder> change, Class<? extends Exception> type, String message) {
        world.fargateDefinition("net");
        world.definition(request -> request.family("large").requiresCompatibilitiesWithStrings("FARGATE")
                .networkMode("awsvpc").cpu("256").memory("512").ephemeralStorage(storage -> storage.sizeInGiB(30)));
        world.createService(request -> request.serviceName("rolling").desiredCount(0));
        world.createService(request -> request.serviceName("blue").desiredCount(0)
                .deploymentController(each -> each.type(DeploymentControllerType.CODE_DEPLOY)));
        sets.external(request -> request.serviceName("placed")
                .placementStrategy(each -> each.type("spread").field("host")));
        var before = world.image();

        assertThatThrownBy(() -> sets.create(change)).isInstanceOf(type).hasMessageStartingWith(message);
        assertThat(world.image()).isSameAs(before);
    }

    @Test
    void aServiceHasFiveTaskSetsAtMost() {
        for (int i = 0; i < 5; i++) {
            sets.create(request -> { });
        }
        assertThatThrownBy(() -> sets.create(request -> { })).isInstanceOf(InvalidParameterException.class)
                .hasMessageStartingWith("5 deployments exist on the service. Unable to create new TaskSet since this "
                        + "exceeds the maximum limit.");
        sets.delete(request -> request.taskSet(sets.taskSets().getFirst().id()));
        sets.settle();
        assertThat(sets.create(request -> { }).status()).isEqualTo("ACTIVE");
    }

    @Test
    void aTokenGivesTheSameTaskSetAgain() {
        TaskSet first = sets.create(request -> request.clientToken("once"));
        world.pass(Duration.ofMinutes(1));
        sets.scale(first.id(), 50);
        assertThat(sets.create(request -> request.clientToken("once")).id()).isEqualTo(first.id());
        assertThatThrownBy(() -> sets.create(request -> request.clientToken("once").externalId("other")))
                .isInstanceOf(InvalidParameterException.class)
                .hasMessageStartingWith("Creation of task set was not idempotent.");
        assertThat(sets.create(request -> request.clientToken("twice")).id()).isNotEqualTo(first.id());
        assertThat(sets.create(request -> { }).id()).isNotEqualTo(sets.create(request -> { }).id());
        assertThat(sets.taskSets()).hasSize(4);
    }

    @Test
    void anUpdateChangesTheScaleOnly() {
        TaskSet before = sets.create("web:1", 10);
        sets.settle();
        world.pass(Duration.ofMinutes(1));
        TaskSet after = sets.scale(before.taskSetArn(), 50);

        assertThat(after.scale().value()).isEqualTo(50);
        assertThat(after.updatedAt()).isEqualTo(world.now());
        assertThat(after.stabilityStatus()).isEqualTo(StabilityStatus.STABILIZING);
        assertThat(after.createdAt()).isEqualTo(before.createdAt());
        assertThat(after.taskDefinition()).isEqualTo(before.taskDefinition());
        assertThat(sets.taskSet(before.id())).isEqualTo(after);
    }

    static Stream<Arguments> updateRefusals() {
        return Stream.of(
                Arguments.argumentSet("no set", change(request -> request.taskSet(null)),
                        InvalidParameterException.class, "TaskSet can not be blank."),
                Arguments.argumentSet("an unknown set", change(request -> request.taskSet(NOWHERE)),
                        TaskSetNotFoundException.class, "TaskSet not found."),
                Arguments.argumentSet("a task's ARN", change(request -> request.taskSet(ARN + "task/default/1")),
                        InvalidParameterException.class, "Task Set Identifier is invalid"),
                Arguments.argumentSet("no scale", change(request ->
                                request.scale((Scale) null)),
                        InvalidParameterException.class, "Scale can not be blank."),
                Arguments.argumentSet("too large a scale", change(request -> request.scale(each -> each.value(101.0))),
                        InvalidParameterException.class, "Scale value must be between 0 and 100."),
                Arguments.argumentSet("another service", change(request -> request.service("other")),
                        ServiceNotFoundException.class, "Service not found."),
                Arguments.argumentSet("no cluster", change(request -> request.cluster(" ")),
                        InvalidParameterException.class, "Cluster can not be blank."));
    }

    private static Consumer<UpdateTaskSetRequest.Builder> change(Consumer<UpdateTaskSetRequest.Builder> change) {
        return change;
    }

    @ParameterizedTest
    @MethodSource("updateRefusals")
    void refusesUpdates(Consumer<UpdateTaskSetRequest.Builder> change, Class<? extends Exception> type,
            String message) {
        TaskSet set = sets.create(request -> { });
        assertThatThrownBy(() -> sets.update(request -> {
            request.taskSet(set.id()).scale(each -> each.value(1.0));
            change.accept(request);
        })).isInstanceOf(type).hasMessageStartingWith(message);
    }

    @Test
    void theServiceShowsWhatItsPrimaryTaskSetIsMadeOf() {
        world.fargateDefinition("net");
        assertThat(world.service("svc").taskDefinition()).isNull();
        TaskSet blue = sets.create(request -> request.taskDefinition("net").launchType(LaunchType.FARGATE)
                .networkConfiguration(network -> network.awsvpcConfiguration(vpc -> vpc.subnets("subnet-1"))));
        TaskSet green = sets.create(request -> { });
        world.pass(Duration.ofMinutes(1));

        TaskSet primary = sets.primary(blue.id());
        assertThat(primary.status()).isEqualTo("PRIMARY");
        assertThat(primary.updatedAt()).isEqualTo(world.now());
        Service service = world.service("svc");
        assertThat(service.taskDefinition()).isEqualTo(blue.taskDefinition());
        assertThat(service.launchType()).isEqualTo(LaunchType.FARGATE);
        assertThat(service.platformVersion()).isEqualTo("1.4.0");
        assertThat(service.platformFamily()).isEqualTo("Linux");
        assertThat(service.networkConfiguration()).isEqualTo(blue.networkConfiguration());

        sets.primary(green.taskSetArn());
        service = world.service("svc");
        assertThat(service.taskDefinition()).isEqualTo(green.taskDefinition());
        assertThat(service.launchType()).isEqualTo(LaunchType.EC2);
        assertThat(service.platformVersion()).isNull();
        assertThat(service.networkConfiguration()).isNull();
        assertThat(service.taskSets()).extracting(TaskSet::status).containsExactly("ACTIVE", "PRIMARY");
        var before = world.image();
        sets.primary(green.id());
        assertThat(world.image().get(EcsTables.TASK_SETS, green.taskSetArn()))
                .isEqualTo(before.get(EcsTables.TASK_SETS, green.taskSetArn()));

        assertThatThrownBy(() -> sets.primary(NOWHERE)).isInstanceOf(TaskSetNotFoundException.class);
        assertThatThrownBy(() -> sets.primary("")).hasMessageStartingWith("PrimaryTaskSet can not be blank.");
    }

    @Test
    void thePrimaryTaskSetIsDeletedByForceOnly() {
        TaskSet set = sets.create(request -> { });
        sets.primary(set.id());
        assertThatThrownBy(() -> sets.delete(request -> request.taskSet(set.id())))
                .isInstanceOf(InvalidParameterException.class)
                .hasMessageStartingWith("Primary TaskSet cannot be deleted");

        assertThat(sets.delete(request -> request.taskSet(set.id()).force(true)).status()).isEqualTo("DRAINING");
        assertThat(world.service("svc").taskDefinition()).isNull();
    }

    @Test
    void aTaskSetWithAShareIsDeletedByForceOnly() {
        TaskSet set = sets.create("web:1", 1);
        assertThatThrownBy(() -> sets.delete(request -> request.taskSet(set.id())))
                .isInstanceOf(InvalidParameterException.class)
                .hasMessageStartingWith("The TaskSet cannot be deleted while it is scaled above 0.");
        assertThatThrownBy(() -> sets.delete(request -> request.taskSet(NOWHERE)))
                .isInstanceOf(TaskSetNotFoundException.class);

        assertThat(sets.delete(request -> request.taskSet(set.id()).force(true)).status()).isEqualTo("DRAINING");
        assertThat(sets.delete(request -> request.taskSet(set.id())).status()).isEqualTo("DRAINING");
        assertThatThrownBy(() -> sets.scale(set.id(), 5)).isInstanceOf(InvalidParameterException.class);
        assertThatThrownBy(() -> sets.primary(set.id())).isInstanceOf(InvalidParameterException.class);
        sets.settle();
        assertThat(sets.taskSets()).isEmpty();
        assertThatThrownBy(() -> sets.delete(request -> request.taskSet(set.id())))
                .isInstanceOf(TaskSetNotFoundException.class);
    }

    @Test
    void describesThoseThatAreThereAndNamesTheOthers() {
        TaskSet set = sets.create(request -> request.tags(tag -> tag.key("k").value("v")));
        var plain = sets.describe(request -> request.taskSets(set.id(), NOWHERE));
        assertThat(plain.taskSets()).singleElement().satisfies(each -> assertThat(each.tags()).isEmpty());
        assertThat(plain.failures()).singleElement().satisfies(failure -> {
            assertThat(failure.reason()).isEqualTo("MISSING");
            assertThat(failure.arn()).isEqualTo(ARN + "task-set/default/svc/" + NOWHERE);
        });
        var tagged = sets.describe(request -> request.taskSets(set.taskSetArn()).include(TaskSetField.TAGS));
        assertThat(tagged.taskSets()).containsExactly(set);

        assertThatThrownBy(() -> sets.describe(request -> { })).isInstanceOf(InvalidParameterException.class)
                .hasMessageStartingWith("TaskSets cannot be empty.");
        assertThatThrownBy(() -> sets.describe(request -> request.taskSets("nonsense")))
                .isInstanceOf(InvalidParameterException.class)
                .hasMessageStartingWith("Task Set Identifier is invalid");
        assertThatThrownBy(() -> sets.describe(request -> request.service("other").taskSets(set.id())))
                .isInstanceOf(ServiceNotFoundException.class);
    }

    @Test
    void theServiceShowsTheTagsOfItsTaskSetsToThoseWhoAsk() {
        TaskSet set = sets.create(request -> request.tags(tag -> tag.key("k").value("v")));
        assertThat(sets.taskSets().getFirst().tags()).isEmpty();
        var tagged = DescribeServices.read(world.image(), DescribeServicesRequest.builder()
                .services("svc").include(ServiceField.TAGS).build(), World.SCOPE);
        assertThat(tagged.services().getFirst().taskSets().getFirst().tags()).isEqualTo(set.tags());
    }

    @Test
    void anotherServicesTaskSetIsNotFound() {
        sets.external(request -> request.serviceName("other"));
        TaskSet other = sets.create(request -> request.service("other"));

        assertThatThrownBy(() -> sets.scale(other.id(), 1)).isInstanceOf(TaskSetNotFoundException.class);
        assertThatThrownBy(() -> sets.scale(other.taskSetArn(), 1)).isInstanceOf(TaskSetNotFoundException.class);
        assertThat(sets.describe(request -> request.taskSets(other.taskSetArn())).failures()).hasSize(1);
        assertThat(sets.taskSets()).isEmpty();
    }

    @Test
    void taskSetsAreTagged() {
        String arn = sets.create(request -> { }).taskSetArn();
        world.decide((image, scope, context) -> TagResource.decide(image, TagResourceRequest.builder()
                .resourceArn(arn).tags(tag -> tag.key("k").value("v")).build(), scope, context));

        assertThat(ListTagsForResource.read(world.image(), ListTagsForResourceRequest.builder().resourceArn(arn)
                .build(), World.SCOPE).tags()).singleElement().satisfies(tag -> assertThat(tag.key()).isEqualTo("k"));
        assertThatThrownBy(() -> ListTagsForResource.read(world.image(), ListTagsForResourceRequest.builder()
                .resourceArn(ARN + "task-set/default/svc/" + NOWHERE).build(), World.SCOPE))
                .hasMessageStartingWith("The specified task set was not found.");
    }

    @Test
    void nothingIsDoneInAServiceThatIsBeingDeleted() {
        TaskSet set = sets.create("web:1", 100);
        world.instance(1024);
        sets.settle();
        sets.deleteService(true);

        assertThatThrownBy(() -> sets.create(request -> { })).isInstanceOf(ServiceNotActiveException.class);
        assertThatThrownBy(() -> sets.scale(set.id(), 1)).isInstanceOf(ServiceNotActiveException.class);
        assertThatThrownBy(() -> sets.primary(set.id())).isInstanceOf(ServiceNotActiveException.class);
        assertThatThrownBy(() -> sets.delete(request -> request.taskSet(set.id())))
                .isInstanceOf(ServiceNotActiveException.class);
        assertThatThrownBy(() -> sets.describe(request -> request.taskSets(set.id())))
                .isInstanceOf(ServiceNotActiveException.class);
    }

    /** Rounded up, and never more than all or less than none. */
    @Property
    void aShareIsRoundedUp(@ForAll @DoubleRange(min = 0, max = 100) double percent,
            @ForAll @IntRange(max = 5_000) int desired) {
        int count = TaskSets.desiredCount(TaskSet.builder().status("ACTIVE").scale(scale -> scale.value(percent))
                .build(), desired);
        assertThat(count).isBetween(0, desired);
        assertThat((double) count).isGreaterThanOrEqualTo(percent * desired / 100 - 1e-9);
        assertThat(count - 1.0).isLessThan(percent * desired / 100 + 1e-9);
    }

    @Test
    void anExactShareIsNotRounded() {
        var set = TaskSet.builder().status("ACTIVE").scale(scale -> scale.value(14.0)).build();
        assertThat(TaskSets.desiredCount(set, 50)).isEqualTo(7); // in doubles 14.0 / 100 * 50 is more than 7
        assertThat(TaskSets.desiredCount(set.toBuilder().scale(scale -> scale.value(40.0)).build(), 3)).isEqualTo(2);
        assertThat(TaskSets.desiredCount(set.toBuilder().scale(scale -> scale.value(1e-300)).build(), 1)).isEqualTo(1);
    }
}
