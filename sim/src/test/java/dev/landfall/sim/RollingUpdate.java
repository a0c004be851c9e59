package dev.landfall.sim;

import dev.landfall.ecs.task.TaskRow;
import java.time.Duration;
import java.util.List;
import software.amazon.awssdk.services.ecs.model.DeploymentRolloutState;

/**
 * A service of some tasks that is brought to a new revision within its percentages.
 *
 * @param most as many tasks are wanted at a time, and it comes to that
 * @param least as many are healthy at any time, and it comes to that
 */
record RollingUpdate(int count, int min, int max, int most, int least) {
    static final List<RollingUpdate> ALL = List.of(
            new RollingUpdate(1, 100, 200, 2, 1),
            new RollingUpdate(1, 0, 100, 1, 0),
            new RollingUpdate(1, 50, 200, 2, 1), // half a task is rounded up
            new RollingUpdate(1, 0, 200, 1, 0),
            new RollingUpdate(3, 100, 200, 6, 3),
            new RollingUpdate(3, 50, 100, 3, 2),
            new RollingUpdate(3, 0, 100, 3, 0),
            new RollingUpdate(3, 100, 150, 4, 3), // four and a half are rounded down
            new RollingUpdate(3, 50, 150, 4, 2),
            new RollingUpdate(3, 66, 133, 3, 2),
            new RollingUpdate(3, 34, 200, 5, 2),
            new RollingUpdate(10, 100, 200, 20, 10),
            new RollingUpdate(10, 50, 100, 10, 5),
            new RollingUpdate(10, 50, 200, 15, 5),
            new RollingUpdate(10, 0, 100, 10, 0),
            new RollingUpdate(10, 100, 110, 11, 10),
            new RollingUpdate(10, 75, 125, 12, 8),
            new RollingUpdate(10, 99, 101, 10, 10), // neither up nor down
            new RollingUpdate(100, 100, 200, 200, 100),
            new RollingUpdate(100, 50, 100, 100, 50),
            new RollingUpdate(100, 100, 101, 101, 100),
            new RollingUpdate(100, 99, 100, 100, 99),
            new RollingUpdate(100, 33, 133, 133, 33),
            new RollingUpdate(100, 0, 100, 100, 0));

    long seed() {
        return count * 31L + min * 7L + max;
    }

    /** Whether the percentages leave room for one task more or less. */
    boolean moves() {
        return most != least;
    }

    /** The service with all its tasks, at rest. */
    Town begin(Simulation simulation) {
        var town = new Town(simulation);
        town.machines(4);
        town.create("web", town.definition("ok"), count, Scenario.percentages(min, max));
        simulation.settle();
        return town;
    }

    /** Has it updated, up to the state in which all has come to rest. */
    void roll(Town town) {
        List<TaskRow> before = town.live("web");
        String next = town.definition("ok");
        town.update("web", request -> request.taskDefinition(next));
        if (moves()) {
            town.simulation().settle();
            List<TaskRow> after = town.live("web");
            require(after.size() == count
                    && after.stream().allMatch(row -> row.task().taskDefinitionArn().equals(next)),
                    after.size() + " tasks, not all of the new revision");
        } else {
            town.simulation().run(Duration.ofMinutes(3));
            require(town.live("web").equals(before), "tasks were replaced where none may be");
            require(town.service("web").deployments().getFirst().rolloutState()
                    == DeploymentRolloutState.IN_PROGRESS, "the rollout has ended and nothing was replaced");
        }
    }

    private static void require(boolean held, String otherwise) {
        if (!held) {
            throw new Violation("rollout", otherwise);
        }
    }

    @Override
    public String toString() {
        return count + " tasks at " + min + " %, " + max + " %";
    }
}
