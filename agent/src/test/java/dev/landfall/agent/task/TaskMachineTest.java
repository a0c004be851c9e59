package dev.landfall.agent.task;

import static dev.landfall.agent.fake.Payloads.container;
import static dev.landfall.agent.fake.Payloads.task;
import static org.assertj.core.api.Assertions.assertThat;

import dev.landfall.agent.fake.Payloads;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Decisions about tasks, without any engine. A test tells what happened and reads what is to be done. */
class TaskMachineTest {
    private static final Instant START = Instant.parse("2030-01-01T00:00:00Z");

    /** A task being told events, with the actions that came of the last one. */
    private static final class Story {
        private Instant now = START;
        private TaskState state;
        private List<TaskAction> actions = List.of();
        private final List<TaskReport> reports = new ArrayList<>();
        private Optional<Instant> wake = Optional.empty();

        Story(Payloads.Task task) {
            state = TaskState.accepted(task.payload(), START);
            tell(new TaskEvent.Begun());
        }

        Story tell(TaskEvent event) {
            var step = TaskMachine.apply(state, event, now);
            state = step.state();
            actions = step.actions();
            wake = step.wake();
            actions.forEach(action -> {
                if (action instanceof TaskAction.Submit submit) {
                    reports.add(submit.report());
                }
            });
            return this;
        }

        Story after(Duration time) {
            now = now.plus(time);
            return this;
        }

        Story provided() {
            return tell(new TaskEvent.Provided());
        }

        Story pulled(String name) {
            return tell(new TaskEvent.Pulled(name, Optional.of("sha256:1")));
        }

        Story created(String name) {
            return tell(new TaskEvent.Created(name, "id-" + name));
        }

        Story started(String name) {
            return tell(new TaskEvent.Started(name, List.of()));
        }

        Story exited(String name, int code) {
            return tell(new TaskEvent.Exited(name, Optional.of(code), ""));
        }

        /** From nothing to running. */
        Story up(String... names) {
            provided();
            for (String name : names) {
                pulled(name).created(name).started(name);
            }
            return this;
        }

        List<ReportedStatus> statuses() {
            return reports.stream().map(TaskReport::status).toList();
        }
    }

    @Test
    void aTaskComesUpStepByStep() {
        var story = new Story(task(container("main", "")));
        assertThat(story.actions).containsExactly(new TaskAction.Provide(), new TaskAction.Pull("main"));
        assertThat(story.pulled("main").actions).isEmpty();
        assertThat(story.provided().actions).containsExactly(new TaskAction.Create("main"));
        assertThat(story.created("main").actions).containsExactly(new TaskAction.Start("main"));
        story.after(Duration.ofSeconds(1)).started("main");
        assertThat(story.reports).singleElement().satisfies(report -> {
            assertThat(report.status()).isEqualTo(ReportedStatus.RUNNING);
            assertThat(report.containers().getFirst().runtimeId()).contains("id-main");
            assertThat(report.containers().getFirst().imageDigest()).contains("sha256:1");
            assertThat(report.pullStartedAt()).contains(START);
            assertThat(report.executionStoppedAt()).isEmpty();
        });
    }

    @Test
    void anAwsvpcContainerIsCreatedOnThePauseContainerBeforeTheNetworkIsUp() {
        var story = new Story(task(container("main", "")).awsvpc("10.0.0.5", "10.0.0.1/20")).pulled("main");
        assertThat(story.tell(new TaskEvent.NamespaceFound("pause")).actions)
                .containsExactly(new TaskAction.Create("main"));
        assertThat(story.created("main").actions).isEmpty();
        assertThat(story.provided().actions).containsExactly(new TaskAction.Start("main"));
    }

    @Test
    void anEarlyExitIsToldAsAStartAndAnEnd() {
        var story = new Story(task(container("main", ""))).provided().pulled("main").created("main").exited("main", 3);
        assertThat(story.statuses()).containsExactly(ReportedStatus.RUNNING, ReportedStatus.STOPPED);
        assertThat(story.reports.getLast().containers().getFirst().exitCode()).contains(3);
        story.started("main").exited("main", 3);
        assertThat(story.reports).hasSize(2);
    }

    @Test
    void whatIsKnownAlreadyChangesNothing() {
        var story = new Story(task(container("main", ""))).up("main");
        TaskState before = story.state;
        story.started("main").pulled("main").created("main").provided();
        assertThat(story.state).isEqualTo(before);
        assertThat(story.actions).isEmpty();
    }

    @Test
    void stoppingSignalsRunningContainersAndForgetsTheOthers() {
        var story = new Story(task(container("main", "").stopTimeout(7), container("late", ""))).up("main");
        story.tell(new TaskEvent.StopWanted());
        assertThat(story.actions).containsExactly(
                new TaskAction.Stop("main", Optional.of(Duration.ofSeconds(7))));
        assertThat(story.state.container("late").phase()).isEqualTo(ContainerPhase.STOPPED);
        story.exited("main", 143);
        assertThat(story.actions).last().isEqualTo(new TaskAction.Release());
        assertThat(story.statuses()).containsExactly(ReportedStatus.STOPPED);
        assertThat(story.tell(new TaskEvent.Tick()).actions).isEmpty();
    }

    @Test
    void aContainerInTheMakingIsStoppedOnceItIsThere() {
        var story = new Story(task(container("main", ""))).provided().pulled("main").created("main");
        assertThat(story.tell(new TaskEvent.StopWanted()).actions).isEmpty();
        assertThat(story.started("main").actions).containsExactly(new TaskAction.Stop("main", Optional.empty()));
        assertThat(story.exited("main", 143).statuses()).containsExactly(ReportedStatus.STOPPED);
    }

    @Test
    void containersStopInReverseOrderOfTheirDependencies() {
        var story = new Story(task(container("app", "").dependsOn("proxy", "START"), container("proxy", "")))
                .up("proxy", "app");
        assertThat(story.tell(new TaskEvent.StopWanted()).actions)
                .containsExactly(new TaskAction.Stop("app", Optional.empty()));
        assertThat(story.exited("app", 0).actions).contains(new TaskAction.Stop("proxy", Optional.empty()));
        assertThat(story.exited("proxy", 0).statuses())
                .containsExactly(ReportedStatus.RUNNING, ReportedStatus.RUNNING, ReportedStatus.STOPPED);
    }

    @Test
    void everyConditionReleasesItsDependantAtTheRightMoment() {
        record Row(String condition, TaskEvent releasing) {}
        for (Row row : List.of(
                new Row("START", new TaskEvent.Started("first", List.of())),
                new Row("COMPLETE", new TaskEvent.Exited("first", Optional.of(1), "")),
                new Row("SUCCESS", new TaskEvent.Exited("first", Optional.of(0), "")),
                new Row("HEALTHY", new TaskEvent.HealthSeen("first", Health.Status.HEALTHY, "")))) {
            var story = new Story(task(container("second", "").dependsOn("first", row.condition()),
                    container("first", "").optional().healthCheck("true")));
            story.provided().pulled("first").pulled("second").created("second").created("first");
            assertThat(story.state.container("second").phase()).as(row.condition()).isEqualTo(ContainerPhase.CREATED);
            if (!row.condition().equals("START")) {
                story.started("first");
                assertThat(story.state.container("second").phase()).as(row.condition())
                        .isEqualTo(ContainerPhase.CREATED);
            }
            story.tell(row.releasing());
            assertThat(story.actions).as(row.condition()).contains(new TaskAction.Start("second"));
        }
    }

    @Test
    void aDependencyThatCanNoLongerBeMetEndsTheDependant() {
        record Row(String condition, int exitCode) {}
        for (Row row : List.of(new Row("SUCCESS", 1), new Row("HEALTHY", 0))) {
            var story = new Story(task(container("second", "").dependsOn("first", row.condition()),
                    container("first", "").optional())).provided().pulled("second").created("second");
            story.pulled("first").created("first").started("first").exited("first", row.exitCode());
            assertThat(story.state.container("second")).as(row.condition()).satisfies(second -> {
                assertThat(second.exitCode()).contains(143);
                assertThat(second.reason()).startsWith("CannotStartContainerError: dependency graph: ");
            });
            assertThat(story.statuses()).containsExactly(ReportedStatus.STOPPED);
        }
    }

    @Test
    void theStartTimeoutOfADependencyEndsTheWaiting() {
        var story = new Story(task(container("second", "").dependsOn("first", "SUCCESS"),
                container("first", "").optional().startTimeout(30)));
        story.provided().pulled("second").created("second").pulled("first").created("first").started("first");
        assertThat(story.wake).contains(START.plusSeconds(30));
        story.after(Duration.ofSeconds(29)).tell(new TaskEvent.Tick());
        assertThat(story.state.container("second").phase()).isEqualTo(ContainerPhase.CREATED);
        story.after(Duration.ofSeconds(1)).tell(new TaskEvent.Tick());
        assertThat(story.state.container("second").reason()).contains("timed out");
        assertThat(story.actions).contains(new TaskAction.Stop("first", Optional.empty()));
    }

    @Test
    void restartsFollowThePolicy() {
        record Row(String name, int ranSeconds, int exitCode, boolean restarts) {}
        for (Row row : List.of(
                new Row("long enough", 60, 1, true),
                new Row("success is an exit too", 60, 0, true),
                new Row("too short", 59, 1, false),
                new Row("ignored code", 60, 5, false))) {
            var story = new Story(task(container("main", "").restart(60, 5))).up("main");
            story.after(Duration.ofSeconds(row.ranSeconds())).exited("main", row.exitCode());
            assertThat(story.actions.contains(new TaskAction.Start("main"))).as(row.name()).isEqualTo(row.restarts());
            assertThat(story.state.finished()).as(row.name()).isEqualTo(!row.restarts());
        }
    }

    @Test
    void aTaskBeingStoppedDoesNotRestartContainers() {
        var story = new Story(task(container("main", "").restart(0))).up("main");
        story.tell(new TaskEvent.StopWanted()).exited("main", 1);
        assertThat(story.state.finished()).isTrue();
    }

    @Test
    void failuresCarryTheirReason() {
        record Row(TaskEvent failure, String reason) {}
        for (Row row : List.of(
                new Row(new TaskEvent.PullFailed("main", "CannotPullContainerError: x"), "CannotPullContainerError: x"),
                new Row(new TaskEvent.CreateFailed("main", "CannotCreateContainerError: x"),
                        "CannotCreateContainerError: x"),
                new Row(new TaskEvent.StartFailed("main", "CannotStartContainerError: x"),
                        "CannotStartContainerError: x"))) {
            var story = new Story(task(container("main", ""))).provided();
            if (!(row.failure() instanceof TaskEvent.PullFailed)) {
                story.pulled("main");
            }
            if (row.failure() instanceof TaskEvent.StartFailed) {
                story.created("main");
            }
            story.tell(row.failure());
            assertThat(story.statuses()).containsExactly(ReportedStatus.STOPPED);
            assertThat(story.reports.getLast().containers().getFirst().reason()).isEqualTo(row.reason());
            assertThat(story.reports.getLast().containers().getFirst().exitCode()).isEmpty();
            assertThat(story.actions).contains(new TaskAction.Release());
        }
    }

    @Test
    void resourcesThatCannotBeHadStopTheTask() {
        var story = new Story(task(container("main", "")));
        story.tell(new TaskEvent.ProvideFailed("ResourceInitializationError: no volume"));
        assertThat(story.reports).singleElement().satisfies(report -> {
            assertThat(report.status()).isEqualTo(ReportedStatus.STOPPED);
            assertThat(report.reason()).isEqualTo("ResourceInitializationError: no volume");
        });
    }

    @Test
    void nothingIsFreedWhileItIsStillBeingMade() {
        var story = new Story(task(container("main", "")));
        story.tell(new TaskEvent.StopWanted());
        assertThat(story.state.finished()).isTrue();
        assertThat(story.actions).doesNotContain(new TaskAction.Release());
        assertThat(story.provided().actions).containsExactly(new TaskAction.Release());
    }

    @Test
    void theLossOfTheNamespaceStopsTheTask() {
        var story = new Story(task(container("main", "")).awsvpc("10.0.0.5", "10.0.0.1/20"));
        story.tell(new TaskEvent.NamespaceFound("pause")).up("main").tell(new TaskEvent.NamespaceLost());
        assertThat(story.actions).containsExactly(new TaskAction.Stop("main", Optional.empty()));
        assertThat(story.exited("main", 0).reports.getLast().reason()).startsWith("ContainerNetworkingError");
    }

    @Test
    void healthIsPublishedWhenItChangesOnly() {
        var story = new Story(task(container("main", "").healthCheck("true"))).up("main");
        assertThat(story.tell(new TaskEvent.HealthSeen("main", Health.Status.HEALTHY, "")).actions)
                .containsExactly(new TaskAction.PublishHealth());
        assertThat(story.tell(new TaskEvent.HealthSeen("main", Health.Status.HEALTHY, "")).actions).isEmpty();
        assertThat(story.tell(new TaskEvent.HealthSeen("main", Health.Status.UNHEALTHY, "")).actions)
                .containsExactly(new TaskAction.PublishHealth());
    }

    @Test
    void healthOfAContainerWithoutACheckIsNoNews() {
        var story = new Story(task(container("main", ""))).up("main");
        assertThat(story.tell(new TaskEvent.HealthSeen("main", Health.Status.HEALTHY, "")).actions).isEmpty();
    }

    @Test
    void theOptionalContainersEndIsReportedWhileTheTaskRuns() {
        var story = new Story(task(container("main", ""), container("side", "").optional())).up("main", "side");
        story.exited("side", 2);
        assertThat(story.statuses()).containsExactly(ReportedStatus.RUNNING, ReportedStatus.RUNNING);
        assertThat(story.reports.getLast().containers()).singleElement().satisfies(side -> {
            assertThat(side.name()).isEqualTo("side");
            assertThat(side.exitCode()).contains(2);
        });
    }
}
