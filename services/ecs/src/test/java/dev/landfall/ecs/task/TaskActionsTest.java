package dev.landfall.ecs.task;

import static dev.landfall.ecs.World.ARN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.landfall.ecs.EcsEffect;
import dev.landfall.ecs.EcsTables;
import dev.landfall.ecs.World;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.ecs.model.Container;
import software.amazon.awssdk.services.ecs.model.DescribeTasksRequest;
import software.amazon.awssdk.services.ecs.model.DescribeTasksResponse;
import software.amazon.awssdk.services.ecs.model.DesiredStatus;
import software.amazon.awssdk.services.ecs.model.Failure;
import software.amazon.awssdk.services.ecs.model.HealthStatus;
import software.amazon.awssdk.services.ecs.model.ClientException;
import software.amazon.awssdk.services.ecs.model.InvalidParameterException;
import software.amazon.awssdk.services.ecs.model.LaunchType;
import software.amazon.awssdk.services.ecs.model.ListTasksRequest;
import software.amazon.awssdk.services.ecs.model.ServiceNotFoundException;
import software.amazon.awssdk.services.ecs.model.StartTaskRequest;
import software.amazon.awssdk.services.ecs.model.StartTaskResponse;
import software.amazon.awssdk.services.ecs.model.StopTaskRequest;
import software.amazon.awssdk.services.ecs.model.Task;
import software.amazon.awssdk.services.ecs.model.TaskField;
import software.amazon.awssdk.services.ecs.model.TaskStopCode;

/** StartTask, StopTask, DescribeTasks, ListTasks, and the end of a stopped task's life. */
@SuppressWarnings("unchecked") // the SDK takes several consumers as a generic array
class TaskActionsTest {
    private final World world = new World();
    private String instance;

    @BeforeEach
    void aDefinitionAndAnInstance() {
        world.definition("web");
        instance = world.instance(1024);
    }

    // ---- StartTask ----

    @Test
    void startsOneTaskOnEachInstanceNamed() {
        String other = world.instance(1024);
        StartTaskResponse response = start(request -> request.containerInstances(
                instance, other.substring(other.lastIndexOf('/') + 1), "ffff").startedBy("me").group("g"));

        assertThat(response.tasks()).extracting(Task::containerInstanceArn).containsExactly(instance, other);
        assertThat(response.tasks()).allMatch(task -> task.startedBy().equals("me") && task.group().equals("g"));
        assertThat(response.failures()).containsExactly(Failure.builder()
                .arn(ARN + "container-instance/default/ffff").reason("MISSING").build());
    }

    @Test
    void startsNothingWhereThereIsNoRoom() {
        String full = world.instance(10);
        assertThat(start(request -> request.containerInstances(full)).failures())
                .containsExactly(Failure.builder().arn(full).reason("RESOURCE:MEMORY").build());
    }

    @Test
    void startRefuses() {
        assertThatThrownBy(() -> start(request -> { })).isInstanceOf(ClientException.class)
                .hasMessageStartingWith("Container Instances cannot be empty.");
        assertThatThrownBy(() -> start(request -> request.containerInstances(Collections.nCopies(11, instance))))
                .hasMessageStartingWith("Container instances can have at most 10 items.");
        assertThatThrownBy(() -> start(request -> request.containerInstances(instance).group("service:x")))
                .hasMessageStartingWith("Group name may not start with 'service:'.");
    }

    private StartTaskResponse start(Consumer<StartTaskRequest.Builder> change) {
        var request = StartTaskRequest.builder().taskDefinition("web");
        change.accept(request);
        return world.decide((image, scope, context) -> StartTask.decide(image, request.build(), scope, context));
    }

    // ---- StopTask ----

    @Test
    void stopsATaskOnceWhateverIsSaidLater() {
        String arn = run();
        world.running(arn);
        world.takeEffects();
        world.pass(Duration.ofSeconds(5));
        Task stopping = stop(arn, null);

        assertThat(stopping.desiredStatus()).isEqualTo("STOPPED");
        assertThat(stopping.lastStatus()).isEqualTo("RUNNING");
        assertThat(stopping.stopCode()).isEqualTo(TaskStopCode.USER_INITIATED);
        assertThat(stopping.stoppedReason()).isEqualTo("Task stopped by user");
        assertThat(stopping.stoppingAt()).isEqualTo(world.now());
        assertThat(world.takeEffects()).containsExactly(new EcsEffect.Deliver(instance, arn));

        assertThat(stop(arn.substring(arn.lastIndexOf('/') + 1), "again").stoppedReason())
                .isEqualTo("Task stopped by user");
        assertThat(world.takeEffects()).isEmpty();
        world.exited(arn, 0);
        assertThat(stop(arn, "late").lastStatus()).isEqualTo("STOPPED");
    }

    @Test
    void stopRefuses() {
        assertThatThrownBy(() -> stop("", null)).isInstanceOf(InvalidParameterException.class)
                .hasMessageStartingWith("taskId cannot be empty.");
        assertThatThrownBy(() -> stop("0".repeat(32), null)).isInstanceOf(InvalidParameterException.class)
                .hasMessageStartingWith("The referenced task was not found.");
        assertThatThrownBy(() -> stop("nonsense", null)).isInstanceOf(InvalidParameterException.class)
                .hasMessageStartingWith("taskId length should be one of [32,36]");
        String arn = run();
        assertThatThrownBy(() -> stop(arn, "x".repeat(256))).hasMessageStartingWith("reason longer than 255.");
        assertThat(stop(arn, "x".repeat(255)).stoppedReason()).hasSize(255);
    }

    private Task stop(String task, String reason) {
        return world.decide((image, scope, context) -> StopTask.decide(image,
                StopTaskRequest.builder().task(task).reason(reason).build(), scope, context)).task();
    }

    // ---- DescribeTasks ----

    @Test
    void describesByIdAndArnAndNamesTheMissing() {
        String arn = world.runTask(request -> request.tags(tag -> tag.key("k").value("v"))).tasks().getFirst()
                .taskArn();
        String missing = "0".repeat(32);
        DescribeTasksResponse plain = describe(request -> request.tasks(arn, missing));
        assertThat(plain.tasks()).singleElement().satisfies(task -> {
            assertThat(task.tags()).isEmpty();
            assertThat(task.containers()).extracting(Container::healthStatus).containsExactly(HealthStatus.UNKNOWN);
        });
        assertThat(plain.failures()).containsExactly(
                Failure.builder().arn(ARN + "task/default/" + missing).reason("MISSING").build());
        assertThat(describe(request -> request.tasks(arn.substring(arn.lastIndexOf('/') + 1))
                .include(TaskField.TAGS)).tasks().getFirst().tags()).hasSize(1);
    }

    @Test
    void aTaskOfAnotherClusterIsMissing() {
        world.cluster("other");
        String arn = run();
        assertThat(describe(request -> request.cluster("other").tasks(arn)).failures()).hasSize(1);
    }

    @Test
    void describeRefuses() {
        assertThatThrownBy(() -> describe(request -> { })).isInstanceOf(InvalidParameterException.class)
                .hasMessageStartingWith("Tasks cannot be empty.");
        assertThatThrownBy(() -> describe(request -> request.tasks(Collections.nCopies(101, "0".repeat(32)))))
                .hasMessageStartingWith("taskIds can have at most 100 items.");
        assertThatThrownBy(() -> describe(request -> request.tasks("web")))
                .hasMessageStartingWith("taskId length should be one of [32,36]");
    }

    private DescribeTasksResponse describe(Consumer<DescribeTasksRequest.Builder> change) {
        var request = DescribeTasksRequest.builder();
        change.accept(request);
        return DescribeTasks.read(world.image(), request.build(), World.SCOPE);
    }

    // ---- ListTasks ----

    @Test
    void listsWhatShouldRunUnlessAskedOtherwise() {
        String running = run();
        String stopping = run();
        String stopped = run();
        stop(stopping, "x");
        world.exited(stopped, 0);

        assertThat(list(request -> { })).containsExactly(running);
        assertThat(list(request -> request.desiredStatus(DesiredStatus.STOPPED))).containsExactly(stopping, stopped);
        assertThat(list(request -> request.desiredStatus(DesiredStatus.PENDING))).isEmpty();
    }

    @Test
    void listsByEveryFilter() {
        world.definition("other");
        String byMe = world.runTask(request -> request.startedBy("me")).tasks().getFirst().taskArn();
        String other = world.runTask(request -> request.taskDefinition("other")).tasks().getFirst().taskArn();
        world.createService(request -> request.desiredCount(1));
        world.reconcile("svc");
        String ofService = world.live("svc").getFirst().arn();
        String elsewhere = world.instance(1024);

        assertThat(list(request -> request.startedBy("me"))).containsExactly(byMe);
        assertThat(list(request -> request.family("other"))).containsExactly(other);
        assertThat(list(request -> request.serviceName("svc"))).containsExactly(ofService);
        assertThat(list(request -> request.serviceName(World.serviceArn("svc")))).containsExactly(ofService);
        assertThat(list(request -> request.containerInstance(instance))).containsExactly(byMe, other, ofService);
        assertThat(list(request -> request.containerInstance(elsewhere))).isEmpty();
        assertThat(list(request -> request.launchType(LaunchType.EC2))).hasSize(3);
        assertThat(list(request -> request.launchType(LaunchType.FARGATE))).isEmpty();
        assertThat(list(request -> request.startedBy("me").desiredStatus(DesiredStatus.STOPPED))).isEmpty();
        for (Consumer<ListTasksRequest.Builder> filter : List.<Consumer<ListTasksRequest.Builder>>of(
                request -> request.family("web"), request -> request.serviceName("svc"),
                request -> request.containerInstance(instance), request -> request.launchType(LaunchType.EC2))) {
            assertThatThrownBy(() -> list(filter.andThen(request -> request.startedBy("me"))))
                    .isInstanceOf(InvalidParameterException.class).hasMessageContaining("must be the only filter");
        }
    }

    @Test
    void theTasksOfAnotherClustersServiceAreNotListed() {
        world.cluster("other");
        world.createService(request -> request.desiredCount(1));
        world.reconcile("svc");

        assertThatThrownBy(() -> list(request -> request.cluster("other").serviceName(World.serviceArn("svc"))))
                .isInstanceOf(ServiceNotFoundException.class);
        assertThatThrownBy(() -> list(request -> request.serviceName("nothing")))
                .isInstanceOf(ServiceNotFoundException.class);
    }

    @Test
    void pagesGiveEveryTaskOnce() {
        var arns = new ArrayList<String>();
        for (int i = 0; i < 12; i++) {
            arns.add(run());
        }
        var seen = new ArrayList<String>();
        String token = null;
        do {
            String next = token;
            var page = ListTasks.read(world.image(),
                    ListTasksRequest.builder().maxResults(5).nextToken(next).build(), World.SCOPE);
            seen.addAll(page.taskArns());
            token = page.nextToken();
        } while (token != null);
        assertThat(seen).containsExactlyElementsOf(arns.stream().sorted().toList());
        assertThatThrownBy(() -> list(request -> request.maxResults(101)))
                .isInstanceOf(InvalidParameterException.class);
        assertThatThrownBy(() -> list(request -> request.maxResults(0))).isInstanceOf(InvalidParameterException.class);
        assertThatThrownBy(() -> list(request -> request.nextToken("?"))).isInstanceOf(InvalidParameterException.class);
    }

    private List<String> list(Consumer<ListTasksRequest.Builder> change) {
        var request = ListTasksRequest.builder();
        change.accept(request);
        return ListTasks.read(world.image(), request.build(), World.SCOPE).taskArns();
    }

    // ---- ForgetTasks ----

    @Test
    void aStoppedTaskIsKnownForAnHour() {
        String arn = run();
        String lives = run();
        world.exited(arn, 0);
        world.pass(Duration.ofMinutes(60));
        assertThat(world.apply(ForgetTasks.decide(world.image(), world.context()))).isZero();
        assertThat(world.image().get(EcsTables.TASKS, arn)).isPresent();
        world.pass(Duration.ofSeconds(1));
        assertThat(world.apply(ForgetTasks.decide(world.image(), world.context()))).isOne();
        assertThat(world.image().get(EcsTables.TASKS, arn)).isEmpty();
        assertThat(world.image().get(EcsTables.TASKS, lives)).isPresent();
    }

    private String run() {
        return world.runTask(request -> { }).tasks().getFirst().taskArn();
    }
}
