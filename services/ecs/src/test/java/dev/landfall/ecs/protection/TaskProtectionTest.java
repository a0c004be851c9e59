package dev.landfall.ecs.protection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.landfall.ecs.EcsTables;
import dev.landfall.ecs.World;
import dev.landfall.ecs.task.ForgetTasks;
import dev.landfall.ecs.task.StopTask;
import dev.landfall.ecs.task.TaskRow;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.ecs.model.ClusterNotFoundException;
import software.amazon.awssdk.services.ecs.model.Failure;
import software.amazon.awssdk.services.ecs.model.GetTaskProtectionRequest;
import software.amazon.awssdk.services.ecs.model.GetTaskProtectionResponse;
import software.amazon.awssdk.services.ecs.model.InvalidParameterException;
import software.amazon.awssdk.services.ecs.model.ProtectedTask;
import software.amazon.awssdk.services.ecs.model.StopTaskRequest;
import software.amazon.awssdk.services.ecs.model.UpdateTaskProtectionRequest;
import software.amazon.awssdk.services.ecs.model.UpdateTaskProtectionResponse;

class TaskProtectionTest {
    private final World world = new World();

    @BeforeEach
    void aServiceOfThree() {
        world.definition("web");
        world.definition("web");
        world.instance(100_000);
        world.createService(request -> request.taskDefinition("web:1").desiredCount(3));
        world.settle("svc");
    }

    private UpdateTaskProtectionResponse update(Consumer<UpdateTaskProtectionRequest.Builder> change) {
        var request = UpdateTaskProtectionRequest.builder().cluster("default").protectionEnabled(true);
        change.accept(request);
        return world.decide((image, scope, context) ->
                UpdateTaskProtection.decide(image, request.build(), scope, context));
    }

    private GetTaskProtectionResponse get(String... tasks) {
        var request = GetTaskProtectionRequest.builder().cluster("default").tasks(tasks).build();
        return world.decide((image, scope, context) -> GetTaskProtection.decide(image, request, scope, context));
    }

    private List<String> arns() {
        return world.live("svc").stream().map(TaskRow::arn).toList();
    }

    private void protect(String... tasks) {
        assertThat(update(request -> request.tasks(tasks)).failures()).isEmpty();
    }

    @Test
    void lastsTwoHoursUnlessToldOtherwise() {
        String task = arns().getFirst();
        ProtectedTask changed = update(request -> request.tasks(task)).protectedTasks().getFirst();
        assertThat(changed.taskArn()).isEqualTo(task);
        assertThat(changed.protectionEnabled()).isTrue();
        assertThat(changed.expirationDate()).isEqualTo(world.now().plus(Duration.ofMinutes(120)));
        assertThat(get(task).protectedTasks()).containsExactly(changed);

        world.pass(Duration.ofMinutes(119));
        assertThat(get(task).protectedTasks()).allMatch(ProtectedTask::protectionEnabled);
        world.pass(Duration.ofMinutes(1));
        assertThat(get(task).protectedTasks()).singleElement().satisfies(ended -> {
            assertThat(ended.protectionEnabled()).isFalse();
            assertThat(ended.expirationDate()).isNull();
        });
    }

    @Test
    void eachCallSetsTheEndAnew() {
        String task = arns().getFirst();
        update(request -> request.tasks(task).expiresInMinutes(2_880));
        ProtectedTask changed = update(request -> request.tasks(task.substring(task.lastIndexOf('/') + 1))
                .expiresInMinutes(1)).protectedTasks().getFirst();
        assertThat(changed.expirationDate()).isEqualTo(world.now().plus(Duration.ofMinutes(1)));

        ProtectedTask ended = update(request -> request.tasks(task).protectionEnabled(false)).protectedTasks()
                .getFirst();
        assertThat(ended.protectionEnabled()).isFalse();
        assertThat(ended.expirationDate()).isNull();
        assertThat(world.image().all(EcsTables.PROTECTIONS)).isEmpty();
    }

    @Test
    void onlyTasksOfServicesCanBeProtected() {
        String alone = world.runTask(request -> { }).tasks().getFirst().taskArn();
        String unknown = World.ARN + "task/default/" + "0".repeat(32);
        var failures = List.of(Failure.builder().arn(alone).reason("TASK_NOT_VALID").build(),
                Failure.builder().arn(unknown).reason("MISSING").build());
        assertThat(update(request -> request.tasks(alone, unknown)).failures()).isEqualTo(failures);
        assertThat(get(alone, unknown).failures()).isEqualTo(failures);
        assertThat(get(alone, unknown).protectedTasks()).isEmpty();

        String stopped = arns().getFirst();
        world.exited(stopped, 0);
        assertThat(update(request -> request.tasks(stopped)).failures()).extracting(Failure::reason)
                .containsExactly("TASK_NOT_VALID");
        assertThat(get(stopped).protectedTasks()).noneMatch(ProtectedTask::protectionEnabled);
    }

    @Test
    void aServiceCannotHaveMoreProtectedTasksThanItWants() {
        List<String> tasks = arns();
        protect(tasks.toArray(String[]::new));
        world.updateService(request -> request.taskDefinition("web:2"));
        world.reconcile("svc");
        String fresh = arns().stream().filter(arn -> !tasks.contains(arn)).findFirst().orElseThrow();

        assertThat(update(request -> request.tasks(fresh, tasks.getFirst()))).satisfies(answer -> {
            assertThat(answer.failures()).containsExactly(
                    Failure.builder().arn(fresh).reason("DEPLOYMENT_BLOCKED").build());
            assertThat(answer.protectedTasks()).extracting(ProtectedTask::taskArn).containsExactly(tasks.getFirst());
        });
        update(request -> request.tasks(tasks.getLast()).protectionEnabled(false));
        protect(fresh);
    }

    @ParameterizedTest
    @ValueSource(ints = {Integer.MIN_VALUE, -1, 0, 2_881, Integer.MAX_VALUE})
    void refusesTimesOutOfRange(int minutes) {
        assertThatThrownBy(() -> update(request -> request.tasks(arns().getFirst()).expiresInMinutes(minutes)))
                .isInstanceOf(InvalidParameterException.class);
    }

    @Test
    void refusesWhatIsMissingOrTooMuch() {
        String task = arns().getFirst();
        assertThatThrownBy(() -> update(request -> request.tasks(List.of())))
                .isInstanceOf(InvalidParameterException.class).hasMessageContaining("Tasks cannot be empty.");
        assertThatThrownBy(() -> update(request -> request.tasks(Collections.nCopies(11, task))))
                .isInstanceOf(InvalidParameterException.class).hasMessageContaining("at most 10 items");
        assertThatThrownBy(() -> update(request -> request.tasks(task).protectionEnabled(null)))
                .isInstanceOf(InvalidParameterException.class);
        assertThatThrownBy(() -> update(request -> request.tasks(task).cluster("none")))
                .isInstanceOf(ClusterNotFoundException.class);
        assertThatThrownBy(() -> get(Collections.nCopies(101, task).toArray(String[]::new)))
                .isInstanceOf(InvalidParameterException.class).hasMessageContaining("at most 100 items");
        assertThat(get(Collections.nCopies(100, task).toArray(String[]::new)).protectedTasks()).hasSize(100);
    }

    @Test
    void scaleInGoesAroundProtectedTasksUntilProtectionEnds() {
        List<String> tasks = arns();
        update(request -> request.tasks(tasks.get(0), tasks.get(1)).expiresInMinutes(30));
        world.updateService(request -> request.desiredCount(1));
        assertThat(world.reconcile("svc")).contains(Duration.ofMinutes(30));
        world.settle("svc");

        assertThat(arns()).containsExactlyInAnyOrder(tasks.get(0), tasks.get(1));
        String deployment = world.service("svc").deployments().getFirst().id();
        assertThat(world.events("svc")).filteredOn(event -> event.equals("was unable to reach steady state because "
                + "(taskSet " + deployment + ") was unable to scale in due to (reason 1 tasks under protection)"))
                .hasSize(1);
        assertThat(world.events("svc").getFirst()).isNotEqualTo("has reached a steady state.");

        world.pass(Duration.ofMinutes(30));
        assertThat(world.settle("svc").runningCount()).isEqualTo(1);
        assertThat(world.events("svc").getFirst()).isEqualTo("has reached a steady state.");
    }

    @Test
    void aDeploymentWaitsForProtectedTasks() {
        List<String> tasks = arns();
        protect(tasks.getFirst());
        world.updateService(request -> request.taskDefinition("web:2"));
        world.settle("svc");
        assertThat(arns()).hasSize(4).contains(tasks.getFirst());
        assertThat(world.service("svc").deployments()).hasSize(2);
        assertThat(world.events("svc")).anyMatch(event -> event.contains("(reason 1 tasks under protection)"));

        update(request -> request.tasks(tasks.getFirst()).protectionEnabled(false));
        world.settle("svc");
        assertThat(arns()).hasSize(3).doesNotContain(tasks.getFirst());
        assertThat(world.service("svc").deployments()).hasSize(1);
    }

    @Test
    void aUserMayStopAProtectedTask() {
        String task = arns().getFirst();
        protect(task);
        world.decide((image, scope, context) -> StopTask.decide(image,
                StopTaskRequest.builder().task(task).build(), scope, context));
        assertThat(world.task(task).wanted()).isFalse();
    }

    @Test
    void aDrainWaitsForProtectedTasks() {
        world.instance(100_000);
        List<TaskRow> before = world.live("svc");
        protect(before.getFirst().arn());
        world.status(before.getFirst().instanceArn(), "DRAINING");
        world.settle("svc");
        assertThat(world.live("svc")).filteredOn(task -> task.instanceArn().equals(before.getFirst().instanceArn()))
                .extracting(TaskRow::arn).containsExactly(before.getFirst().arn());
        world.pass(Duration.ofHours(2));
        world.settle("svc");
        assertThat(world.live("svc")).hasSize(3)
                .noneMatch(task -> task.instanceArn().equals(before.getFirst().instanceArn()));
    }

    @Test
    void anEndedProtectionIsForgotten() {
        protect(arns().getFirst());
        world.apply(ForgetTasks.decide(world.image(), world.context()));
        assertThat(world.image().all(EcsTables.PROTECTIONS)).hasSize(1);
        world.pass(Duration.ofHours(2));
        world.apply(ForgetTasks.decide(world.image(), world.context()));
        assertThat(world.image().all(EcsTables.PROTECTIONS)).isEmpty();
    }
}
