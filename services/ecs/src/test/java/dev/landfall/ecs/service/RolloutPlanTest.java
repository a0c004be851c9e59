package dev.landfall.ecs.service;

import static org.assertj.core.api.Assertions.assertThat;

import dev.landfall.ecs.service.RolloutPlan.Circumstances;
import dev.landfall.ecs.service.RolloutPlan.Target;
import dev.landfall.ecs.task.TaskRow;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
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
                .taskArn(id).availabilityZone("a").lastStatus(lastStatus).desiredStatus("RUNNING")
                .createdAt(Instant.ofEpochSecond(1_000_000 - age))
                .healthStatus(health)
                .containers(Container.builder().name("web").healthStatus(health == HealthStatus.UNKNOWN ? null : health)
                        .build())
                .build();
        return new TaskRow(task, "instance", "service", deployment, "", health != HealthStatus.UNKNOWN);
    }

    /**
     * Letters are tasks, oldest first: O/N run in the old or new deployment, o/n are pending, U is new and unhealthy,
     * L/l is new and its instance is being drained.
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
        "3, 50,  110, OOO,   0, O0,    false", // 3.3 is rounded down to 3, 1.5 up to 2
        "1, 100, 150, N,     0, -,     true",
        "1, 100, 150, O,     0, -,     false", // 1.5 is rounded down: no room, and none to spare
        "1, 1,   199, O,     0, -,     false",
        "1, 1,   200, O,     1, -,     false",
        "4, 50,  100, UUUU,  0, U0,    false", // no room for replacements: one at a time,
        "4, 50,  100, UUU,   1, -,     false",
        "4, 50,  100, UUUn,  0, -,     false", // the next when the replacement of the last is healthy
        "4, 50,  100, UUUN,  0, U0,    false",
        "4, 100, 125, UUUU,  1, -,     false", // with room the replacement comes first,
        "4, 100, 125, UUUUn, 0, -,     false",
        "4, 100, 125, UUUUN, 0, U0,    false", // and one goes for each that is healthy
        "4, 100, 200, UUNNn, 1, -,     false",
        "4, 100, 200, UUNNN, 1, U0,    false",
        "1, 100, 200, UU,    0, U0,    false", // a replacement that is unhealthy too: back to the desired count
        "2, 100, 200, UUUU,  0, U0 U1, false",
        "2, 0,   200, OO,    2, O0 O1, false", // nothing need be healthy: old and new change at once
    })
    void plans(int desired, int min, int max, String live, int start, String stop, boolean complete) {
        RolloutPlan plan = RolloutPlan.of(new Target(desired, min, max, "new"), tasks(live == null ? "" : live),
                Circumstances.none());
        assertThat(plan.start()).as("start").isEqualTo(start);
        assertThat(String.join(" ", plan.stop().stream().map(TaskRow::arn).toList()))
                .as("stop").isEqualTo(stop == null ? "" : stop);
        assertThat(plan.complete()).as("complete").isEqualTo(complete);
    }

    @ParameterizedTest(name = "desired {0}, {1}-{2} %, {3}, protected {4}: start {5}, stop {6}, spared {7}")
    @CsvSource(nullValues = "-", value = {
        "1, 100, 200, NNN, N2,    0, N1 N0, -", // scaled in around the protected one
        "1, 100, 200, NNN, N1 N2, 0, N0,    N1", // as far as that goes
        "0, 100, 200, NN,  N0,    0, N1,    N0",
        "2, 100, 200, NNn, n2,    0, -,     -", // the others are needed until it runs
        "2, 50,  200, NNn, n2,    0, N1,    -",
        "2, 100, 200, NN,  N0 N1, 0, -,     -",
        "2, 100, 200, OO,  O0,    2, -,     O0", // a rollout starts what is new beside the protected
        "2, 100, 200, OONN, O0,   0, O1,    O0",
        "2, 0,   100, OO,  O0 O1, 0, -,     O0 O1", // and cannot if there is no room
        "1, 100, 200, UN,  U0,    0, U0,    -", // an unhealthy one is replaced all the same
        "2, 100, 200, LN,  -,     1, -,     -", // its instance is being drained
        "2, 100, 200, LNN, -,     0, L0,    -",
        "2, 100, 200, LNN, L0,    0, -,     L0",
        "2, 100, 200, lN,  -,     1, l0,    -", // not running yet: stopped at once
        "2, 50,  100, LN,  -,     0, L0,    -",
        "2, 50,  100, LL,  -,     0, L0,    -",
    })
    void sparesTheProtected(int desired, int min, int max, String live, String protectedTasks, int start, String stop,
            String spared) {
        List<String> names = protectedTasks == null ? List.of() : List.of(protectedTasks.split(" "));
        RolloutPlan plan = RolloutPlan.of(new Target(desired, min, max, "new"), tasks(live),
                new Circumstances(task -> task.arn().toUpperCase().startsWith("L"),
                        task -> names.contains(task.arn()), ScaleIn.byDefault()));
        assertThat(plan.start()).as("start").isEqualTo(start);
        assertThat(plan.stop()).as("stop").extracting(TaskRow::arn)
                .containsExactly(stop == null ? new String[0] : stop.split(" "));
        assertThat(plan.spared()).as("spared").extracting(TaskRow::arn)
                .containsExactly(spared == null ? new String[0] : spared.split(" "));
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
        var leaving = new TreeSet<String>();
        var spared = new TreeSet<String>();
        var around = new Circumstances(task -> leaving.contains(task.arn()), task -> spared.contains(task.arn()),
                ScaleIn.byDefault());
        String deployment = "d0";
        int made = 0;
        for (int step = 0; step < 200; step++) {
            boolean calm = step >= 100;
            if (!calm && random.nextInt(20) == 0) {
                deployment = "d" + step;
            }
            if (calm) {
                spared.clear(); // protection ends
            }
            RolloutPlan plan = RolloutPlan.of(
                    new Target(desired, min, max, deployment), List.copyOf(live.values()), around);
            assertThat(plan.stop()).as("seed %d", seed).doesNotHaveDuplicates().allMatch(task ->
                    !spared.contains(task.arn()) || task.unhealthy());
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
            live.keySet().forEach(task -> {
                if (!calm && random.nextInt(15) == 0) {
                    (random.nextBoolean() ? leaving : spared).add(task);
                }
            });
        }
        if (canMove) {
            RolloutPlan plan = RolloutPlan.of(
                    new Target(desired, min, max, deployment), List.copyOf(live.values()), around);
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
