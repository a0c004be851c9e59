package dev.landfall.ecs.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.landfall.ecs.World;
import java.util.function.Consumer;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.ecs.model.ClusterNotFoundException;
import software.amazon.awssdk.services.ecs.model.ExecuteCommandRequest;
import software.amazon.awssdk.services.ecs.model.InvalidParameterException;
import software.amazon.awssdk.services.ecs.model.TargetNotConnectedException;

class ExecuteCommandTest {
    private final World world = new World();
    private String task;

    @BeforeEach
    void aRunningTask() {
        world.instance(1_024);
        world.definition("web");
        task = world.runTask(request -> request.enableExecuteCommand(true)).tasks().getFirst().taskArn();
        world.running(task);
    }

    private ThrowingCallable execute(Consumer<ExecuteCommandRequest.Builder> change) {
        var request = ExecuteCommandRequest.builder().task(task).command("sh").interactive(true);
        change.accept(request);
        return () -> ExecuteCommand.read(world.image(), request.build(), World.SCOPE);
    }

    private void refused(Consumer<ExecuteCommandRequest.Builder> change, String message) {
        assertThatThrownBy(execute(change)).isInstanceOf(InvalidParameterException.class)
                .extracting(error -> ((InvalidParameterException) error).awsErrorDetails().errorMessage())
                .asString().isEqualTo(message);
    }

    @Test
    void aValidRequestIsAnsweredAsWithoutAnExecAgent() {
        for (String named : new String[] {null, "app"}) {
            assertThatThrownBy(execute(request -> request.container(named)))
                    .isInstanceOf(TargetNotConnectedException.class)
                    .hasMessageContaining("The execute command failed due to an internal error. Try again later.");
        }
        String id = task.substring(task.lastIndexOf('/') + 1);
        assertThatThrownBy(execute(request -> request.task(id))).isInstanceOf(TargetNotConnectedException.class);
    }

    @Test
    void whatIsMissingOrUnknownIsRefused() {
        refused(request -> request.interactive(false), "Interactive is the only mode supported currently.");
        refused(request -> request.interactive(null), "Interactive is the only mode supported currently.");
        refused(request -> request.command(" "), "Command cannot be empty.");
        refused(request -> request.task(null), "taskId cannot be empty.");
        refused(request -> request.task("0".repeat(32)), "The referenced task was not found.");
        refused(request -> request.container("other"), "The container other was not found in the task.");
        assertThatThrownBy(execute(request -> request.cluster("none"))).isInstanceOf(ClusterNotFoundException.class);
    }

    @Test
    void ofSeveralContainersOneMustBeNamed() {
        world.definition(request -> request.family("two")
                .containerDefinitions(World.container("a"), World.container("b")));
        String two = world.runTask(request -> request.taskDefinition("two").enableExecuteCommand(true))
                .tasks().getFirst().taskArn();
        world.running(two);
        refused(request -> request.task(two),
                "A container name must be specified for a task with multiple containers.");
        assertThatThrownBy(execute(request -> request.task(two).container("b")))
                .isInstanceOf(TargetNotConnectedException.class);
    }

    @Test
    void onlyARunningTaskThatAllowsItIsEntered() {
        String notEnabled = world.runTask(request -> { }).tasks().getFirst().taskArn();
        refused(request -> request.task(notEnabled),
                "The execute command failed because the task or the container is not running.");
        world.running(notEnabled);
        assertThatThrownBy(execute(request -> request.task(notEnabled))).isInstanceOf(InvalidParameterException.class)
                .satisfies(error -> assertThat(error.getMessage())
                        .contains("execute command was not enabled when the task was run"));
        world.exited(task, 0);
        refused(request -> { }, "The execute command failed because the task or the container is not running.");
    }
}
