package dev.landfall.sim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.landfall.ecs.EcsTables;
import dev.landfall.ecs.task.TaskRow;
import dev.landfall.state.Commit;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

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

    static List<RollingUpdate> all() {
        return RollingUpdate.ALL;
    }

    @ParameterizedTest
    @MethodSource("all")
    void keepsWithinItsBoundsAndUsesThem(RollingUpdate update) {
        Town town = update.begin(Simulation.of(update.seed()));
        var extremes = new Extremes();
        town.simulation().watch(extremes::look);

        update.roll(town);

        if (update.moves()) { // else no task changes at all
            assertThat(extremes.most).isEqualTo(update.most());
            assertThat(extremes.least).isEqualTo(update.least());
        }
    }
}
