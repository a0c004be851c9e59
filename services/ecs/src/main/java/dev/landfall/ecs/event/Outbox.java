package dev.landfall.ecs.event;

import dev.landfall.state.Commit;
import dev.landfall.state.Decisions;
import dev.landfall.state.Effect;
import dev.landfall.state.Image;
import dev.landfall.state.Operation;
import java.util.function.Consumer;

/** Decisions whose changes are marked for {@link EventSender}, in the same write: none is lost in a crash. */
public record Outbox(Decisions inner) implements Decisions {
    @Override
    public Image image() {
        return inner.image();
    }

    @Override
    public <A> A submit(Operation<A> operation) {
        return inner.submit((image, context) -> Marks.beside(image, operation.decide(image, context), context));
    }

    @Override
    public void onEffect(Consumer<Effect> receiver) {
        inner.onEffect(receiver);
    }

    @Override
    public void follow(Consumer<Commit> follower) {
        inner.follow(follower);
    }
}
