package dev.landfall.sim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.landfall.ecs.EcsTables;
import dev.landfall.ecs.task.TaskRow;
import dev.landfall.state.Commit;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.services.ecs.model.DeploymentRolloutState;

/** How many tasks there are while a service rolls: at most and, of the healthy ones, at least. */
class RollingUpdateTest {
    private static final class Extremes {
        private int most;
        private int least = Integer.MAX_VALUE;

        void look(Commit commit) {
            int wanted = 0;
            int healthy = 0;
            for (TaskRow row : commit.after().all(EcsTables.TASKS)) {
                wanted += row.wanted() ? 1 : 0;
                healthy += row.wanted() && row.healthy() ? 1 : 0;
            }
            most = Math.max(most, wanted);
            least = Math.min(least, healthy);
        }
    }

    @ParameterizedTest(name = "{0} tasks at {1} %, {2} %: at most {3}, at least {4}")
    @CsvSource({
        // count, min, max, most, least
        "1,     100, 200,   2,   1",
        "1,       0, 100,   1,   0",
        "1,      50, 200,   2,   1", // half a task is rounded up
        "1,       0, 200,   1,   0",
        "3,     100, 200,   6,   3",
        "3,      50, 100,   3,   2",
        "3,       0, 100,   3,   0",
        "3,     100, 150,   4,   3", // four and a half are rounded down
        "3,      50, 150,   4,   2",
        "3,      66, 133,   3,   2",
        "3,      34, 200,   5,   2",
        "10,    100, 200,  20,  10",
        "10,     50, 100,  10,   5",
        "10,     50, 200,  15,   5",
        "10,      0, 100,  10,   0",
        "10,    100, 110,  11,  10",
        "10,     75, 125,  12,   8",
        "10,     99, 101,  10,  10", // neither up nor down: only the next test's kind of service moves
        "100,   100, 200, 200, 100",
        "100,    50, 100, 100,  50",
        "100,   100, 101, 101, 100",
        "100,    99, 100, 100,  99",
        "100,    33, 133, 133,  33",
        "100,     0, 100, 100,   0",
    })
    void keepsWithinItsBoundsAndUsesThem(int count, int min, int max, int most, int least) {
        var town = Town.of(count * 31 + min * 7 + max);
        town.machines(4);
        town.create("web", town.definition("ok"), count, Scenario.percentages(min, max));
        town.simulation().settle();
        List<TaskRow> before = town.live("web");

        var extremes = new Extremes();
        town.simulation().watch(extremes::look);
        String next = town.definition("ok");
        town.update("web", request -> request.taskDefinition(next));
        if (most == least) {
            town.simulation().run(Duration.ofMinutes(3));
            assertThat(town.live("web")).isEqualTo(before);
            assertThat(town.service("web").deployments().getFirst().rolloutState())
                    .isEqualTo(DeploymentRolloutState.IN_PROGRESS);
            return;
        }
        town.simulation().settle();

        assertThat(extremes.most).isEqualTo(most);
        assertThat(extremes.least).isEqualTo(least);
        assertThat(town.live("web")).hasSize(count)
                .allMatch(row -> row.task().taskDefinitionArn().equals(next));
    }
}
