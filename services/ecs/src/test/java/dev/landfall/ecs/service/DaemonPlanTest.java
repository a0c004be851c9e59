package dev.landfall.ecs.service;

import static org.assertj.core.api.Assertions.assertThat;

import dev.landfall.ecs.service.DaemonPlan.Circumstances;
import dev.landfall.ecs.service.DaemonPlan.Fleet;
import dev.landfall.ecs.service.DaemonPlan.Standing;
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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.services.ecs.model.Container;
import software.amazon.awssdk.services.ecs.model.HealthStatus;
import software.amazon.awssdk.services.ecs.model.Task;

class DaemonPlanTest {
    private static TaskRow task(String id, String instance, String deployment, String lastStatus, HealthStatus health,
            int second) {
        var task = Task.builder().taskArn(id).lastStatus(lastStatus).desiredStatus("RUNNING").availabilityZone("a")
                .createdAt(Instant.ofEpochSecond(second)).healthStatus(health)
                .containers(Container.builder().name("web").build()).build();
        return new TaskRow(task, instance, "service", deployment, "", health != HealthStatus.UNKNOWN);
    }

    /** {@code 1N}: on instance 1 a new task runs; O is old, n and o are pending, U is new and unhealthy. */
    private static List<TaskRow> tasks(String words) {
        var tasks = new ArrayList<TaskRow>();
        for (String word : words.isEmpty() ? new String[0] : words.split(" ")) {
            char letter = word.charAt(1);
            tasks.add(task(word + tasks.size(), word.substring(0, 1), "Oo".indexOf(letter) >= 0 ? "old" : "new",
                    Character.isUpperCase(letter) ? "RUNNING" : "PENDING",
                    letter == 'U' ? HealthStatus.UNHEALTHY : HealthStatus.UNKNOWN, tasks.size()));
        }
        return tasks;
    }

    /** Instances D are being drained with other tasks, E without; M is misplaced. */
    private static Circumstances around(String spared) {
        return new Circumstances() {
            @Override
            public Standing standing(TaskRow task) {
                return switch (task.instanceArn()) {
                    case "D" -> Standing.DRAINING;
                    case "E" -> Standing.DRAINED;
                    case "M" -> Standing.MISPLACED;
                    default -> Standing.QUALIFIES;
                };
            }

            @Override
            public boolean spared(TaskRow task) {
                return List.of(spared.split(" ")).contains(task.arn());
            }
        };
    }

    @ParameterizedTest(name = "{0} at {1} %, {2}: start on {3}, stop {4}")
    @CsvSource(nullValues = "-", value = {
        "1 2 3, 0,   -,              1 2 3, -,           false", // a new service
        "1 2,   0,   1N,             2,     -,           false", // an instance came
        "1 2,   0,   1N 2n,          -,     -,           false",
        "1 2,   0,   1N 2N,          -,     -,           true",
        "1,     0,   1N EN,          -,     EN1,         true", // a drained instance loses its daemon,
        "1,     0,   1N DN,          -,     -,           true", // which stops last
        "1,     0,   1N MN,          -,     MN1,         false",
        "1 2,   0,   1O 2O,          -,     1O0 2O1,     false", // all at once: nothing need be healthy
        "1 2,   50,  1O 2O,          -,     1O0,         false", // half of them
        "1 2,   51,  1O 2O,          -,     -,           false", // rounded up: stuck, as in ECS
        "1 2 3, 50,  1O 2O 3N,       -,     1O0,         false",
        "1 2 3, 50,  2O 3n,          1,     -,           false", // below already
        "1 2,   99,  1o 2O,          -,     1o0,         false", // what does not run holds up nothing
        "1 2,   0,   1O 1N 2N,       -,     1O0,         true", // two on one instance: the new one stays,
        "1,     0,   1N 1N,          -,     1N1,         true", // else the older,
        "1,     0,   1n 1N,          -,     1n0,         true", // but the healthy before the others
        "1 2,   0,   1U 2U,          -,     1U0,         false", // one at a time
        "1 2,   0,   2U,             1,     2U0,         false",
        "1 2,   0,   1n 2U,          -,     -,           false",
        "1 2,   0,   1N 2U,          -,     2U1,         false",
        "-,     0,   -,              -,     -,           true", // no instance: nothing to do
        "-,     0,   MN,             -,     MN0,         false",
    })
    void plans(String qualified, int min, String live, String start, String stop, boolean complete) {
        DaemonPlan plan = DaemonPlan.of(new Fleet(set(qualified), instance -> false), min, "new",
                tasks(live == null ? "" : live), around(""));
        assertThat(String.join(" ", plan.start())).as("start").isEqualTo(start == null ? "" : start);
        assertThat(plan.stop()).as("stop").extracting(TaskRow::arn)
                .containsExactly(stop == null ? new String[0] : stop.split(" "));
        assertThat(plan.complete()).as("complete").isEqualTo(complete);
    }

    private static TreeSet<String> set(String words) {
        return words == null ? new TreeSet<>() : new TreeSet<>(List.of(words.split(" ")));
    }

    @ParameterizedTest(name = "{0}, protected {1}: stop {2}")
    @CsvSource(nullValues = "-", value = {
        "1O 2O, 1O0,     2O1",
        "1O 2O, 1O0 2O1, -",
        "1U,    1U0,     1U0", // an unhealthy one is replaced all the same
    })
    void sparesTheProtected(String live, String protectedTasks, String stop) {
        DaemonPlan plan = DaemonPlan.of(new Fleet(set("1 2"), instance -> false), 0, "new", tasks(live),
                around(protectedTasks));
        assertThat(plan.stop()).extracting(TaskRow::arn)
                .containsExactly(stop == null ? new String[0] : stop.split(" "));
    }

    @Test
    void waitsForWhatHasNotStoppedYet() {
        DaemonPlan plan = DaemonPlan.of(new Fleet(set("1 2"), "1"::equals), 0, "new", List.of(), around(""));
        assertThat(plan.start()).containsExactly("2");
        assertThat(plan.complete()).isFalse();
    }

    /** Instances come and go, tasks die and sicken, deployments change; afterwards each instance has its one task. */
    @Property(tries = 300)
    void keepsTheBoundAndComesToRest(@ForAll long seed, @ForAll @IntRange(min = 0, max = 100) int min) {
        var random = new Random(seed);
        var fleet = new TreeSet<String>();
        Map<String, TaskRow> live = new TreeMap<>();
        String deployment = "d0";
        for (int step = 0; step < 160; step++) {
            boolean calm = step >= 80;
            if (!calm && random.nextInt(10) == 0) {
                deployment = "d" + step;
            }
            if (!calm && random.nextInt(5) == 0) {
                String instance = "i" + random.nextInt(8);
                if (!fleet.remove(instance)) {
                    fleet.add(instance);
                }
            }
            DaemonPlan plan = plan(fleet, min, deployment, live);
            long before = healthy(live, fleet);
            int floor = Math.ceilDiv(fleet.size() * min, 100);
            plan.stop().forEach(task -> live.remove(task.arn()));
            assertThat(healthy(live, fleet)).as("healthy after stops, seed %d", seed)
                    .isGreaterThanOrEqualTo(Math.min(before, floor));
            for (String instance : plan.start()) {
                assertThat(live.values()).as("one each, seed %d", seed)
                        .noneMatch(task -> task.instanceArn().equals(instance));
                String id = "t%d-%s".formatted(step, instance);
                live.put(id, task(id, instance, deployment, "PENDING", HealthStatus.UNKNOWN, step));
            }
            happen(live, random, calm);
        }
        DaemonPlan plan = plan(fleet, min, deployment, live);
        boolean canMove = Math.ceilDiv(fleet.size() * min, 100) < fleet.size();
        if (canMove || live.isEmpty()) {
            assertThat(plan.complete()).as("at rest, seed %d", seed).isEqualTo(true);
            assertThat(live.values()).extracting(TaskRow::instanceArn).containsExactlyInAnyOrderElementsOf(fleet);
        }
    }

    private static DaemonPlan plan(TreeSet<String> fleet, int min, String deployment, Map<String, TaskRow> live) {
        return DaemonPlan.of(new Fleet(fleet, instance -> false), min, deployment, List.copyOf(live.values()),
                new Circumstances() {
                    @Override
                    public Standing standing(TaskRow task) {
                        return fleet.contains(task.instanceArn()) ? Standing.QUALIFIES : Standing.DRAINED;
                    }

                    @Override
                    public boolean spared(TaskRow task) {
                        return false;
                    }
                });
    }

    private static void happen(Map<String, TaskRow> live, Random random, boolean calm) {
        for (TaskRow task : List.copyOf(live.values())) {
            int fate = random.nextInt(10);
            if (!calm && fate == 0) {
                live.remove(task.arn());
            } else if (!calm && fate == 1 && task.running()) {
                live.put(task.arn(), task.with(task.task().toBuilder().healthStatus(HealthStatus.UNHEALTHY).build()));
            } else if (fate > 4) {
                live.put(task.arn(), task.with(task.task().toBuilder().lastStatus("RUNNING").build()));
            }
        }
    }

    private static long healthy(Map<String, TaskRow> live, TreeSet<String> fleet) {
        return live.values().stream().filter(task -> task.healthy() && fleet.contains(task.instanceArn())).count();
    }
}
