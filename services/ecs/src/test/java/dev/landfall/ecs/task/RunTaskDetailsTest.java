package dev.landfall.ecs.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.landfall.ecs.EcsTables;
import dev.landfall.ecs.World;
import dev.landfall.ecs.account.PutAccountSetting;
import dev.landfall.ecs.cluster.UpdateCluster;
import dev.landfall.state.Context;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.services.ecs.model.ConflictException;
import software.amazon.awssdk.services.ecs.model.ContainerOverride;
import software.amazon.awssdk.services.ecs.model.EnvironmentFile;
import software.amazon.awssdk.services.ecs.model.InvalidParameterException;
import software.amazon.awssdk.services.ecs.model.KeyValuePair;
import software.amazon.awssdk.services.ecs.model.PutAccountSettingRequest;
import software.amazon.awssdk.services.ecs.model.ResourceRequirement;
import software.amazon.awssdk.services.ecs.model.RunTaskRequest;
import software.amazon.awssdk.services.ecs.model.StartTaskRequest;
import software.amazon.awssdk.services.ecs.model.Tag;
import software.amazon.awssdk.services.ecs.model.Task;
import software.amazon.awssdk.services.ecs.model.TaskOverride;
import software.amazon.awssdk.services.ecs.model.UpdateClusterRequest;

/** The parts of RunTask and StartTask that few use: overrides of all kinds, ephemeral storage, tags' conditions. */
class RunTaskDetailsTest {
    private final World world = new World();
    private String instance;

    @BeforeEach
    void capacity() {
        instance = world.instance(4_096);
        world.managedInstance(8_192);
        world.definition("web");
        world.fargateDefinition("net");
    }

    private Task fargate(Consumer<RunTaskRequest.Builder> change) {
        return world.runTask(request -> {
            request.taskDefinition("net").launchType("FARGATE");
            change.accept(request);
        }).tasks().getFirst();
    }

    private void refused(Consumer<RunTaskRequest.Builder> change, String message) {
        assertThatThrownBy(() -> world.runTask(change)).isInstanceOf(InvalidParameterException.class)
                .extracting(error -> ((InvalidParameterException) error).awsErrorDetails().errorMessage())
                .isEqualTo(message);
    }

    @Test
    void managedCapacityHasTwentyGibibytesUnlessMoreAreWanted() {
        Task plain = fargate(request -> { });
        assertThat(plain.ephemeralStorage().sizeInGiB()).isEqualTo(20);
        assertThat(plain.fargateEphemeralStorage().sizeInGiB()).isEqualTo(20);
        assertThat(plain.fargateEphemeralStorage().kmsKeyId()).isNull();
        assertThat(plain.platformVersion()).isEqualTo("1.4.0");
        assertThat(plain.platformFamily()).isEqualTo("Linux");

        var keyed = UpdateClusterRequest.builder().cluster("default").configuration(configuration ->
                configuration.managedStorageConfiguration(storage -> storage.fargateEphemeralStorageKmsKeyId("key")))
                .build();
        world.decide((image, scope, context) -> UpdateCluster.decide(image, keyed, scope, context));
        Task larger = fargate(request -> request.overrides(overrides ->
                overrides.ephemeralStorage(storage -> storage.sizeInGiB(200))));
        assertThat(larger.ephemeralStorage().sizeInGiB()).isEqualTo(200);
        assertThat(larger.fargateEphemeralStorage().kmsKeyId()).isEqualTo("key");

        Task own = world.runTask(request -> { }).tasks().getFirst();
        assertThat(own.ephemeralStorage()).isNull();
        assertThat(own.fargateEphemeralStorage()).isNull();
    }

    @ParameterizedTest
    @CsvSource({"20", "0", "-1", "201"})
    void ephemeralStorageHasBounds(int size) {
        refused(request -> request.taskDefinition("net").launchType("FARGATE").overrides(overrides ->
                overrides.ephemeralStorage(storage -> storage.sizeInGiB(size))),
                "Invalid 'ephemeralStorage' setting for task. sizeInGiB must be between 21 and 200.");
    }

    @Test
    void onlyManagedCapacityHasIt() {
        refused(request -> request.overrides(overrides -> overrides.ephemeralStorage(size -> size.sizeInGiB(30))),
                "The ephemeralStorage override is only supported for tasks hosted on Fargate.");
    }

    @Test
    void everyOverrideIsShownWithTheTask() {
        TaskOverride wanted = TaskOverride.builder().cpu("512").memory("1024")
                .taskRoleArn("arn:aws:iam::123456789012:role/task")
                .executionRoleArn("arn:aws:iam::123456789012:role/execution")
                .containerOverrides(ContainerOverride.builder().name("app").command("echo", "hi").cpu(128).memory(128)
                        .memoryReservation(64).environment(pair("A", "1"))
                        .environmentFiles(EnvironmentFile.builder().type("s3").value("arn:aws:s3:::b/x.env").build())
                        .build())
                .build();
        Task task = world.runTask(request -> request.overrides(wanted)).tasks().getFirst();
        assertThat(task.overrides().containerOverrides()).isEqualTo(wanted.containerOverrides());
        assertThat(task.overrides().taskRoleArn()).isEqualTo(wanted.taskRoleArn());
        assertThat(task.overrides().executionRoleArn()).isEqualTo(wanted.executionRoleArn());
        assertThat(task.cpu()).isEqualTo("512");
        assertThat(task.memory()).isEqualTo("1024");
        assertThat(task.containers().getFirst().cpu()).isEqualTo("128");
    }

    private static KeyValuePair pair(String name, String value) {
        return KeyValuePair.builder().name(name).value(value).build();
    }

    static Stream<Arguments> wrongOverrides() {
        return Stream.of(
                Arguments.argumentSet("a variable without a name", change(each -> each.environment(pair("", "1"))),
                        "Environment variable name must not be empty in the override for container app."),
                Arguments.argumentSet("a file that is no .env", change(each -> each.environmentFiles(
                                EnvironmentFile.builder().type("s3").value("arn:aws:s3:::b/x.txt").build())),
                        "An environment file must be the ARN of an Amazon S3 object with an .env file extension."),
                Arguments.argumentSet("a file from elsewhere", change(each -> each.environmentFiles(
                                EnvironmentFile.builder().type("ftp").value("arn:aws:s3:::b/x.env").build())),
                        "The only supported environment file type is s3."),
                Arguments.argumentSet("another resource", change(each -> each.resourceRequirements(
                                ResourceRequirement.builder().type("InferenceAccelerator").value("x").build())),
                        "The only supported resource is a GPU."),
                Arguments.argumentSet("no GPUs", change(each -> each.resourceRequirements(
                                ResourceRequirement.builder().type("GPU").value("0").build())),
                        "Invalid 'resourceRequirements' setting for container 'app'."),
                Arguments.argumentSet("too much", change(each -> each.environment(pair("A", "x".repeat(8_192)))),
                        "Container Overrides length must be at most 8192"));
    }

    private static Consumer<ContainerOverride.Builder> change(Consumer<ContainerOverride.Builder> change) {
        return change;
    }

    @ParameterizedTest
    @MethodSource("wrongOverrides")
    void refusesOverrides(Consumer<ContainerOverride.Builder> change, String message) {
        var override = ContainerOverride.builder().name("app");
        change.accept(override);
        refused(request -> request.overrides(TaskOverride.builder().containerOverrides(override.build()).build()),
                message);
    }

    @Test
    void oneContainerIsOverriddenOnce() {
        var twice = TaskOverride.builder().containerOverrides(
                ContainerOverride.builder().name("app").cpu(1).build(),
                ContainerOverride.builder().name("app").cpu(2).build()).build();
        refused(request -> request.overrides(twice),
                "Container overrides contain more than one override for container named app.");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "tags      | to add tags to the task.",
        "propagate | to propagate tags.",
        "managed   | to work with ECS managed tags."})
    void tagsNeedTheLongArnFormat(String what, String purpose) {
        var off = PutAccountSettingRequest.builder().name("taskLongArnFormat").value("disabled").build();
        world.decide((image, scope, context) -> PutAccountSetting.decide(image, off, scope, context));
        assertThat(world.runTask(request -> { }).tasks()).hasSize(1);
        refused(request -> {
            switch (what) {
                case "tags" -> request.tags(Tag.builder().key("k").value("v").build());
                case "propagate" -> request.propagateTags("TASK_DEFINITION");
                default -> request.enableECSManagedTags(true);
            }
        }, "The new ARN and resource ID format must be enabled " + purpose
                + " Opt in to the new format and try again.");
    }

    @Test
    void aTokenOfAnotherRequestNamesWhatItMade() {
        String first = world.runTask(request -> request.clientToken("t")).tasks().getFirst().taskArn();
        assertThatThrownBy(() -> world.runTask(request -> request.clientToken("t").count(2)))
                .isInstanceOf(ConflictException.class)
                .satisfies(error -> assertThat(((ConflictException) error).resourceIds()).containsExactly(first));
        world.pass(Duration.ofHours(25));
        assertThat(world.runTask(request -> request.clientToken("t").count(2)).tasks()).hasSize(2);
    }

    @Test
    void aStoppedTaskIsSeenForAnHour() {
        String task = world.runTask(request -> { }).tasks().getFirst().taskArn();
        world.running(task);
        world.exited(task, 0);
        for (int minutes : new int[] {0, 59}) {
            world.pass(Duration.ofMinutes(minutes));
            world.apply(ForgetTasks.decide(world.image(), context()));
            assertThat(world.image().get(EcsTables.TASKS, task)).isPresent();
        }
        world.pass(Duration.ofMinutes(2));
        world.apply(ForgetTasks.decide(world.image(), context()));
        assertThat(world.image().get(EcsTables.TASKS, task)).isEqualTo(Optional.empty());
    }

    private Context context() {
        return world.context();
    }

    @Test
    void startTaskHasTheSameRules() {
        var wrong = StartTaskRequest.builder().taskDefinition("web").containerInstances(instance)
                .overrides(overrides -> overrides.ephemeralStorage(size -> size.sizeInGiB(30))).build();
        assertThatThrownBy(() -> world.decide((image, scope, context) ->
                StartTask.decide(image, wrong, scope, context))).isInstanceOf(InvalidParameterException.class);
        var long1 = StartTaskRequest.builder().taskDefinition("web").containerInstances(instance)
                .referenceId("x".repeat(1_025)).build();
        assertThatThrownBy(() -> world.decide((image, scope, context) ->
                StartTask.decide(image, long1, scope, context))).isInstanceOf(InvalidParameterException.class);
        var right = StartTaskRequest.builder().taskDefinition("web").containerInstances(instance, "0".repeat(32))
                .referenceId("ref").build();
        var response = world.decide((image, scope, context) -> StartTask.decide(image, right, scope, context));
        assertThat(response.tasks()).hasSize(1);
        assertThat(response.failures()).singleElement().satisfies(failure ->
                assertThat(failure.reason()).isEqualTo("MISSING"));
    }
}
