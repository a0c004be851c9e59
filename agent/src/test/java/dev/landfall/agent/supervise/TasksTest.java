package dev.landfall.agent.supervise;

import static dev.landfall.agent.fake.Payloads.container;
import static dev.landfall.agent.fake.Payloads.task;
import static org.assertj.core.api.Assertions.assertThat;

import dev.landfall.agent.AgentConfig;
import dev.landfall.agent.PullBehavior;
import dev.landfall.agent.fake.FakeEngine;
import dev.landfall.agent.fake.FakeReports;
import dev.landfall.agent.fake.Payloads;
import dev.landfall.agent.network.TaskNetwork;
import dev.landfall.agent.task.ReportedStatus;
import dev.landfall.agent.task.TaskState;
import dev.landfall.protocol.TaskPayload;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tasks on an engine in memory: what has to be right although the engine, or the agent, was away. */
class TasksTest {
    @TempDir
    private Path directory;

    private final FakeEngine engine = new FakeEngine().withImage(Payloads.IMAGE, "");
    private final FakeReports reports = new FakeReports();

    private Tasks open() {
        AgentConfig config = AgentConfig.of(URI.create("http://127.0.0.1:1"), directory).change()
                .pullBehavior(PullBehavior.PREFER_CACHED).warmNamespaces(0).keepStopped(Duration.ZERO).build();
        var network = new TaskNetwork(engine, "agent", Labels.AGENT, () -> "pause", 0);
        return new Tasks(config, "agent", engine, engine.facts(), network,
                new Tasks.Surroundings(reports, (state, id) -> Map.of(), () -> { }, gone -> { }));
    }

    @Test
    void anEndThatNoEventToldIsFoundByLooking() {
        try (Tasks tasks = open()) {
            TaskPayload task = task(container("main", "")).payload();
            tasks.accept(List.of(task));
            reports.await(ReportedStatus.RUNNING);
            engine.endSilently(engine.running().getFirst(), 255);
            tasks.reconcile();
            assertThat(reports.await(ReportedStatus.STOPPED).containers().getFirst().exitCode()).contains(255);
        }
    }

    @Test
    void aContainerThatVanishedIsReportedWithoutAnExitCode() {
        try (Tasks tasks = open()) {
            tasks.accept(List.of(task(container("main", "")).payload()));
            reports.await(ReportedStatus.RUNNING);
            engine.vanishSilently(engine.running().getFirst());
            tasks.reconcile();
            assertThat(reports.await(ReportedStatus.STOPPED).containers().getFirst()).satisfies(main -> {
                assertThat(main.exitCode()).isEmpty();
                assertThat(main.reason()).startsWith("CannotInspectContainerError");
            });
        }
    }

    @Test
    void aTaskAcceptedTwiceIsMadeOnce() {
        try (Tasks tasks = open()) {
            TaskPayload task = task(container("main", "")).payload();
            tasks.accept(List.of(task, task));
            tasks.accept(List.of(task));
            reports.await(ReportedStatus.RUNNING);
            assertThat(engine.created()).isEqualTo(1);
        }
    }

    @Test
    void aSecondLifeTakesUpWhatTheFirstLeft() {
        TaskPayload task = task(container("main", "")).payload();
        try (Tasks first = open()) {
            first.accept(List.of(task));
            reports.await(ReportedStatus.RUNNING);
        }
        try (Tasks second = open()) {
            second.adopt();
            assertThat(second.active()).containsOnlyKeys(task.arn());
            second.accept(List.of(task));
            second.accept(List.of(TaskPayload.stop(task.arn(), task.taskClusterArn())));
            assertThat(reports.await(ReportedStatus.STOPPED).containers().getFirst().exitCode()).contains(143);
            assertThat(engine.created()).isEqualTo(1);
        }
    }

    @Test
    void aReportThatWasNotAcceptedSurvivesTheAgent() {
        TaskPayload task = task(container("main", "")).payload();
        try (Tasks first = open()) {
            first.accept(List.of(task));
            reports.await(ReportedStatus.RUNNING);
            reports.answer(Reports.Answer.FAILED);
            first.accept(List.of(TaskPayload.stop(task.arn(), task.taskClusterArn())));
            reports.awaitAttempts(2);
        }
        reports.answer(Reports.Answer.ACCEPTED);
        try (Tasks second = open()) {
            second.adopt();
            assertThat(reports.await(ReportedStatus.STOPPED).containers().getFirst().exitCode()).contains(143);
        }
    }

    @Test
    void whatIsStoppedAtTheEndIsNotReplaced() {
        TaskPayload first = task(container("main", "")).payload();
        TaskPayload replacement = task(container("main", "")).payload();
        try (Tasks tasks = open()) {
            assertThat(tasks.accept(List.of(first))).isTrue();
            reports.await(ReportedStatus.RUNNING);
            tasks.stopAll(Duration.ofSeconds(10));
            assertThat(tasks.accept(List.of(replacement))).isFalse();
            assertThat(tasks.accept(List.of(TaskPayload.stop(first.arn(), first.taskClusterArn())))).isTrue();
            assertThat(tasks.all()).isEmpty();
            assertThat(engine.size()).isZero();
        }
    }

    @Test
    void aContainerThatCannotBeRemovedHoldsUpNoOther() {
        try (Tasks tasks = open()) {
            tasks.accept(List.of(task(container("main", "")).payload()));
            reports.await(ReportedStatus.RUNNING);
            String stuck = engine.running().getFirst();
            engine.neverRemove(stuck);
            tasks.accept(List.of(task(container("main", "")).payload(), task(container("main", "")).payload()));
            reports.awaitAttempts(3);

            tasks.stopAll(Duration.ofSeconds(2));

            assertThat(engine.size()).isEqualTo(1);
            assertThat(engine.inspect(stuck)).isPresent();
        }
    }

    @Test
    void aContainerThatRunsTellsThatItsNetworkWasReady() {
        TaskPayload payload = task(container("main", "")).awsvpc("10.0.0.5", "10.0.0.1").payload();
        TaskNames names = TaskNames.choose(payload);
        try (Tasks first = open()) {
            assertThat(first.all()).isEmpty();
        }
        try (var store = new TaskStore(directory.resolve("tasks"))) {
            store.save(new SavedTask(TaskState.accepted(payload, java.time.Instant.EPOCH), names, List.of(),
                    java.util.Optional.empty(), false));
        }
        String pause = engine.create(names.pause(), ours());
        engine.start(pause);
        String main = engine.create(names.containers().get("main"), ours());
        engine.start(main);

        try (Tasks second = open()) {
            second.adopt();
            reports.await(ReportedStatus.RUNNING);
            assertThat(engine.running()).containsExactly(pause, main);
            assertThat(second.all().iterator().next().state().pauseId()).contains(pause);
        }
    }

    private static com.fasterxml.jackson.databind.node.ObjectNode ours() {
        var document = com.fasterxml.jackson.databind.node.JsonNodeFactory.instance.objectNode();
        document.putObject("Labels").put(Labels.AGENT, "agent");
        return document;
    }

    @Test
    void aTaskWithAnAddressOfItsOwnAndNoPauseContainerIsNotLost() {
        TaskPayload task = task(container("main", "")).awsvpc("10.0.0.5", "10.0.0.1/20").payload();
        try (Tasks first = open()) {
            first.accept(List.of(task));
            reports.await(ReportedStatus.RUNNING);
            first.reconcile();
        }
        try (Tasks second = open()) {
            second.adopt();
            second.reconcile();
            second.accept(List.of(TaskPayload.stop(task.arn(), task.taskClusterArn())));
            assertThat(reports.await(ReportedStatus.STOPPED).reason()).isEmpty();
            assertThat(engine.created()).isEqualTo(1);
        }
    }

    @Test
    void whatNobodyKnowsIsRemoved() {
        try (Tasks tasks = open()) {
            var document = ours();
            engine.create("half-made", document);
            document.withObject("/Labels").put(Labels.AGENT, "another");
            engine.create("of another agent", document);
            tasks.adopt();
            assertThat(engine.size()).isEqualTo(1);
        }
    }

    @Test
    void anUnreadableTaskIsSetAside() throws java.io.IOException {
        java.nio.file.Files.createDirectories(directory.resolve("tasks"));
        java.nio.file.Files.writeString(directory.resolve("tasks/broken.json"), "{\"state\":");
        try (Tasks tasks = open()) {
            tasks.adopt();
            assertThat(tasks.all()).isEmpty();
        }
        assertThat(directory.resolve("tasks/broken.json.unreadable")).exists();
    }
}
