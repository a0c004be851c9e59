package dev.landfall.ecs.task;

import static dev.landfall.ecs.World.ARN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.landfall.ecs.EcsEffect;
import dev.landfall.ecs.EcsTables;
import dev.landfall.ecs.World;
import dev.landfall.ecs.taskdef.DeregisterTaskDefinition;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.services.ecs.model.ClientException;
import software.amazon.awssdk.services.ecs.model.ClusterNotFoundException;
import software.amazon.awssdk.services.ecs.model.ConflictException;
import software.amazon.awssdk.services.ecs.model.Container;
import software.amazon.awssdk.services.ecs.model.ContainerOverride;
import software.amazon.awssdk.services.ecs.model.DeregisterTaskDefinitionRequest;
import software.amazon.awssdk.services.ecs.model.Failure;
import software.amazon.awssdk.services.ecs.model.InvalidParameterException;
import software.amazon.awssdk.services.ecs.model.KeyValuePair;
import software.amazon.awssdk.services.ecs.model.LaunchType;
import software.amazon.awssdk.services.ecs.model.PropagateTags;
import software.amazon.awssdk.services.ecs.model.RunTaskRequest;
import software.amazon.awssdk.services.ecs.model.RunTaskResponse;
import software.amazon.awssdk.services.ecs.model.Tag;
import software.amazon.awssdk.services.ecs.model.Task;
import software.amazon.awssdk.services.ecs.model.TransportProtocol;

@SuppressWarnings("unchecked") // the SDK takes several consumers as a generic array
class RunTaskTest {
    private final World world = new World();

    @BeforeEach
    void aDefinition() {
        world.definition("web");
    }

    @Test
    void aTaskOnTheClustersOwnInstance() {
        String instance = world.instance(1024);
        RunTaskResponse response =
                world.runTask(request -> request.startedBy("me").tags(tag -> tag.key("k").value("v")));

        assertThat(response.failures()).isEmpty();
        Task task = response.tasks().getFirst();
        assertThat(task.taskArn()).matches(ARN + "task/default/[0-9a-f]{32}");
        assertThat(task.clusterArn()).isEqualTo(ARN + "cluster/default");
        assertThat(task.taskDefinitionArn()).isEqualTo(ARN + "task-definition/web:1");
        assertThat(task.containerInstanceArn()).isEqualTo(instance);
        assertThat(task.lastStatus()).isEqualTo("PENDING");
        assertThat(task.desiredStatus()).isEqualTo("RUNNING");
        assertThat(task.launchType()).isEqualTo(LaunchType.EC2);
        assertThat(task.group()).isEqualTo("family:web");
        assertThat(task.startedBy()).isEqualTo("me");
        assertThat(task.createdAt()).isEqualTo(world.now());
        assertThat(task.version()).isEqualTo(1);
        assertThat(task.platformVersion()).isNull();
        assertThat(task.availabilityZone()).isEqualTo("eu-central-1a");
        assertThat(task.tags()).containsExactly(Tag.builder().key("k").value("v").build());
        assertThat(task.overrides().containerOverrides()).containsExactly(
                ContainerOverride.builder().name("app").build());
        Container container = task.containers().getFirst();
        assertThat(container.containerArn()).startsWith(task.taskArn().replace(":task/", ":container/") + "/");
        assertThat(container.name()).isEqualTo("app");
        assertThat(container.cpu()).isEqualTo("100");
        assertThat(container.memory()).isEqualTo("64");
        assertThat(world.takeEffects()).containsExactly(new EcsEffect.Deliver(instance, task.taskArn()));
    }

    @Test
    void aTaskOnManagedCapacityHasItsOwnAddress() {
        world.managedInstance(4096);
        world.fargateDefinition("net");
        RunTaskResponse response = world.runTask(request -> request.taskDefinition("net").launchType(LaunchType.FARGATE)
                .count(2).networkConfiguration(network -> network.awsvpcConfiguration(vpc ->
                        vpc.subnets("subnet-1", "subnet-2"))));

        Task task = response.tasks().getFirst();
        assertThat(task.lastStatus()).isEqualTo("PROVISIONING");
        assertThat(task.containerInstanceArn()).isNull();
        assertThat(task.launchType()).isEqualTo(LaunchType.FARGATE);
        assertThat(task.platformVersion()).isEqualTo("1.4.0");
        assertThat(task.platformFamily()).isEqualTo("Linux");
        assertThat(task.cpu()).isEqualTo("256");
        assertThat(task.memory()).isEqualTo("512");
        assertThat(task.attachments()).singleElement().satisfies(attachment -> {
            assertThat(attachment.type()).isEqualTo("ElasticNetworkInterface");
            assertThat(attachment.status()).isEqualTo("PRECREATED");
            assertThat(attachment.details()).contains(
                    KeyValuePair.builder().name("privateIPv4Address").value("10.9.0.2").build());
            assertThat(attachment.details()).extracting(KeyValuePair::name).containsExactly("subnetId",
                    "networkInterfaceId", "macAddress", "privateDnsName", "privateIPv4Address");
        });
        assertThat(task.containers().getFirst().networkInterfaces()).singleElement()
                .satisfies(face -> assertThat(face.privateIpv4Address()).isEqualTo("10.9.0.2"));
        assertThat(world.task(response.tasks().get(1).taskArn()).address()).isEqualTo("10.9.0.3");
    }

    static Stream<Arguments> refusals() {
        return Stream.of(
                refusal("no definition", request -> request.taskDefinition(null),
                        InvalidParameterException.class, "TaskDefinition can not be blank."),
                refusal("an unknown definition", request -> request.taskDefinition("nothing"),
                        ClientException.class, "TaskDefinition not found."),
                refusal("an unknown revision", request -> request.taskDefinition("web:9"),
                        ClientException.class, "TaskDefinition not found."),
                refusal("an inactive revision", request -> request.taskDefinition("old:1"),
                        ClientException.class, "TaskDefinition is inactive"),
                refusal("an unknown cluster", request -> request.cluster("nowhere"),
                        ClusterNotFoundException.class, "Cluster not found."),
                refusal("no tasks", request -> request.count(0),
                        InvalidParameterException.class, "Count must be between 1 and 10."),
                refusal("too many tasks", request -> request.count(11),
                        InvalidParameterException.class, "Count must be between 1 and 10."),
                refusal("a long startedBy", request -> request.startedBy("x".repeat(129)),
                        InvalidParameterException.class, "startedBy longer than 128."),
                refusal("a service's group", request -> request.group("service:web"),
                        InvalidParameterException.class, "Group name may not start with 'service:'."),
                refusal("a long token", request -> request.clientToken("x".repeat(65)),
                        InvalidParameterException.class, "clientToken longer than 64."),
                refusal("tags of a service", request -> request.propagateTags(PropagateTags.SERVICE),
                        InvalidParameterException.class, "propagateTags cannot be SERVICE when running a task."),
                refusal("a network where there is none", request -> request.networkConfiguration(network ->
                                network.awsvpcConfiguration(vpc -> vpc.subnets("subnet-1"))),
                        InvalidParameterException.class,
                        "Network Configuration is not valid for the given networkMode of this task definition."),
                refusal("what Fargate cannot run", request -> request.launchType(LaunchType.FARGATE),
                        InvalidParameterException.class, "Task definition does not support launch_type FARGATE."),
                refusal("a launch type and a strategy", request -> request.launchType(LaunchType.EC2)
                                .capacityProviderStrategy(item -> item.capacityProvider("FARGATE")),
                        InvalidParameterException.class, "Specifying both a launch type and capacity provider strategy"
                                + " is not supported. Remove one and try again."),
                refusal("an override of nothing", request -> request.overrides(overrides ->
                                overrides.containerOverrides(each -> each.name("ghost"))),
                        InvalidParameterException.class,
                        "Override for container named ghost is not a container in the TaskDefinition."),
                refusal("an override of nobody", request -> request.overrides(overrides ->
                                overrides.containerOverrides(each -> each.cpu(1))),
                        InvalidParameterException.class, "Container override name must not be empty."),
                refusal("less than no memory", request -> request.overrides(overrides ->
                                overrides.containerOverrides(each -> each.name("app").memory(-900))),
                        InvalidParameterException.class, "Invalid 'memory' setting for container 'app'."),
                refusal("less than no processor", request -> request.overrides(overrides ->
                                overrides.containerOverrides(each -> each.name("app").cpu(-1))),
                        InvalidParameterException.class, "Invalid 'cpu' setting for container 'app'."),
                refusal("memory of no size", request -> request.overrides(overrides -> overrides.memory("much")),
                        InvalidParameterException.class, "Invalid 'memory' setting for task."),
                refusal("a tag twice", request -> request.tags(
                                Tag.builder().key("k").build(), Tag.builder().key("k").build()),
                        InvalidParameterException.class, "Duplicate tag keys found. Tag keys must be unique."),
                refusal("no subnets", request -> request.taskDefinition("net").networkConfiguration(network ->
                                network.awsvpcConfiguration(vpc -> vpc.subnets(List.of()))),
                        InvalidParameterException.class, "subnets can not be empty."));
    }

    private static Arguments refusal(
            String name, Consumer<RunTaskRequest.Builder> change, Class<? extends Exception> type, String message) {
        return Arguments.argumentSet(name, change, type, message);
    }

    @ParameterizedTest
    @MethodSource("refusals")
    void refuses(Consumer<RunTaskRequest.Builder> change, Class<? extends Exception> type, String message) {
        world.instance(1024);
        world.definition("old");
        world.fargateDefinition("net");
        world.decide((image, scope, context) -> DeregisterTaskDefinition.decide(image,
                DeregisterTaskDefinitionRequest.builder().taskDefinition("old:1").build(), scope, context));

        assertThatThrownBy(() -> world.runTask(change)).isInstanceOf(type).hasMessageStartingWith(message);
    }

    @Test
    void withoutAnyInstanceThereIsNowhereToRun() {
        assertThatThrownBy(() -> world.runTask(request -> { })).isInstanceOf(InvalidParameterException.class)
                .hasMessageStartingWith("No Container Instances were found in your cluster.");
        assertThat(world.runTask(request -> request.taskDefinition(
                world.fargateDefinition("net").family()).launchType(LaunchType.FARGATE)).failures())
                .singleElement().satisfies(failure -> assertThat(failure.reason()).startsWith(
                        "Capacity is unavailable at this time."));
    }

    @Test
    void whatDoesNotFitIsAFailureBesideWhatDoes() {
        String instance = world.instance(200);
        RunTaskResponse response = world.runTask(request -> request.count(5));

        assertThat(response.tasks()).hasSize(3);
        assertThat(response.failures()).containsExactly(
                Failure.builder().arn(instance).reason("RESOURCE:MEMORY").build());
    }

    @Test
    void everyInstanceSaysWhyItRefused() {
        String full = world.instance(10);
        String away = world.instance(1024);
        String draining = world.instance(1024);
        String plain = world.instance(1024, "default", request -> request.attributes(World.attribute("a", "b")));
        world.connected(away, false);
        world.status(draining, "DRAINING");
        world.fargateDefinition("net");

        assertThat(world.runTask(request -> request.taskDefinition("net")).failures())
                .extracting(Failure::arn, Failure::reason).containsExactlyInAnyOrder(
                        org.assertj.core.groups.Tuple.tuple(full, "RESOURCE:MEMORY"),
                        org.assertj.core.groups.Tuple.tuple(away, "AGENT"),
                        org.assertj.core.groups.Tuple.tuple(draining, "INACTIVE"),
                        org.assertj.core.groups.Tuple.tuple(plain, "ATTRIBUTE"));
    }

    @Test
    void aHostPortIsTakenOnceAndGivenBack() {
        String instance = world.instance(1024);
        world.definition(request -> request.family("port").containerDefinitions(World.container("app").toBuilder()
                .portMappings(port -> port.containerPort(80).hostPort(8080),
                        port -> port.containerPort(53).hostPort(8080).protocol(TransportProtocol.UDP)).build()));
        String first = world.runTask(request -> request.taskDefinition("port")).tasks().getFirst().taskArn();
        assertThat(world.runTask(request -> request.taskDefinition("port")).failures())
                .containsExactly(Failure.builder().arn(instance).reason("RESOURCE:PORTS").build());
        world.running(first);
        world.exited(first, 0);
        assertThat(world.runTask(request -> request.taskDefinition("port")).tasks()).hasSize(1);

        world.definition(request -> request.family("ssh").containerDefinitions(World.container("app").toBuilder()
                .portMappings(port -> port.containerPort(22).hostPort(22)).build()));
        assertThat(world.runTask(request -> request.taskDefinition("ssh")).failures()).hasSize(1);
    }

    @Test
    void anAddressIsUsedOnceAndRestsBeforeItIsUsedAgain() {
        world.managedInstance(100_000);
        world.fargateDefinition("net");
        Consumer<RunTaskRequest.Builder> one = request -> request.taskDefinition("net").launchType(LaunchType.FARGATE);
        String first = world.runTask(one).tasks().getFirst().taskArn();
        assertThat(world.task(first).address()).isEqualTo("10.9.0.2");
        world.exited(first, 0);
        assertThat(world.task(world.runTask(one).tasks().getFirst().taskArn()).address()).isEqualTo("10.9.0.3");
        RunTaskResponse rest = world.runTask(request -> request.taskDefinition("net").launchType(LaunchType.FARGATE)
                .count(10));
        assertThat(rest.tasks()).hasSize(10);
        RunTaskResponse last = world.runTask(request -> request.taskDefinition("net").launchType(LaunchType.FARGATE)
                .count(10));
        assertThat(last.tasks()).hasSize(2);
        assertThat(last.failures().getFirst().detail()).contains("RESOURCE:ENI");
    }

    @Test
    void theMostRoomWins() {
        String a = world.instance(1000);
        String b = world.instance(1100);
        List<Task> tasks = world.runTask(request -> request.count(5)).tasks();

        assertThat(tasks).extracting(Task::containerInstanceArn).containsExactly(b, b, a, b, a);
    }

    @Test
    void overridesAreKeptAndCounted() {
        String instance = world.instance(1024);
        Task task = world.runTask(request -> request.overrides(overrides -> overrides.containerOverrides(each ->
                each.name("app").memory(100).cpu(50).command("run").environment(pair -> pair.name("A").value("b")))))
                .tasks().getFirst();

        assertThat(task.overrides().containerOverrides().getFirst().command()).containsExactly("run");
        assertThat(task.containers().getFirst().memory()).isEqualTo("100");
        assertThat(task.containers().getFirst().cpu()).isEqualTo("50");
        assertThat(world.image().get(EcsTables.LOADS, instance).orElseThrow().memory()).isEqualTo(100);
        assertThat(world.image().get(EcsTables.LOADS, instance).orElseThrow().cpu()).isEqualTo(50);
    }

    @Test
    void sizesOfATaskMayBeOverridden() {
        world.managedInstance(4096);
        world.fargateDefinition("net");
        Task task = world.runTask(request -> request.taskDefinition("net").launchType(LaunchType.FARGATE)
                .overrides(overrides -> overrides.cpu(".5 vCPU").memory("1 GB"))).tasks().getFirst();

        assertThat(task.cpu()).isEqualTo("512");
        assertThat(task.memory()).isEqualTo("1024");
        assertThatThrownBy(() -> world.runTask(request -> request.taskDefinition("net").launchType(LaunchType.FARGATE)
                .overrides(overrides -> overrides.cpu("256").memory("8192"))))
                .hasMessageStartingWith("No Fargate configuration exists for given values: 256 CPU, 8192 memory.");
    }

    @Test
    void tagsOfTheDefinitionComeAlongWhenAskedFor() {
        world.instance(1024);
        world.definition(request -> request.family("tagged").tags(
                tag -> tag.key("k").value("definition"), tag -> tag.key("l").value("definition")));
        Task task = world.runTask(request -> request.taskDefinition("tagged")
                .propagateTags(PropagateTags.TASK_DEFINITION)
                .enableECSManagedTags(true).tags(tag -> tag.key("k").value("mine"))).tasks().getFirst();

        assertThat(task.tags()).containsExactlyInAnyOrder(Tag.builder().key("k").value("mine").build(),
                Tag.builder().key("l").value("definition").build(),
                Tag.builder().key("aws:ecs:clusterName").value("default").build());
        assertThat(world.runTask(request -> request.taskDefinition("tagged")).tasks().getFirst().tags()).isEmpty();
    }

    @Test
    void aTokenGivesTheSameTasksAgain() {
        world.instance(1024);
        Consumer<RunTaskRequest.Builder> request = each -> each.count(2).clientToken("once");
        List<Task> first = world.runTask(request).tasks();
        world.running(first.getFirst().taskArn());

        assertThat(world.runTask(request).tasks()).extracting(Task::taskArn)
                .containsExactlyElementsOf(first.stream().map(Task::taskArn).toList());
        assertThat(world.image().size(EcsTables.TASKS)).isEqualTo(2);
        assertThatThrownBy(() -> world.runTask(each -> each.count(3).clientToken("once")))
                .isInstanceOfSatisfying(ConflictException.class, conflict -> assertThat(conflict.resourceIds())
                        .containsExactlyElementsOf(first.stream().map(Task::taskArn).toList()));
        world.pass(Duration.ofHours(25));
        world.apply(ForgetTasks.decide(world.image(), world.context()));
        assertThat(world.runTask(request).tasks()).hasSize(2).doesNotContainAnyElementsOf(first);
    }

    @Test
    void aStrategyMeetsItsBaseFirst() {
        world.managedInstance(100_000);
        world.fargateDefinition("net");
        world.capacityProviders("FARGATE", "FARGATE_SPOT");
        List<Task> tasks = world.runTask(request -> request.taskDefinition("net").count(4).capacityProviderStrategy(
                item -> item.capacityProvider("FARGATE_SPOT").weight(1),
                item -> item.capacityProvider("FARGATE").weight(1).base(2))).tasks();

        assertThat(tasks).extracting(Task::capacityProviderName)
                .containsExactly("FARGATE", "FARGATE", "FARGATE_SPOT", "FARGATE");
    }

    static Stream<Arguments> strategies() {
        return Stream.of(
                strategy("an unknown provider", "mine", 1, 0,
                        "The specified capacity provider strategy cannot contain a"
                        + " capacity provider that is not associated with the cluster."),
                strategy("no provider", null, 1, 0, "Capacity provider cannot be empty."),
                strategy("a negative weight", "FARGATE", -1, 0, "The weight of a capacity provider"),
                strategy("a heavy weight", "FARGATE", 1001, 0, "The weight of a capacity provider"),
                strategy("a negative base", "FARGATE", 1, -5, "The base of a capacity provider"));
    }

    private static Arguments strategy(String name, String provider, int weight, int base, String message) {
        return Arguments.argumentSet(name, provider, weight, base, message);
    }

    @ParameterizedTest
    @MethodSource("strategies")
    void refusesStrategies(String provider, int weight, int base, String message) {
        world.managedInstance(100_000);
        world.fargateDefinition("net");
        world.capacityProviders("FARGATE");

        assertThatThrownBy(() -> world.runTask(request -> request.taskDefinition("net").capacityProviderStrategy(
                item -> item.capacityProvider(provider).weight(weight).base(base))))
                .isInstanceOf(InvalidParameterException.class).hasMessageStartingWith(message);
    }
}
