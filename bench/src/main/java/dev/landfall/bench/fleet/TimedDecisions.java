package dev.landfall.bench.fleet;

import dev.landfall.ecs.EcsTables;
import dev.landfall.ecs.task.TaskRow;
import dev.landfall.state.Commit;
import dev.landfall.state.Decision;
import dev.landfall.state.Decisions;
import dev.landfall.state.Effect;
import dev.landfall.state.Image;
import dev.landfall.state.Operation;
import dev.landfall.state.Write;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Decisions, each timed that places tasks: how long it takes per task. */
final class TimedDecisions implements Decisions {
    private final Decisions decisions;
    private final List<Double> microsPerPlacement = new ArrayList<>();

    TimedDecisions(Decisions decisions) {
        this.decisions = decisions;
    }

    /** One sample per decision. To be asked when nothing is decided any more. */
    List<Double> microsPerPlacement() {
        return microsPerPlacement;
    }

    @Override
    public Image image() {
        return decisions.image();
    }

    @Override
    public <A> A submit(Operation<A> operation) {
        return decisions.submit((image, context) -> {
            long began = System.nanoTime();
            Decision<A> decision = operation.decide(image, context);
            long nanos = System.nanoTime() - began;
            int placed = 0;
            for (Write<?> write : decision.writes()) {
                if (write instanceof Write.Put<?>(var table, var row) && table == EcsTables.TASKS
                        && ((TaskRow) row).task().version() == 1) {
                    placed++;
                }
            }
            if (placed > 0) {
                microsPerPlacement.add(nanos / 1e3 / placed); // decisions are made one after the other
            }
            return decision;
        });
    }

    @Override
    public void onEffect(Consumer<Effect> receiver) {
        decisions.onEffect(receiver);
    }

    @Override
    public void follow(Consumer<Commit> follower) {
        decisions.follow(follower);
    }
}
