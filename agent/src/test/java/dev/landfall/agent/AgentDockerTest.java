package dev.landfall.agent;

import static dev.landfall.agent.fake.Payloads.container;
import static dev.landfall.agent.fake.Payloads.task;
import static org.assertj.core.api.Assertions.assertThat;

import dev.landfall.protocol.TaskPayload;
import org.junit.jupiter.api.Test;

/** A real agent on a real engine, against a small control plane. */
class AgentDockerTest extends DockerTest {
    @Test
    void aTaskRunsAndReportsItsExitCode() {
        TaskPayload task = payload(task(container("main", "echo $GREETING; exit 9")));
        control.run(task);
        var running = control.reported(task.arn(), "RUNNING");
        assertThat(running.containers()).singleElement().satisfies(main -> {
            assertThat(main.containerName()).isEqualTo("main");
            assertThat(main.runtimeId()).hasSize(64);
        });
        var stopped = control.reported(task.arn(), "STOPPED");
        assertThat(stopped.containers()).singleElement().satisfies(main -> {
            assertThat(main.exitCode()).isEqualTo(9);
            assertThat(main.status()).isEqualTo("STOPPED");
        });
        assertThat(stopped.executionStoppedAt()).isNotNull();
    }

    @Test
    void aTaskStopsOnSigterm() {
        TaskPayload task = payload(task(container("main", "trap 'exit 3' TERM; while true; do sleep 0.05; done")));
        control.run(task);
        control.reported(task.arn(), "RUNNING");
        control.stop(task.arn());
        assertThat(control.reported(task.arn(), "STOPPED").containers().getFirst().exitCode()).isEqualTo(3);
    }
}
