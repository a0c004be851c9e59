package dev.landfall.ecs.instance;

import static dev.landfall.ecs.World.ARN;
import static dev.landfall.ecs.World.attribute;
import static dev.landfall.ecs.World.instanceRequest;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.landfall.ecs.EcsTables;
import dev.landfall.ecs.World;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.services.ecs.model.Attribute;
import software.amazon.awssdk.services.ecs.model.ClientException;
import software.amazon.awssdk.services.ecs.model.ContainerInstance;
import software.amazon.awssdk.services.ecs.model.ContainerInstanceField;
import software.amazon.awssdk.services.ecs.model.DeregisterContainerInstanceRequest;
import software.amazon.awssdk.services.ecs.model.DescribeContainerInstancesRequest;
import software.amazon.awssdk.services.ecs.model.DescribeContainerInstancesResponse;
import software.amazon.awssdk.services.ecs.model.Failure;
import software.amazon.awssdk.services.ecs.model.InvalidParameterException;
import software.amazon.awssdk.services.ecs.model.ListContainerInstancesRequest;
import software.amazon.awssdk.services.ecs.model.RegisterContainerInstanceRequest;
import software.amazon.awssdk.services.ecs.model.Resource;
import software.amazon.awssdk.services.ecs.model.Task;
import software.amazon.awssdk.services.ecs.model.UpdateContainerInstancesStateRequest;
import software.amazon.awssdk.services.ecs.model.UpdateContainerInstancesStateResponse;

@SuppressWarnings("unchecked") // the SDK takes several consumers as a generic array
class InstancesTest {
    private final World world = new World();

    @BeforeEach
    void aDefinition() {
        world.definition("web");
    }

    @Test
    void anInstanceJoinsItsCluster() {
        ContainerInstance instance = register(request -> request.versionInfo(info -> info.agentVersion("1.2"))
                .tags(List.of()));

        assertThat(instance.containerInstanceArn()).matches(ARN + "container-instance/default/[0-9a-f]{32}");
        assertThat(instance.status()).isEqualTo("ACTIVE");
        assertThat(instance.agentConnected()).isFalse();
        assertThat(instance.ec2InstanceId()).matches("i-[0-9a-f]{17}");
        assertThat(instance.registeredAt()).isEqualTo(world.now());
        assertThat(instance.versionInfo().agentVersion()).isEqualTo("1.2");
        assertThat(instance.runningTasksCount()).isZero();
        assertThat(instance.pendingTasksCount()).isZero();
        assertThat(instance.remainingResources()).isEqualTo(instance.registeredResources());
        assertThat(instance.attributes()).contains(attribute("ecs.availability-zone", "eu-central-1a"))
                .extracting(Attribute::name).contains("ecs.cpu-architecture");
        assertThat(list(null)).containsExactly(instance.containerInstanceArn());
    }

    /** Amazon's agent names its GPUs as devices, not among its resources. */
    @Test
    void gpusAreDevicesAndBecomeAResource() {
        ContainerInstance instance = register(request -> request.platformDevices(
                each -> each.id("GPU-b").type("GPU"), each -> each.id("GPU-a").type("GPU")));

        Resource gpus = World.ports("GPU", "GPU-b", "GPU-a");
        assertThat(instance.registeredResources()).contains(gpus);
        assertThat(instance.remainingResources()).contains(gpus);
        assertThat(register(request -> request.containerInstanceArn(instance.containerInstanceArn()))
                .registeredResources()).as("a machine that has lost its GPUs").doesNotContain(gpus);
    }

    @Test
    void anInstanceThatIsKnownTakesItsPlaceAgain() {
        String arn = world.instance(1024);
        String task = world.runTask(request -> { }).tasks().getFirst().taskArn();
        ContainerInstance again = register(request -> request.containerInstanceArn(arn)
                .versionInfo(info -> info.agentVersion("2")));

        assertThat(again.containerInstanceArn()).isEqualTo(arn);
        assertThat(again.versionInfo().agentVersion()).isEqualTo("2");
        assertThat(again.pendingTasksCount()).isOne();
        assertThat(world.task(task).instanceArn()).isEqualTo(arn);
        assertThat(world.image().size(EcsTables.INSTANCES)).isOne();
        assertThatThrownBy(() -> register(request -> request.containerInstanceArn("arn:nobody")))
                .isInstanceOf(InvalidParameterException.class);
    }

    /** An answer may be lost: the agent asks again, and must not be two instances. */
    @Test
    void aTokenIsOneInstances() {
        ContainerInstance first = register(token("one"));
        ContainerInstance second = register(token("one").andThen(request -> request.versionInfo(
                info -> info.agentVersion("2"))));
        assertThat(second.containerInstanceArn()).isEqualTo(first.containerInstanceArn());
        assertThat(second.versionInfo().agentVersion()).isEqualTo("2");
        assertThat(second.attributes()).extracting(Attribute::name).doesNotContain("landfall.registration-token");
        assertThat(register(request -> request.containerInstanceArn(first.containerInstanceArn()))
                .containerInstanceArn()).isEqualTo(first.containerInstanceArn());
        assertThat(register(token("one")).containerInstanceArn()).isEqualTo(first.containerInstanceArn());

        world.cluster("other");
        assertThat(List.of(register(token("two")), register(token("one").andThen(each -> each.cluster("other"))),
                register(token("one").andThen(each -> managed(each)))))
                .extracting(ContainerInstance::containerInstanceArn).doesNotHaveDuplicates()
                .doesNotContain(first.containerInstanceArn());
        assertThat(register(token("one").andThen(each -> managed(each))).containerInstanceArn())
                .contains("landfall-managed");
        assertThat(world.image().size(EcsTables.INSTANCES)).isEqualTo(4);

        deregister(first.containerInstanceArn(), true);
        assertThat(register(token("one")).containerInstanceArn()).isNotEqualTo(first.containerInstanceArn());
    }

    private static void managed(RegisterContainerInstanceRequest.Builder request) {
        request.attributes(attribute("landfall.registration-token", "one"), attribute("landfall.capacity", "managed"));
    }

    /** As Amazon's agent sends it, beside what the SDK knows. */
    private static Consumer<RegisterContainerInstanceRequest.Builder> token(String token) {
        return request -> request.attributes(RegisterContainerInstance.withToken(request.build(), Optional.of(token))
                .attributes());
    }

    @Test
    void managedCapacityIsListedNowhere() {
        String arn = world.managedInstance(1024);

        assertThat(list(null)).isEmpty();
        assertThat(describe(request -> request.containerInstances(arn)).failures()).hasSize(1);
        assertThatThrownBy(() -> deregister(arn, true)).isInstanceOf(InvalidParameterException.class);
    }

    static Stream<Arguments> refusals() {
        return Stream.of(
                refusal("a cluster that is not there", request -> request.cluster("nowhere"),
                        ClientException.class, "Cluster not found."),
                refusal("a resource without a name", request -> request.totalResources(Resource.builder().build()),
                        InvalidParameterException.class, "Resource name cannot be empty."),
                refusal("memory without a number", request -> request.totalResources(
                                Resource.builder().name("MEMORY").build()),
                        InvalidParameterException.class, "Invalid value for resource MEMORY."),
                refusal("less than no processor", request -> request.totalResources(World.integer("CPU", -1)),
                        InvalidParameterException.class, "Invalid value for resource CPU."),
                refusal("a device without an id", request -> request.platformDevices(each -> each.type("GPU")),
                        InvalidParameterException.class, "Invalid platform device."),
                refusal("a device of another kind", request -> request.platformDevices(each ->
                                each.id("1").type("TPU")),
                        InvalidParameterException.class, "Invalid platform device."),
                refusal("an attribute without a name", request -> request.attributes(attribute(null, "x")),
                        InvalidParameterException.class, "Attribute name cannot be empty."),
                refusal("a block of no addresses", request -> request.attributes(
                                attribute("landfall.awsvpc-cidr", "10.0.0.999/20")),
                        InvalidParameterException.class, "Invalid value for attribute landfall.awsvpc-cidr."),
                refusal("a tag of AWS", request -> request.tags(tag -> tag.key("aws:x").value("y")),
                        InvalidParameterException.class, "Tag keys that start with aws: are reserved"));
    }

    private static Arguments refusal(String name, Consumer<RegisterContainerInstanceRequest.Builder> change,
            Class<? extends Exception> type, String message) {
        return Arguments.argumentSet(name, change, type, message);
    }

    @ParameterizedTest
    @MethodSource("refusals")
    void refuses(
            Consumer<RegisterContainerInstanceRequest.Builder> change, Class<? extends Exception> type,
                    String message) {
        assertThatThrownBy(() -> register(change)).isInstanceOf(type).hasMessageStartingWith(message);
    }

    @Test
    void describesWhatRemains() {
        String arn = world.instance(1024);
        world.definition(request -> request.family("port").containerDefinitions(World.container("app").toBuilder()
                .portMappings(port(8080)).build()));
        world.running(world.runTask(request -> request.taskDefinition("port")).tasks().getFirst().taskArn());
        world.runTask(request -> { });
        ContainerInstance instance = describe(request -> request.containerInstances(arn)).containerInstances()
                .getFirst();

        assertThat(instance.runningTasksCount()).isOne();
        assertThat(instance.pendingTasksCount()).isOne();
        assertThat(instance.remainingResources()).contains(World.integer("CPU", 2048 - 200),
                World.integer("MEMORY", 1024 - 128), World.ports("PORTS", "22", "2375", "8080"),
                        World.ports("PORTS_UDP"));
        assertThat(instance.registeredResources()).contains(World.integer("MEMORY", 1024));
        assertThat(instance.agentConnected()).isTrue();
    }

    private static software.amazon.awssdk.services.ecs.model.PortMapping port(int port) {
        return software.amazon.awssdk.services.ecs.model.PortMapping.builder().containerPort(80).hostPort(port).build();
    }

    @Test
    void describeNamesTheMissingAndRefusesTooMuch() {
        assertThat(describe(request -> request.containerInstances("ffff")).failures()).containsExactly(
                Failure.builder().arn(ARN + "container-instance/default/ffff").reason("MISSING").build());
        assertThatThrownBy(() -> describe(request -> { })).isInstanceOf(InvalidParameterException.class);
        assertThatThrownBy(() -> describe(request -> request.containerInstances(Collections.nCopies(101, "x"))))
                .hasMessageStartingWith("instanceIds can have at most 100 items.");
        String arn = world.instance(10, "default", request -> request.tags(
                software.amazon.awssdk.services.ecs.model.Tag.builder().key("k").value("v").build()));
        assertThat(describe(request -> request.containerInstances(arn)).containerInstances().getFirst().tags())
                .isEmpty();
        assertThat(describe(request -> request.containerInstances(arn).include(ContainerInstanceField.TAGS))
                .containerInstances().getFirst().tags()).hasSize(1);
    }

    @Test
    void anInstanceWithTasksLeavesOnlyByForce() {
        String arn = world.instance(1024);
        String task = world.runTask(request -> { }).tasks().getFirst().taskArn();
        assertThatThrownBy(() -> deregister(arn, false)).isInstanceOf(InvalidParameterException.class)
                .hasMessageStartingWith("Found running tasks on the instance.");
        assertThatThrownBy(() -> deregister(null, false)).isInstanceOf(InvalidParameterException.class);

        ContainerInstance gone = deregister(arn, true);
        assertThat(gone.status()).isEqualTo("INACTIVE");
        assertThat(gone.agentConnected()).isFalse();
        Task stopped = world.task(task).task();
        assertThat(stopped.lastStatus()).isEqualTo("STOPPED");
        assertThat(stopped.stoppedReason()).isEqualTo("Container instance deregistration forced by user.");
        assertThat(world.image().get(EcsTables.LOADS, arn)).isEmpty();
        assertThat(list(null)).isEmpty();
        world.exited(task, 0);
        assertThat(world.task(task).task()).isEqualTo(stopped);
        assertThatThrownBy(() -> deregister(arn, true)).isInstanceOf(InvalidParameterException.class);
        assertThatThrownBy(() -> register(request -> request.containerInstanceArn(arn)))
                .isInstanceOf(InvalidParameterException.class);
    }

    @Test
    void anInstanceIsDrainedAndTakenBack() {
        String arn = world.instance(1024);
        UpdateContainerInstancesStateResponse response = update("DRAINING", arn, "ffff");
        assertThat(response.containerInstances()).singleElement()
                .satisfies(each -> assertThat(each.status()).isEqualTo("DRAINING"));
        assertThat(response.failures()).containsExactly(
                Failure.builder().arn(ARN + "container-instance/default/ffff").reason("MISSING").build());
        assertThat(world.runTask(request -> { }).failures()).containsExactly(
                Failure.builder().arn(arn).reason("INACTIVE").build());
        assertThat(list("DRAINING")).containsExactly(arn);
        assertThat(list("ACTIVE")).isEmpty();

        update("ACTIVE", arn);
        assertThat(world.runTask(request -> { }).tasks()).hasSize(1);
        assertThatThrownBy(() -> update("REGISTERING", arn)).isInstanceOf(InvalidParameterException.class)
                .hasMessageStartingWith("Container instance status should be one of [ACTIVE, DRAINING].");
        assertThatThrownBy(() -> update("ACTIVE")).isInstanceOf(InvalidParameterException.class);
    }

    @Test
    void anAgentsConnectionIsWrittenDownOnlyWhenItChanges() {
        String arn = world.instance(1024);
        assertThat(AgentConnection.decide(world.image(), arn, true, world.context()).writes()).isEmpty();
        assertThat(AgentConnection.decide(world.image(), arn, false, world.context()).writes())
                .as("the instance, its load, its agent's absence").hasSize(3);
        assertThat(AgentConnection.decide(world.image(), "arn:nobody", true, world.context()).writes()).isEmpty();
    }

    private ContainerInstance register(Consumer<RegisterContainerInstanceRequest.Builder> change) {
        var request = instanceRequest(1024, "default");
        change.accept(request);
        return world.decide((image, scope, context) ->
                RegisterContainerInstance.decide(image, request.build(), scope, context)).containerInstance();
    }

    private ContainerInstance deregister(String arn, boolean force) {
        return world.decide((image, scope, context) -> DeregisterContainerInstance.decide(image,
                DeregisterContainerInstanceRequest.builder().containerInstance(arn).force(force).build(), scope,
                        context))
                .containerInstance();
    }

    private UpdateContainerInstancesStateResponse update(String status, String... instances) {
        return world.decide((image, scope, context) -> UpdateContainerInstancesState.decide(image,
                UpdateContainerInstancesStateRequest.builder().status(status).containerInstances(instances).build(),
                        scope));
    }

    private DescribeContainerInstancesResponse describe(Consumer<DescribeContainerInstancesRequest.Builder> change) {
        var request = DescribeContainerInstancesRequest.builder();
        change.accept(request);
        return DescribeContainerInstances.read(world.image(), request.build(), World.SCOPE);
    }

    private List<String> list(String status) {
        return ListContainerInstances.read(world.image(),
                ListContainerInstancesRequest.builder().status(status).build(), World.SCOPE).containerInstanceArns();
    }
}
