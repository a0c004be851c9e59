package dev.landfall.ecs.service;

import static org.assertj.core.api.Assertions.assertThat;

import dev.landfall.ecs.task.TaskRow;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.services.ecs.model.Container;
import software.amazon.awssdk.services.ecs.model.HealthStatus;
import software.amazon.awssdk.services.ecs.model.Task;

class RolloutPlanTest {
    private static TaskRow task(String id, String deployment, String lastStatus, HealthStatus health, int age) {
        var task = Task.builder()
                .taskArn(id).lastStatus(lastStatus).desiredStatus("RUNNING")
                .createdAt(Instant.ofEpochSecond(1_000_000 - age))
                .healthStatus(health)
                .containers(Container.builder().name("web").healthStatus(health == HealthStatus.UNKNOWN ? null : health)
                        .build())
                .build();
        return new TaskRow(task, "instance", "service", deployment, "", health != HealthStatus.UNKNOWN);
    }

    /**
     * Letters are tasks, oldest first: O/N run in the old or new deployment, o/n are pending, U is new and unhealthy.
     */
    private static List<TaskRow> tasks(String letters) {
        var tasks = new ArrayList<TaskRow>();
        for (int i = 0; i < letters.length(); i++) {
            char letter = letters.charAt(i);
            tasks.add(task(letter + String.valueOf(i),
                    "Oo".indexOf(letter) >= 0 ? "old" : "new",
                    Character.isUpperCase(letter) ? "RUNNING" : "PENDING",
                    letter == 'U' ? HealthStatus.UNHEALTHY : HealthStatus.UNKNOWN,
                    letters.length() - i));
        }
        return tasks;
    }

    @ParameterizedTest(name = "desired {0}, {1}-{2} %, {3}: start {4}, stop {5}")
    @CsvSource(nullValues = "-", value = {
        "2, 100, 200, -,     2, -,     false", // a new service
        "2, 100, 200, nn,    0, -,     false",
        "2, 100, 200, NN,    0, -,     true",
        "2, 100, 200, OO,    2, -,     false", // a rollout doubles up,
        "2, 100, 200, OOnn,  0, -,     false",
        "2, 100, 200, OONn,  0, O0,    false", // and stops an old one for each new one that runs
        "2, 100, 200, OONN,  0, O0 O1, false",
        "1, 100, 200, O,     1, -,     false",
        "1, 0,   100, O,     0, O0,    false", // no room: stop before start
        "1, 50,  100, O,     0, -,     false", // at least one must run, at most one may: stuck, as in ECS
        "3, 50,  150, OOO,   1, O0,    false",
        "3, 50,  150, OOn,   1, -,     false",
        "4, 50,  100, OOOO,  0, O0 O1, false",
        "0, 100, 200, NN,    0, N1 N0, false", // scaled to zero, the youngest first
        "2, 100, 200, NNn,   0, n2,    false", // scale in takes what does not run yet
        "2, 100, 200, NNNN,  0, N3 N2, false",
        "1, 100, 200, U,     1, -,     false", // an unhealthy one waits for its replacement,
        "1, 100, 200, Un,    0, -,     false",
        "1, 100, 200, UN,    0, U0,    false", // and goes when that runs
        "1, 0,   100, U,     0, U0,    false", // unless there is no room for one
        "2, 100, 200, oo,    2, o0 o1, false", // an unfinished rollout is given up for the next
    })
    void plans(int desired, int min, int max, String live, int start, String stop, boolean complete) {
        RolloutPlan plan = RolloutPlan.of(desired, min, max, "new", tasks(live == null ? "" : live), task -> false);
        assertThat(plan.start()).as("start").isEqualTo(start);
        assertThat(String.join(" ", plan.stop().stream().map(TaskRow::arn).toList()))
                .as("stop").isEqualTo(stop == null ? "" : stop);
        assertThat(plan.complete()).as("complete").isEqualTo(complete);
    }

    /** Plays a service through random rollouts and failures, and checks the bounds at each step and rest at the end. */
    @Property(tries = 300)
    void keepsTheBoundsAndComesToRest(
            @ForAll @IntRange(min = 0, max = 12) int desired,
            @ForAll @IntRange(min = 0, max = 100) int min,
            @ForAll @IntRange(min = 0, max = 150) int above,
            @ForAll long seed) {
        int max = Math.max(100, min + above);
        int ceiling = desired * max / 100;
        int floor = Math.ceilDiv(desired * min, 100);
        boolean canMove = desired == 0 || ceiling > desired || floor < desired;
        var random = new Random(seed);
        Map<String, TaskRow> live = new TreeMap<>();
        String deployment = "d0";
        int made = 0;
        for (int step = 0; step < 200; step++) {
            boolean calm = step >= 100;
            if (!calm && random.nextInt(20) == 0) {
                deployment = "d" + step;
            }
            RolloutPlan plan = RolloutPlan.of(desired, min, max, deployment, List.copyOf(live.values()), task -> false);
            long healthyBefore = healthy(live);
            plan.stop().forEach(task -> live.remove(task.arn()));
            if (plan.stop().stream().anyMatch(RolloutPlanTest::runs)) {
                assertThat(healthy(live)).as("healthy after stops, seed %d", seed)
                        .isGreaterThanOrEqualTo(Math.min(healthyBefore, floor));
            }
            if (plan.start() > 0) {
                assertThat(live.size() + plan.stop().size() + plan.start())
                        .as("live after starts, seed %d", seed).isLessThanOrEqualTo(ceiling);
            }
            for (int i = 0; i < plan.start(); i++) {
                String id = "t%05d".formatted(made++);
                live.put(id, task(id, deployment, "PENDING", HealthStatus.UNKNOWN, 100_000 - made));
            }
            happen(live, random, calm);
        }
        if (canMove) {
            RolloutPlan plan = RolloutPlan.of(desired, min, max, deployment, List.copyOf(live.values()), task -> false);
            assertThat(plan.complete()).as("at rest, seed %d: %s", seed, live.keySet()).isTrue();
            assertThat(plan.start()).isZero();
            assertThat(plan.stop()).isEmpty();
        }
    }

    /** Pending tasks come to run; in a storm some die or turn unhealthy. */
    private static void happen(Map<String, TaskRow> live, Random random, boolean calm) {
        for (TaskRow task : List.copyOf(live.values())) {
            int fate = random.nextInt(10);
            if (!calm && fate == 0) {
                live.remove(task.arn());
            } else if (!calm && fate == 1 && runs(task)) {
                live.put(task.arn(), task.with(task.task().toBuilder().healthStatus(HealthStatus.UNHEALTHY).build()));
            } else if (fate > 5) {
                live.put(task.arn(), task.with(task.task().toBuilder().lastStatus("RUNNING").build()));
            }
        }
    }

    private static long healthy(Map<String, TaskRow> live) {
        return live.values().stream().filter(RolloutPlanTest::runs).count();
    }

    private static boolean runs(TaskRow task) {
        return "RUNNING".equals(task.task().lastStatus()) && task.task().healthStatus() != HealthStatus.UNHEALTHY;
    }
}
