package dev.landfall.sim.plane;

import dev.landfall.state.Context;
import dev.landfall.state.Decision;
import dev.landfall.state.Image;
import dev.landfall.state.Operation;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * What all decisions of an undisturbed run came to. A run of the same seed that is disturbed only later takes its
 * decisions from here until then, as they would be the same: the machines and the network run anew, the decisions and
 * their checks do not. Once it is recorded, any number of threads may repeat it.
 */
public final class Recording {
    /** How a decision ended. */
    private sealed interface Outcome {}

    private record Decided(Deciding.Made<?> made) implements Outcome {}

    private record Refused(RuntimeException why) implements Outcome {}

    /** @param ids how many the operation took, so that whoever throws the same dice goes on as it would have */
    private record Step(Instant now, int ids, Outcome outcome) {}

    private final List<Step> steps = new ArrayList<>();
    private final ReadBack readBack = new ReadBack();

    ReadBack readBack() {
        return readBack;
    }

    /** Decides anew and remembers it. */
    Deciding recorder() {
        return new Deciding() {
            @Override
            public <A> Made<A> decide(Operation<A> operation, Image image, Context context) {
                var taken = new int[1];
                var counting = new Context(context.now(), () -> {
                    taken[0]++;
                    return context.ids().next();
                });
                try {
                    Made<A> made = Deciding.ANEW.decide(operation, image, counting);
                    steps.add(new Step(context.now(), taken[0], new Decided(made)));
                    return made;
                } catch (RuntimeException e) {
                    steps.add(new Step(context.now(), taken[0], new Refused(e)));
                    throw e;
                }
            }
        };
    }

    /** Decides as before, from the first decision on. */
    Deciding repeater() {
        return new Deciding() {
            private int next;

            @Override
            public <A> Made<A> decide(Operation<A> operation, Image image, Context context) {
                Step step = steps.get(next++);
                if (!step.now().equals(context.now())) {
                    throw new IllegalStateException("decision " + next + " was made at " + step.now() + ", not at "
                            + context.now() + ": the run is not the one that was recorded");
                }
                for (int i = 0; i < step.ids(); i++) {
                    context.ids().next();
                }
                return switch (step.outcome()) {
                    case Refused(var why) -> throw why;
                    case Decided(var made) -> cast(made);
                };
            }

            @Override
            public boolean checkedBefore() {
                return true;
            }
        };
    }

    @SuppressWarnings("unchecked") // the run is the same, so that this is what the same operation made
    private static <A> Deciding.Made<A> cast(Deciding.Made<?> made) {
        return new Deciding.Made<>((Decision<A>) made.decision(), made.after());
    }
}
