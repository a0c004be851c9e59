package dev.landfall.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.landfall.ecs.EcsTables;
import dev.landfall.ecs.express.ExpressRow;
import dev.landfall.ecs.express.Phase;
import dev.landfall.ecs.shift.Progress;
import dev.landfall.ecs.shift.ShiftRow;
import dev.landfall.ecs.shift.Stage;
import dev.landfall.state.Write;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Bugs put on purpose into Express services: each has to be seen by the invariant it breaks. */
class PlantedExpressBugsTest {
    private final Town town = Town.of(13);
    private final ExpressTown express = ExpressTown.of(town);

    private Violation delete(UnaryOperator<List<Write<?>>> sabotage) {
        return after(sabotage, () -> express.delete("one"));
    }

    private Violation after(UnaryOperator<List<Write<?>>> sabotage, Runnable act) {
        express.create("one", "ok");
        express.serve("one");
        town.simulation().plane().sabotage(sabotage);
        return catchThrowableOfType(Violation.class, () -> {
            act.run();
            town.simulation().settle();
        });
    }

    /** Each row of a phase is of another. */
    private static UnaryOperator<List<Write<?>>> phases(Phase from, Phase to) {
        return Sabotage.rows(ExpressRow.class, put -> Stream.of(put.row().phase() == from
                ? Sabotage.changed(EcsTables.EXPRESS_SERVICES, put.row(), Map.of("phase", to)) : put));
    }

    @Test
    void removesWhatTasksStillNeed() {
        Violation violation = delete(phases(Phase.DRAINING, Phase.DISMANTLING));
        assertThat(violation.invariant()).isEqualTo("express");
        assertThat(violation).hasMessageContaining("is DISMANTLING and has 1 tasks");
    }

    @Test
    void startsTasksBeforeTheirLoadBalancerIsThere() {
        town.simulation().plane().sabotage(phases(Phase.PROVISIONING, Phase.SETTLED));
        Violation violation = catchThrowableOfType(Violation.class, () -> {
            express.create("one", "ok");
            town.simulation().settle();
        });
        assertThat(violation.invariant()).isIn("express", "rest");
    }

    @Test
    void doesNotEndAServiceThatIsDeleted() {
        Violation violation = delete(phases(Phase.DRAINING, Phase.SETTLED));
        assertThat(violation.invariant()).isEqualTo("express");
        assertThat(violation).hasMessageContaining("is SETTLED and its service DRAINING");
    }

    @Test
    void leavesBehindWhatWasMade() {
        Violation violation = delete(phases(Phase.DISMANTLING, Phase.GONE));
        assertThat(violation.invariant()).isEqualTo("rest");
        assertThat(violation).hasMessageContaining("is left of no Express service");
    }

    @Test
    void forgetsWhatItIsToMake() {
        Violation violation = after(phases(Phase.UPDATING, Phase.PROVISIONING), () ->
                express.update("one", "ok", "/one"));
        assertThat(violation.invariant()).isEqualTo("express");
        assertThat(violation).hasMessageContaining("is PROVISIONING and has");
    }

    /** Blue goes before any traffic was shifted. */
    @Test
    void endsTheRevisionThatHasTheTraffic() {
        Violation violation = after(Sabotage.rows(ShiftRow.class, put -> Stream.of(
                        put.row().progress().stage() == Stage.PRE_PRODUCTION_TRAFFIC_SHIFT
                                ? Sabotage.changed(EcsTables.SHIFTS, put.row(), Map.of("progress",
                                        at(put.row().progress(), Stage.CLEAN_UP))) : put)),
                () -> express.update("one", "slow", "/one"));
        assertThat(violation.invariant()).isEqualTo("served");
    }

    private static Progress at(Progress progress, Stage stage) {
        return new Progress(stage, progress.step(), progress.tested(), progress.since(), progress.arrived(),
                progress.trafficSeen(), progress.refusal());
    }

    @Test
    void isServedWhereNothingIsWrong() {
        assertThat(after(UnaryOperator.identity(), () -> {
            express.update("one", "slow", "/one");
            town.simulation().run(Duration.ofMinutes(12));
        })).isNull();
    }
}
