package dev.landfall.ecs.service;

import static org.assertj.core.api.Assertions.assertThat;

import dev.landfall.ecs.service.ScaleIn.Rule;
import dev.landfall.ecs.task.TaskRow;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.services.ecs.model.CapacityProviderStrategyItem;
import software.amazon.awssdk.services.ecs.model.Container;
import software.amazon.awssdk.services.ecs.model.HealthStatus;
import software.amazon.awssdk.services.ecs.model.Task;

class ScaleInTest {
    private static TaskRow task(String name, String zone, String instance, String lastStatus, HealthStatus health,
            int second) {
        var task = Task.builder().taskArn(name).availabilityZone(zone).lastStatus(lastStatus).desiredStatus("RUNNING")
                .createdAt(Instant.ofEpochSecond(second)).healthStatus(health)
                .containers(Container.builder().name("web").build()).build();
        return new TaskRow(task, instance, "service", "d", "", health != HealthStatus.UNKNOWN);
    }

    /** {@code a1} is a task in zone a on its first instance, oldest first; {@code a1p} is pending, {@code a1u} sick. */
    private static List<TaskRow> tasks(String places) {
        var tasks = new ArrayList<TaskRow>();
        for (String place : places.split(" ")) {
            boolean sick = place.endsWith("u");
            tasks.add(task(tasks.size() + ":" + place, place.substring(0, 1), place.substring(0, 2),
                    place.endsWith("p") ? "PENDING" : "RUNNING",
                    sick ? HealthStatus.UNHEALTHY : HealthStatus.UNKNOWN, tasks.size()));
        }
        return tasks;
    }

    @ParameterizedTest(name = "of {0} stop {1}: {2}")
    @CsvSource({
        "a1 a1 b1,        1, 1:a1", // the fullest zone
        "a1 b1 b2 b1,     1, 3:b1", // there the fullest instance
        "a1 a2 a3 b1 b1,  1, 2:a3", // the zone counts first, then the youngest
        "a1 a1 a1 b1,     2, 2:a1 1:a1", // each in view of what is left
        "a1 a1 b1 b1,     3, 3:b1 1:a1 2:b1",
        "a1 a1 b1p,       1, 2:b1p", // what does not run goes first
        "a1 a1 b1u,       1, 2:b1u",
        "a1p a1u a1,      2, 0:a1p 1:a1u",
        "a1 b1,           0, ''",
        "a1 b1,           9, 1:b1 0:a1",
    })
    void balancesZonesThenInstances(String places, int count, String stopped) {
        List<TaskRow> live = tasks(places);
        assertThat(ScaleIn.byDefault().choose(live, count, live, ScaleIn.YOUNGEST)).extracting(TaskRow::arn)
                .containsExactly(stopped.isEmpty() ? new String[0] : stopped.split(" "));
    }

    @Test
    void theOldestGoFirstWhereThatIsAsked() {
        List<TaskRow> live = tasks("a1 a1 a1");
        assertThat(ScaleIn.byDefault().choose(live, 1, live, ScaleIn.OLDEST)).containsExactly(live.getFirst());
    }

    @Test
    void tasksThatMayNotGoCountAsWell() {
        List<TaskRow> live = tasks("a1 a1 a1 b1 b1 b1 b1");
        assertThat(ScaleIn.byDefault().choose(live.subList(0, 4), 1, live, ScaleIn.YOUNGEST))
                .containsExactly(live.get(3));
    }

    /** Of six tasks on one provider and two on another that should have three each, the first gives up both. */
    @Test
    void surplusCapacityGoesBeforeEverythingElse() {
        List<TaskRow> live = new ArrayList<>();
        for (TaskRow row : tasks("a1 a1 a1 a1 a1 a1 b1 b1p")) {
            String provider = row.instanceArn().equals("a1") ? "much" : "little";
            live.add(row.with(row.task().toBuilder().capacityProviderName(provider).build()));
        }
        List<CapacityProviderStrategyItem> strategy = Stream.of("much", "little")
                .map(name -> CapacityProviderStrategyItem.builder().capacityProvider(name).weight(1).build()).toList();
        var surplus = Surplus.of(live.getFirst().deploymentId(), strategy, Map.of("much", 6, "little", 2), 6);
        var scaleIn = ScaleIn.byDefault().with(surplus);
        assertThat(scaleIn.choose(live, 2, live, ScaleIn.YOUNGEST)).extracting(TaskRow::instanceArn)
                .containsExactly("a1", "a1");
        assertThat(scaleIn.choose(live, 4, live, ScaleIn.YOUNGEST)).extracting(TaskRow::instanceArn)
                .containsExactly("a1", "a1", "a1", "a1");
        assertThat(scaleIn.choose(live, 5, live, ScaleIn.YOUNGEST)).extracting(TaskRow::instanceArn)
                .as("from here on both have lost as much").containsOnlyOnce("b1");
        var another = new Surplus("ecs-svc/other", surplus.byProvider());
        assertThat(ScaleIn.byDefault().with(another).choose(live, 1, live, ScaleIn.YOUNGEST))
                .as("a strategy counts for its own deployment").isEqualTo(
                        ScaleIn.byDefault().choose(live, 1, live, ScaleIn.YOUNGEST));
    }

    @Test
    void binpackEmptiesTheInstanceThatHasTheMostLeft() {
        List<TaskRow> live = tasks("a1 a1 b1 b1");
        var scaleIn = ScaleIn.by(List.of(new Rule.Pack(task -> task.instanceArn().equals("a1") ? 50 : 60, 20)));
        assertThat(scaleIn.choose(live, 2, live, ScaleIn.OLDEST)).extracting(TaskRow::instanceArn)
                .containsExactly("b1", "b1");
    }

    /** With as many stopped as were asked for, no other choice leaves the zones more even. */
    @Property(tries = 500)
    void leavesTheZonesAsEvenAsCanBe(@ForAll long seed, @ForAll @IntRange(min = 1, max = 30) int size) {
        var random = new Random(seed);
        var live = new ArrayList<TaskRow>();
        for (int i = 0; i < size; i++) {
            String zone = String.valueOf((char) ('a' + random.nextInt(4)));
            live.add(task("t" + i, zone, zone + random.nextInt(3), "RUNNING", HealthStatus.UNKNOWN, i));
        }
        int count = random.nextInt(size + 1);
        List<TaskRow> stopped = ScaleIn.byDefault().choose(live, count, live, ScaleIn.YOUNGEST);
        assertThat(stopped).hasSize(count).doesNotHaveDuplicates();

        var before = zones(live);
        var left = new ArrayList<>(live);
        left.removeAll(stopped);
        var after = zones(left);
        // Zones are cut to one level: whoever lost a task has no fewer than the fullest, or one less.
        int fullest = after.values().stream().mapToInt(each -> each).max().orElse(0);
        before.forEach((zone, had) -> {
            int has = after.getOrDefault(zone, 0);
            assertThat(has).as("zone %s, seed %d", zone, seed).isLessThanOrEqualTo(fullest);
            assertThat(has == had || has >= fullest - 1).as("zone %s, seed %d", zone, seed).isTrue();
        });
    }

    private static TreeMap<String, Integer> zones(List<TaskRow> tasks) {
        var zones = new TreeMap<String, Integer>();
        tasks.forEach(task -> zones.merge(task.task().availabilityZone(), 1, Integer::sum));
        return zones;
    }
}
