package dev.landfall.ecs.service;

import static org.assertj.core.api.Assertions.assertThat;

import dev.landfall.ecs.service.RebalancePlan.Step;
import dev.landfall.ecs.service.RolloutPlan.Circumstances;
import dev.landfall.ecs.task.TaskRow;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import java.util.stream.Collectors;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.services.ecs.model.Container;
import software.amazon.awssdk.services.ecs.model.HealthStatus;
import software.amazon.awssdk.services.ecs.model.Task;

class RebalancePlanTest {
    private static TaskRow task(String name, String zone, String lastStatus, HealthStatus health, int second) {
        var task = Task.builder().taskArn(name).availabilityZone(zone).lastStatus(lastStatus).desiredStatus("RUNNING")
                .createdAt(Instant.ofEpochSecond(second)).healthStatus(health)
                .containers(Container.builder().name("web").build()).build();
        return new TaskRow(task, zone + "1", "service", "d", "", health != HealthStatus.UNKNOWN);
    }

    /** Letters are tasks in zones a, b and c: A runs, a is pending, X is unhealthy, P runs in a and is protected. */
    private static List<TaskRow> tasks(String letters) {
        var tasks = new ArrayList<TaskRow>();
        for (int i = 0; i < letters.length(); i++) {
            char letter = letters.charAt(i);
            String zone = letter == 'X' || letter == 'P' ? "a" : String.valueOf(letter).toLowerCase();
            tasks.add(task(i + String.valueOf(letter), zone, Character.isUpperCase(letter) ? "RUNNING" : "PENDING",
                    letter == 'X' ? HealthStatus.UNHEALTHY : HealthStatus.UNKNOWN, i));
        }
        return tasks;
    }

    private static final Circumstances AROUND =
            new Circumstances(task -> false, task -> task.arn().endsWith("P"), ScaleIn.byDefault());

    private static String text(Step step) {
        return switch (step) {
            case Step.Rest() -> "rest";
            case Step.Wait() -> "wait";
            case Step.Unfit() -> "unfit";
            case Step.Start(var moves) -> "start "
                    + moves.stream().map(RebalancePlan.Move::zone).collect(Collectors.joining(" "));
            case Step.Stop(var tasks) -> "stop " + names(tasks);
            case Step.Blocked(var tasks) -> "blocked " + names(tasks);
        };
    }

    private static String names(List<TaskRow> tasks) {
        return tasks.stream().map(TaskRow::arn).collect(Collectors.joining(" "));
    }

    @ParameterizedTest(name = "desired {0} of at most {1}, {2} over {3}: {4}")
    @CsvSource({
        "3, 6,  ABC,     abc, rest",
        "4, 8,  AABC,    abc, rest", // even but for one
        "2, 4,  AA,      ab,  start b", // a zone came
        "3, 6,  AAA,     abc, start b c",
        "3, 4,  AAA,     abc, start b", // as far as maximumPercent goes
        "3, 3,  AAA,     abc, rest", // no room at all
        "6, 12, AAABBB,  abc, start c c",
        "6, 12, AAAABB,  ab,  start b",
        "3, 6,  AAA,     a,   rest",
        "3, 6,  AAb,     ab,  unfit", // not all run yet
        "3, 6,  AAX,     ab,  unfit",
        "3, 6,  AA,      ab,  unfit", // one is missing
        "3, 6,  AAAb,    ab,  wait",
        "3, 6,  AAAB,    ab,  stop 0A",
        "3, 6,  AAABC,   abc, stop 0A 1A",
        "6, 12, AAABBBCC, abc, stop 0A 3B",
        "3, 6,  CCC,     ab,  start a b", // its own zone takes no more tasks
        "3, 6,  PPP,     ab,  blocked 0P 1P 2P",
        "3, 6,  PPA,     ab,  start b",
        "3, 6,  PPAB,    ab,  stop 2A",
        "3, 6,  PPPB,    ab,  blocked 0P 1P 2P",
        "0, 0,  '',      ab,  rest",
    })
    void nextStep(int desired, int ceiling, String live, String zones, String step) {
        var all = new TreeSet<>(List.of(zones.split("")));
        assertThat(text(RebalancePlan.next(desired, ceiling, tasks(live), all, AROUND))).isEqualTo(step);
    }

    /** From any start it comes to even zones, never above the ceiling nor below the desired count. */
    @Property(tries = 300)
    void evensOut(@ForAll long seed, @ForAll @IntRange(min = 1, max = 20) int desired,
            @ForAll @IntRange(min = 1, max = 20) int room) {
        var random = new Random(seed);
        var zones = new TreeSet<>(List.of("a", "b", "c", "d").subList(0, 2 + random.nextInt(3)));
        var live = new ArrayList<TaskRow>();
        for (int i = 0; i < desired; i++) {
            String zone = List.copyOf(zones).get(random.nextInt(zones.size()));
            live.add(task("t" + i, zone, "RUNNING", HealthStatus.UNKNOWN, i));
        }
        for (int step = 0; step < 200; step++) {
            switch (RebalancePlan.next(desired, desired + room, List.copyOf(live), zones, AROUND)) {
                case Step.Start(var moves) -> moves.forEach(move -> live.add(task("s" + live.size() + "-"
                        + random.nextLong(), move.zone(), "PENDING", HealthStatus.UNKNOWN, 99)));
                case Step.Stop(var tasks) -> live.removeAll(tasks);
                case Step.Wait() -> live.replaceAll(task ->
                        task.with(task.task().toBuilder().lastStatus("RUNNING").build()));
                case Step.Rest() -> {
                    var counts = RebalancePlan.counts(live, zones).values();
                    assertThat(counts.stream().max(Integer::compare).orElseThrow()
                            - counts.stream().min(Integer::compare).orElseThrow()).isLessThanOrEqualTo(1);
                    return;
                }
                case Step.Blocked(var tasks) -> throw new AssertionError("none is protected: " + tasks);
                case Step.Unfit() -> throw new AssertionError("all are there and healthy");
            }
            assertThat(live.size()).as("seed %d", seed).isBetween(desired, desired + room);
        }
        throw new AssertionError("does not come to rest, seed " + seed);
    }
}
