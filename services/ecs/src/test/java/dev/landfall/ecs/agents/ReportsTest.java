package dev.landfall.ecs.agents;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.landfall.ecs.EcsTables;
import dev.landfall.ecs.World;
import dev.landfall.ecs.task.StopTask;
import dev.landfall.ecs.taskdef.DeregisterTaskDefinition;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.services.ecs.model.Connectivity;
import software.amazon.awssdk.services.ecs.model.Container;
import software.amazon.awssdk.services.ecs.model.ContainerStateChange;
import software.amazon.awssdk.services.ecs.model.DeregisterTaskDefinitionRequest;
import software.amazon.awssdk.services.ecs.model.InvalidParameterException;
import software.amazon.awssdk.services.ecs.model.NetworkBinding;
import software.amazon.awssdk.services.ecs.model.StopTaskRequest;
import software.amazon.awssdk.services.ecs.model.SubmitContainerStateChangeRequest;
import software.amazon.awssdk.services.ecs.model.SubmitTaskStateChangeRequest;
import software.amazon.awssdk.services.ecs.model.Task;
import software.amazon.awssdk.services.ecs.model.TaskStopCode;

/** What agents say of their tasks, in every order, and what becomes of it. */
class ReportsTest {
    private final World world = new World();
    private String task;

    @BeforeEach
    void aTask() {
        world.instance(1024);
        world.definition(request -> request.containerDefinitions(World.container("app"),
                World.container("sidecar").toBuilder().essential(false).build()));
        task = world.runTask(request -> { }).tasks().getFirst().taskArn();
    }

    @Test
    void aTaskComesToRunWhenItsAgentSaysSo() {
        world.pass(Duration.ofSeconds(3));
        Task running = world.report(task, request -> request.status("RUNNING")
                .pullStartedAt(world.now().minusSeconds(2)).pullStoppedAt(world.now().minusSeconds(1))
                .containers(change("app", "RUNNING").toBuilder().runtimeId("d1").imageDigest("sha256:1")
                        .networkBindings(NetworkBinding.builder().bindIP("0.0.0.0").hostPort(32768).containerPort(80)
                                .protocol("tcp").build()).build(),
                        change("sidecar", "RUNNING")));

        assertThat(running.lastStatus()).isEqualTo("RUNNING");
        assertThat(running.startedAt()).isEqualTo(world.now());
        assertThat(running.connectivity()).isEqualTo(Connectivity.CONNECTED);
        assertThat(running.pullStartedAt()).isEqualTo(world.now().minusSeconds(2));
        assertThat(running.pullStoppedAt()).isEqualTo(world.now().minusSeconds(1));
        assertThat(running.version()).isGreaterThan(1);
        Container app = container("app");
        assertThat(app.lastStatus()).isEqualTo("RUNNING");
        assertThat(app.runtimeId()).isEqualTo("d1");
        assertThat(app.imageDigest()).isEqualTo("sha256:1");
        assertThat(app.networkBindings()).singleElement().extracting(NetworkBinding::hostPort).isEqualTo(32768);
    }

    @Test
    void aReportThatComesTwiceChangesNothingTheSecondTime() {
        world.running(task);
        var before = world.task(task);
        world.pass(Duration.ofSeconds(5));
        world.running(task);

        assertThat(world.task(task)).isEqualTo(before);
    }

    @Test
    void runningAfterStoppedIsTooLate() {
        world.exited(task, 0);
        var before = world.task(task);
        world.running(task);

        assertThat(world.task(task)).isEqualTo(before);
        assertThat(world.image().get(EcsTables.LOADS, before.instanceArn()).orElseThrow().memory()).isZero();
    }

    @Test
    void aReportThatComesLateDoesNotTakeAContainerBack() {
        world.running(task);
        world.report(task, request -> request.status("PENDING").containers(change("app", "PENDING")));

        assertThat(world.task(task).task().lastStatus()).isEqualTo("RUNNING");
        assertThat(container("app").lastStatus()).isEqualTo("RUNNING");
    }

    @Test
    void aReportOfATaskNobodyKnowsIsAcknowledged() {
        var request = SubmitTaskStateChangeRequest.builder().task(World.ARN + "task/default/0").status("RUNNING")
                .build();
        var decision = SubmitTaskStateChange.decide(world.image(), request, world.context());

        assertThat(decision.reply().acknowledgment()).isEqualTo("ACK");
        assertThat(decision.writes()).isEmpty();
        assertThatThrownBy(() -> world.report("", empty -> { })).isInstanceOf(InvalidParameterException.class);
    }

    @Test
    void containersNobodyKnowsAreLeftOut() {
        world.report(task, request -> request.status("RUNNING").containers(change("ghost", "RUNNING")));

        assertThat(world.task(task).task().containers()).extracting(Container::name).containsExactly("app", "sidecar");
    }

    @ParameterizedTest
    @CsvSource({"0", "1", "137"})
    void whenAnEssentialContainerEndsTheTaskHasStopped(int exitCode) {
        world.running(task);
        world.pass(Duration.ofSeconds(9));
        Task stopped = world.exited(task, exitCode);

        assertThat(stopped.lastStatus()).isEqualTo("STOPPED");
        assertThat(stopped.desiredStatus()).isEqualTo("STOPPED");
        assertThat(stopped.stopCode()).isEqualTo(TaskStopCode.ESSENTIAL_CONTAINER_EXITED);
        assertThat(stopped.stoppedReason()).isEqualTo("Essential container in task exited");
        assertThat(stopped.stoppedAt()).isEqualTo(world.now());
        assertThat(stopped.executionStoppedAt()).isEqualTo(world.now());
        assertThat(stopped.containers()).allMatch(each -> each.exitCode() == exitCode);
        assertThat(stopped.containers()).allMatch(each -> each.lastStatus().equals("STOPPED"));
    }

    /** The agent waits for the rest of the task to stop; the service must not. */
    @Test
    void anEssentialContainersEndIsTheTasksEndAlsoWhileTheOthersStillStop() {
        world.running(task);
        world.report(task, request -> request.status("RUNNING").containers(
                change("app", "STOPPED").toBuilder().exitCode(3).build()));

        Task stopping = world.task(task).task();
        assertThat(stopping.lastStatus()).isEqualTo("RUNNING");
        assertThat(stopping.desiredStatus()).isEqualTo("STOPPED");
        assertThat(stopping.stopCode()).isEqualTo(TaskStopCode.ESSENTIAL_CONTAINER_EXITED);
        assertThat(stopping.stoppingAt()).isEqualTo(world.now());
        assertThat(container("app").exitCode()).isEqualTo(3);
    }

    @Test
    void aContainerThatIsNotEssentialMayEnd() {
        world.running(task);
        world.report(task, request -> request.status("RUNNING").containers(change("sidecar", "STOPPED")));

        assertThat(world.task(task).task().desiredStatus()).isEqualTo("RUNNING");
    }

    @Test
    void aPullThatFailsIsATaskThatFailedToStart() {
        String reason = "CannotPullContainerError: pull image manifest has been retried 1 time(s)";
        Task stopped = world.report(task, request -> request.status("STOPPED").containers(
                change("app", "STOPPED").toBuilder().reason(reason).build(), change("sidecar", "STOPPED")));

        assertThat(stopped.stopCode()).isEqualTo(TaskStopCode.TASK_FAILED_TO_START);
        assertThat(stopped.stoppedReason()).isEqualTo(reason);
        assertThat(stopped.startedAt()).isNull();
        assertThat(container("app").reason()).isEqualTo(reason);
    }

    @Test
    void theTasksOwnReasonCountsWhereNoContainerHasOne() {
        Task stopped = world.report(task, request -> request.status("STOPPED")
                .reason("ResourceInitializationError: unable to make the network"));

        assertThat(stopped.stopCode()).isEqualTo(TaskStopCode.TASK_FAILED_TO_START);
        assertThat(stopped.stoppedReason()).isEqualTo("ResourceInitializationError: unable to make the network");
    }

    @Test
    void aContainerOutOfMemoryIsAnEssentialContainerThatExited() {
        world.running(task);
        String reason = "OutOfMemoryError: Container killed due to memory usage";
        Task stopped = world.report(task, request -> request.status("STOPPED").containers(
                change("app", "STOPPED").toBuilder().exitCode(137).reason(reason).build(),
                        change("sidecar", "STOPPED")));

        assertThat(stopped.stopCode()).isEqualTo(TaskStopCode.ESSENTIAL_CONTAINER_EXITED);
        assertThat(stopped.stoppedReason()).isEqualTo("Essential container in task exited");
        assertThat(container("app").reason()).isEqualTo(reason);
        assertThat(container("app").exitCode()).isEqualTo(137);
    }

    @Test
    void whoStoppedTheTaskIsNotForgottenWhenItHasStopped() {
        world.running(task);
        stop("enough");
        Task stopped = world.exited(task, 143);

        assertThat(stopped.stopCode()).isEqualTo(TaskStopCode.USER_INITIATED);
        assertThat(stopped.stoppedReason()).isEqualTo("enough");
    }

    @Test
    void aTaskToldToStopMayStillSayThatItRuns() {
        stop("enough");
        world.running(task);

        assertThat(world.task(task).task().lastStatus()).isEqualTo("RUNNING");
        assertThat(world.task(task).task().desiredStatus()).isEqualTo("STOPPED");
        world.exited(task, 0);
        assertThat(world.task(task).task().lastStatus()).isEqualTo("STOPPED");
    }

    private void stop(String reason) {
        world.decide((image, scope, context) -> StopTask.decide(image,
                StopTaskRequest.builder().task(task).reason(reason).build(), scope, context));
    }

    @Test
    void anAcknowledgedPayloadMovesATaskButNeverBack() {
        String definition = world.fargateDefinition("net").taskDefinitionArn();
        task = world.runTask(request -> request.taskDefinition(definition)).tasks().getFirst().taskArn();
        assertThat(world.task(task).task().lastStatus()).isEqualTo("PROVISIONING");
        acknowledge();
        assertThat(world.task(task).task().lastStatus()).isEqualTo("PENDING");

        world.running(task);
        acknowledge();
        assertThat(world.task(task).task().lastStatus()).isEqualTo("RUNNING");
        assertThat(world.task(task).task().attachments()).allMatch(each -> each.status().equals("ATTACHED"));

        stop("enough");
        acknowledge();
        assertThat(world.task(task).task().lastStatus()).isEqualTo("STOPPING");

        world.exited(task, 0);
        acknowledge();
        assertThat(world.task(task).task().lastStatus()).isEqualTo("STOPPED");
        assertThat(world.task(task).task().attachments()).allMatch(each -> each.status().equals("DELETED"));
    }

    private void acknowledge() {
        world.apply(TaskDelivery.decide(world.image(), List.of(task, "arn:of:nothing")));
    }

    @Test
    void oneContainerMayBeReportedAlone() {
        world.apply(SubmitContainerStateChange.decide(world.image(), SubmitContainerStateChangeRequest.builder()
                .task(task).containerName("app").status("RUNNING").runtimeId("d9").build()));
        assertThat(container("app").runtimeId()).isEqualTo("d9");

        var unknown = SubmitContainerStateChange.decide(world.image(), SubmitContainerStateChangeRequest.builder()
                .build());
        assertThat(unknown.reply().acknowledgment()).isEqualTo("ACK");
        assertThat(unknown.writes()).isEmpty();
    }

    /** A definition may be taken out of use while its tasks run; they go on, and end as any other. */
    @Test
    void aTaskOutlivesItsDefinitionsDeregistration() {
        world.decide((image, scope, context) -> DeregisterTaskDefinition.decide(image,
                DeregisterTaskDefinitionRequest.builder().taskDefinition("web:1").build(), scope, context));
        world.running(task);

        assertThat(world.exited(task, 0).lastStatus()).isEqualTo("STOPPED");
    }

    private Container container(String name) {
        return world.task(task).task().containers().stream()
                .filter(each -> each.name().equals(name)).findFirst().orElseThrow();
    }

    private static ContainerStateChange change(String container, String status) {
        return ContainerStateChange.builder().containerName(container).status(status).build();
    }
}
