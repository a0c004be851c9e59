package dev.landfall.agent;

import static dev.landfall.agent.fake.Payloads.task;
import static org.assertj.core.api.Assertions.assertThat;

import dev.landfall.protocol.Message;
import dev.landfall.protocol.TaskPayload;
import java.util.List;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.ecs.model.ContainerStateChange;
import software.amazon.awssdk.services.ecs.model.SubmitTaskStateChangeRequest;

/** Lives of tasks: a real agent on a real engine, against a small control plane. */
class AgentDockerTest extends DockerTest {
    private static final String WAIT = "trap 'exit 0' TERM; while true; do sleep 0.05; done";

    private static ContainerStateChange container(SubmitTaskStateChangeRequest change, String name) {
        return change.containers().stream().filter(c -> c.containerName().equals(name)).reduce((a, b) -> b)
                .orElseThrow();
    }

    private static dev.landfall.agent.fake.Payloads.Container container(String name, String script) {
        return dev.landfall.agent.fake.Payloads.container(name, script);
    }

    @Test
    void aTaskRunsAndReportsItsExitCode() {
        TaskPayload task = task(container("main", "echo $GREETING; exit 9")).payload();
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
            assertThat(main.reason()).isNull();
        });
        assertThat(stopped.executionStoppedAt()).isNotNull();
        assertThat(logs(stopped, "main")).isEqualTo("hello");
        var facts = engine.inspect(running.containers().getFirst().runtimeId()).orElseThrow();
        assertThat(facts.labels())
                .containsEntry("com.amazonaws.ecs.task-arn", task.arn())
                .containsEntry("com.amazonaws.ecs.task-definition-version", "7");
        assertThat(facts.name()).matches("ecs-family-7-main-[0-9a-f]{20}");
    }

    @Test
    void aTaskStopsOnSigterm() {
        TaskPayload task = task(container("main", "trap 'exit 3' TERM; while true; do sleep 0.05; done")).payload();
        control.run(task);
        control.reported(task.arn(), "RUNNING");
        control.stop(task.arn());
        assertThat(control.reported(task.arn(), "STOPPED").containers().getFirst().exitCode()).isEqualTo(3);
    }

    @Test
    void aTaskThatIgnoresSigtermIsKilled() {
        TaskPayload task = task(container("main", "trap '' TERM; while true; do sleep 0.05; done").stopTimeout(1))
                .payload();
        control.run(task);
        control.reported(task.arn(), "RUNNING");
        control.stop(task.arn());
        assertThat(container(control.reported(task.arn(), "STOPPED"), "main")).satisfies(main -> {
            assertThat(main.exitCode()).isEqualTo(137);
            assertThat(main.reason()).isNull();
        });
    }

    @Test
    void theEndOfAnEssentialContainerStopsTheOthers() {
        TaskPayload task = task(container("main", "sleep 0.3; exit 4"),
                container("side", "trap 'exit 5' TERM; while true; do sleep 0.05; done").optional()).payload();
        control.run(task);
        var stopped = control.reported(task.arn(), "STOPPED");
        assertThat(control.changes(task.arn())).extracting(SubmitTaskStateChangeRequest::status)
                .startsWith("RUNNING").endsWith("STOPPED");
        assertThat(container(stopped, "side").exitCode()).isEqualTo(5);
        assertThat(control.changes(task.arn()).stream().flatMap(change -> change.containers().stream()))
                .anySatisfy(main -> {
                    assertThat(main.containerName()).isEqualTo("main");
                    assertThat(main.exitCode()).isEqualTo(4);
                });
    }

    @Test
    void theEndOfAnOptionalContainerLeavesTheTaskRunning() {
        TaskPayload task = task(container("main", WAIT), container("side", "exit 6").optional()).payload();
        control.run(task);
        var change = control.reported(task.arn(), report -> report.status().equals("RUNNING")
                && report.containers().stream().anyMatch(side -> Integer.valueOf(6).equals(side.exitCode())));
        assertThat(container(change, "side").status()).isEqualTo("STOPPED");
        control.stop(task.arn());
        control.reported(task.arn(), "STOPPED");
    }

    @Test
    void containersStartInTheOrderOfTheirDependencies() {
        TaskPayload task = task(
                container("last", "cat /shared/order").mount("shared", "/shared").dependsOn("middle", "COMPLETE"),
                container("middle", "echo middle >> /shared/order; exit 1").optional().mount("shared", "/shared")
                        .dependsOn("first", "SUCCESS"),
                container("first", "sleep 0.2; echo first >> /shared/order").optional().mount("shared", "/shared"))
                .volume(new TaskPayload.VolumePayload("shared", null, new TaskPayload.HostVolume(null), null, null))
                .payload();
        control.run(task);
        var stopped = control.reported(task.arn(), "STOPPED");
        assertThat(logs(stopped, "last")).isEqualTo("first\nmiddle");
    }

    @Test
    void aContainerWhoseDependencyFailedNeverStarts() {
        TaskPayload task = task(
                container("main", WAIT).dependsOn("init", "SUCCESS"),
                container("init", "exit 2").optional()).payload();
        control.run(task);
        var stopped = control.reported(task.arn(), "STOPPED");
        assertThat(container(stopped, "init").exitCode()).isEqualTo(2);
        assertThat(container(stopped, "main")).satisfies(main -> {
            assertThat(main.exitCode()).isEqualTo(143);
            assertThat(main.reason()).startsWith("CannotStartContainerError: ");
        });
    }

    @Test
    void healthIsPublishedAndLetsDependantsStart() {
        TaskPayload task = task(
                container("main", "echo started; exit 0").dependsOn("server", "HEALTHY"),
                container("server", "sleep 0.5; touch /tmp/ready; " + WAIT).optional()
                        .healthCheck("test -f /tmp/ready")).payload();
        control.run(task);
        control.message(Message.PublishHealthRequest.class, health -> health.tasks().stream()
                .filter(each -> each.taskArn().equals(task.arn()))
                .flatMap(each -> each.containers().stream())
                .anyMatch(each -> each.containerName().equals("server") && each.healthStatus().equals("HEALTHY")));
        control.reported(task.arn(), "STOPPED");
        assertThat(control.changes(task.arn()).stream().flatMap(change -> change.containers().stream()))
                .anyMatch(main -> main.containerName().equals("main") && Integer.valueOf(0).equals(main.exitCode()));
    }

    @Test
    void anUnhealthyContainerIsPublishedAsSuch() {
        TaskPayload task = task(container("main", WAIT).healthCheck("exit 1")).payload();
        control.run(task);
        var health = control.message(Message.PublishHealthRequest.class, published -> published.tasks().stream()
                .anyMatch(each -> each.taskArn().equals(task.arn())
                        && each.containers().getFirst().healthStatus().equals("UNHEALTHY")));
        assertThat(health.metadata().containerInstance()).isEqualTo(agent.containerInstanceArn());
        control.stop(task.arn());
        control.reported(task.arn(), "STOPPED");
    }

    @Test
    void anImageThatCannotBePulledStopsTheTask() {
        TaskPayload task = task(container("main", "true").image("127.0.0.1:1/no/such:image")).payload();
        control.run(task);
        var stopped = control.reported(task.arn(), "STOPPED");
        assertThat(container(stopped, "main")).satisfies(main -> {
            assertThat(main.reason()).startsWith("CannotPullContainerError: Error response from daemon: ");
            assertThat(main.runtimeId()).isNull();
            assertThat(main.exitCode()).isNull();
        });
        assertThat(stopped.pullStartedAt()).isNotNull();
        assertThat(stopped.pullStoppedAt()).isNotNull();
    }

    @Test
    void aCommandThatDoesNotExistStopsTheTask() {
        TaskPayload task = task(container("main", "").config("{\"Entrypoint\":[\"/no/such\"]}")).payload();
        control.run(task);
        assertThat(container(control.reported(task.arn(), "STOPPED"), "main")).satisfies(main -> {
            assertThat(main.reason()).startsWith("CannotStartContainerError: Error response from daemon: ");
            assertThat(main.exitCode()).isNull();
        });
    }

    @Test
    void aDocumentThatTheEngineRefusesStopsTheTask() {
        TaskPayload task = task(container("main", "true").hostConfig("{\"Memory\":1}")).payload();
        control.run(task);
        assertThat(container(control.reported(task.arn(), "STOPPED"), "main").reason())
                .startsWith("CannotCreateContainerError: Error response from daemon: ");
    }

    @Test
    void wantOfMemoryIsRecognised() {
        TaskPayload task = task(container("main", "head -c 200000000 /dev/zero | tail").memory(16)).payload();
        control.run(task);
        assertThat(container(control.reported(task.arn(), "STOPPED"), "main").reason())
                .isEqualTo("OutOfMemoryError: Container killed due to memory usage");
    }

    @Test
    void aRestartPolicyRestartsTheContainerUnseen() {
        TaskPayload task = task(container("main",
                "sleep 0.2; echo run >> /tmp/runs; if test $(cat /tmp/runs | wc -l) -ge 3;"
                + " then exit 7; fi; exit 1").restart(0, 7)).payload();
        control.run(task);
        var stopped = control.reported(task.arn(), "STOPPED");
        assertThat(container(stopped, "main").exitCode()).isEqualTo(7);
        assertThat(control.changes(task.arn())).hasSize(2);
    }

    @Test
    void aTaskSentTwiceRunsOnce() {
        TaskPayload task = task(container("main", WAIT)).payload();
        control.run(task);
        control.run(task);
        control.reported(task.arn(), "RUNNING");
        control.run(task);
        assertThat(engine.containers("com.amazonaws.ecs.task-arn=" + task.arn())).hasSize(1);
        control.stop(task.arn());
        control.stop(task.arn());
        control.reported(task.arn(), "STOPPED");
        assertThat(control.changes(task.arn())).hasSize(2);
    }

    @Test
    void stoppingAnUnknownTaskIsAnswered() {
        control.stop("arn:aws:ecs:us-east-1:000000000000:task/default/unknown");
        var stopped = control.reported("arn:aws:ecs:us-east-1:000000000000:task/default/unknown", "STOPPED");
        assertThat(stopped.containers()).isEmpty();
    }

    @Test
    void aTaskTheControlPlaneDoesNotKnowIsStoppedAfterAsking() {
        TaskPayload kept = task(container("main", WAIT)).payload();
        TaskPayload surplus = task(container("main", WAIT)).payload();
        control.run(kept, surplus);
        control.reported(kept.arn(), "RUNNING");
        control.reported(surplus.arn(), "RUNNING");
        control.send(new Message.TaskManifestMessage("manifest-1", "c", "i", 0, control.nextSequence(),
                List.of(new Message.ManifestTask(kept.arn(), "c", "RUNNING"))));
        var asked = control.message(Message.TaskStopVerificationMessage.class, question ->
                question.messageId().equals("manifest-1"));
        assertThat(asked.stopCandidates()).extracting(Message.ManifestTask::taskArn).contains(surplus.arn())
                .doesNotContain(kept.arn());
        control.send(new Message.TaskStopVerificationAck("manifest-1", 0,
                List.of(new Message.ManifestTask(surplus.arn(), "c", "STOPPED"))));
        control.reported(surplus.arn(), "STOPPED");
        assertThat(control.changes(kept.arn())).hasSize(1);
        control.stop(kept.arn());
        control.reported(kept.arn(), "STOPPED");
    }

    @Test
    void limitsOfTheTaskBindItsContainers() {
        TaskPayload task = task(container("main", WAIT)).limits(0.25, 64).payload();
        control.run(task);
        String id = control.reported(task.arn(), "RUNNING").containers().getFirst().runtimeId();
        var host = probe.inspect(id).path("HostConfig");
        String taskId = task.arn().substring(task.arn().lastIndexOf('/') + 1);
        assertThat(host.path("CgroupParent").asText() + " " + host.path("NanoCpus") + " " + host.path("Memory"))
                .isIn("/landfall/" + taskId + " 0 0", " 250000000 67108864");
        control.stop(task.arn());
        control.reported(task.arn(), "STOPPED");
    }

    @Test
    void metricsArePublished() {
        TaskPayload task = task(container("main", "while true; do true; done").stopTimeout(0)).payload();
        control.run(task);
        var metrics = control.message(Message.PublishMetricsRequest.class, published -> published.taskMetrics().stream()
                .anyMatch(each -> each.taskArn().equals(task.arn())));
        var main = metrics.taskMetrics().stream().filter(each -> each.taskArn().equals(task.arn())).findFirst()
                .orElseThrow()
                .containerMetrics().getFirst();
        assertThat(main.cpuStatsSet().sum()).isGreaterThan(1);
        assertThat(main.memoryStatsSet().max()).isGreaterThan(0);
        control.stop(task.arn());
        control.reported(task.arn(), "STOPPED");
    }
}
