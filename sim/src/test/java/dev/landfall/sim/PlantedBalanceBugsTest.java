package dev.landfall.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.landfall.ecs.EcsTables;
import dev.landfall.ecs.balance.TargetState;
import dev.landfall.ecs.balance.TaskTarget;
import dev.landfall.ecs.shift.Progress;
import dev.landfall.ecs.shift.ShiftRow;
import dev.landfall.ecs.task.TaskRow;
import dev.landfall.state.Write;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Bugs put on purpose into what is known of targets and traffic: each has to be seen by the invariant it breaks. */
class PlantedBalanceBugsTest {
    private final Town town = Town.of(11);

    private Violation update(Balanced balanced, UnaryOperator<List<Write<?>>> sabotage) {
        town.simulation().plane().sabotage(sabotage);
        return catchThrowableOfType(Violation.class, () -> {
            balanced.update("ok");
            town.simulation().settle();
        });
    }

    private static UnaryOperator<List<Write<?>>> targets(Function<TaskTarget, TaskTarget> change) {
        return Sabotage.rows(TaskRow.class, put -> Stream.of(Write.put(EcsTables.TASKS,
                put.row().with(put.row().targets().stream().map(change).toList()))));
    }

    @Test
    void takesDrainingTargetsForGone() {
        var balanced = Balanced.rolling(town, 2);
        balanced.balancers().forgetful();
        assertThat(update(balanced, UnaryOperator.identity()).invariant()).isEqualTo("drained");
    }

    @Test
    void takesRegisteredTargetsForHealthy() {
        Violation violation = update(Balanced.rolling(town, 1), targets(target ->
                target.state() == TargetState.REGISTERED ? target.with(TargetState.HEALTHY, "") : target));
        assertThat(violation.invariant()).isEqualTo("served");
    }

    @Test
    void forgetsTargetsOfTasksThatEnd() {
        Violation violation = update(Balanced.rolling(town, 2), Sabotage.rows(TaskRow.class, put ->
                Stream.of(put.row().wanted() ? put : Write.put(EcsTables.TASKS, put.row().with(List.of())))));
        assertThat(violation.invariant()).isIn("served", "drained", "rest");
    }

    /** Blue goes before anybody has seen the traffic at green. */
    @Test
    void takesTrafficForShifted() {
        Violation violation = update(Balanced.shifting(town, each -> each.strategy("BLUE_GREEN").bakeTimeInMinutes(0)),
                Sabotage.rows(ShiftRow.class, put -> Stream.of(Sabotage.changed(EcsTables.SHIFTS, put.row(), Map.of(
                        "progress", seen(put.row().progress()))))));
        assertThat(violation.invariant()).isEqualTo("served");
    }

    /** Blue goes while some traffic still goes there. */
    @Test
    void takesTrafficForShiftedBeforeItIs() {
        var balanced = Balanced.shifting(town, each -> each.strategy("BLUE_GREEN").bakeTimeInMinutes(0));
        balanced.balancers().hasty();
        assertThat(update(balanced, UnaryOperator.identity()).invariant()).isEqualTo("served");
    }

    private static Progress seen(Progress progress) {
        return new Progress(progress.stage(), progress.step(), progress.tested(), progress.since(),
                progress.arrived(), true, progress.refusal());
    }
}
