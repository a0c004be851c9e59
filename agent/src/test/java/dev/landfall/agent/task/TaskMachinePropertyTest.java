package dev.landfall.agent.task;

import static dev.landfall.agent.fake.Payloads.container;
import static dev.landfall.agent.fake.Payloads.task;
import static org.assertj.core.api.Assertions.assertThat;

import dev.landfall.agent.fake.Payloads;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** What holds for every task, whatever the engine does and in whatever order its answers come. */
class TaskMachinePropertyTest {
    private static final List<String> CONDITIONS = List.of("START", "COMPLETE", "SUCCESS", "HEALTHY");

    @Property(tries = 300)
    void everyTaskEndsOnceItIsStoppedAndNothingIsDoneTwice(
            @ForAll long seed, @ForAll @IntRange(min = 1, max = 5) int size) {
        var random = new Random(seed);
        var engine = new RandomEngine(random, taskOf(random, size));
        for (int step = 0; step < 60 && engine.busy(); step++) {
            engine.answerOne();
        }
        engine.tell(new TaskEvent.StopWanted());
        for (int step = 0; step < 200 && engine.busy(); step++) {
            engine.answerOne();
        }
        assertThat(engine.state.finished()).isTrue();
        assertThat(engine.released).isEqualTo(1);
        assertThat(engine.reports).last().satisfies(report ->
                assertThat(report.status()).isEqualTo(ReportedStatus.STOPPED));
        assertThat(engine.reports.stream().filter(report -> report.status() == ReportedStatus.STOPPED)).hasSize(1);
        Map<String, ReportedStatus> told = new HashMap<>();
        engine.reports.forEach(report -> report.containers().forEach(each -> {
            assertThat(told.getOrDefault(each.name(), ReportedStatus.PENDING)).isLessThan(each.status());
            told.put(each.name(), each.status());
        }));
        assertThat(told.values()).containsOnly(ReportedStatus.STOPPED).hasSize(size);
    }

    private static Payloads.Task taskOf(Random random, int size) {
        var containers = new ArrayList<Payloads.Container>();
        for (int i = 0; i < size; i++) {
            var next = container("c" + i, "").healthCheck("true");
            if (i > 0) {
                next.optional();
            }
            // Only on earlier ones: the API refuses circles.
            if (i > 0 && random.nextBoolean()) {
                next.dependsOn("c" + random.nextInt(i), CONDITIONS.get(random.nextInt(CONDITIONS.size())));
            }
            containers.add(next);
        }
        var task = task(containers.toArray(Payloads.Container[]::new));
        return random.nextBoolean() ? task : task.awsvpc("10.0.0.5", "10.0.0.1/20");
    }

    /** Answers what was asked of it in random order, sometimes with failures; running containers end by themselves. */
    private static final class RandomEngine {
        private final Random random;
        private TaskState state;
        private final List<TaskAction> asked = new ArrayList<>();
        private final Set<String> created = new HashSet<>();
        private final Set<String> running = new HashSet<>();
        private final List<TaskReport> reports = new ArrayList<>();
        private int released;

        RandomEngine(Random random, Payloads.Task task) {
            this.random = random;
            this.state = TaskState.accepted(task.payload(), Instant.EPOCH);
            tell(new TaskEvent.Begun());
        }

        void tell(TaskEvent event) {
            var step = TaskMachine.apply(state, event, Instant.EPOCH);
            state = step.state();
            for (TaskAction action : step.actions()) {
                switch (action) {
                    case TaskAction.Submit(var report) -> reports.add(report);
                    case TaskAction.Release() -> released++;
                    case TaskAction.PublishHealth() -> { }
                    case TaskAction.Provide p -> asked.add(p);
                    case TaskAction.Pull p -> asked.add(p);
                    case TaskAction.Create c -> asked.add(c);
                    case TaskAction.Start s -> asked.add(s);
                    case TaskAction.Stop s -> asked.add(s);
                }
            }
        }

        boolean busy() {
            return !asked.isEmpty() || !running.isEmpty();
        }

        void answerOne() {
            if (asked.isEmpty() || !running.isEmpty() && random.nextInt(4) == 0) {
                String name = running.stream().sorted().toList().get(random.nextInt(running.size()));
                if (random.nextBoolean()) {
                    tell(new TaskEvent.HealthSeen(name, Health.Status.HEALTHY, ""));
                } else {
                    end(name);
                }
                return;
            }
            boolean fails = random.nextInt(12) == 0;
            switch (asked.remove(random.nextInt(asked.size()))) {
                case TaskAction.Provide() -> {
                    if (state.awsvpc()) {
                        tell(new TaskEvent.NamespaceFound("pause"));
                    }
                    tell(fails ? new TaskEvent.ProvideFailed("failed") : new TaskEvent.Provided());
                }
                case TaskAction.Pull(var name) -> tell(fails
                        ? new TaskEvent.PullFailed(name, "failed") : new TaskEvent.Pulled(name, Optional.empty()));
                case TaskAction.Create(var name) -> {
                    assertThat(created.add(name)).as("created once").isTrue();
                    tell(fails ? new TaskEvent.CreateFailed(name, "failed") : new TaskEvent.Created(name, "id-"
                            + name));
                }
                case TaskAction.Start(var name) -> start(name, fails);
                case TaskAction.Stop(var name, var timeout) -> end(name);
                case TaskAction.Submit s -> throw new AssertionError(s);
                case TaskAction.PublishHealth p -> throw new AssertionError(p);
                case TaskAction.Release r -> throw new AssertionError(r);
            }
        }

        private void start(String name, boolean fails) {
            assertThat(created).contains(name);
            if (fails) {
                tell(new TaskEvent.StartFailed(name, "failed"));
                return;
            }
            assertThat(running.add(name)).as("started once").isTrue();
            if (random.nextInt(5) == 0) {
                // Its end is told before its start.
                end(name);
            }
            tell(new TaskEvent.Started(name, List.of()));
        }

        private void end(String name) {
            if (running.remove(name)) {
                tell(new TaskEvent.Exited(name, Optional.of(random.nextInt(2)), ""));
            }
        }
    }
}
