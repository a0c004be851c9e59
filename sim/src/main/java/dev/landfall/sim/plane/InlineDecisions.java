package dev.landfall.sim.plane;

import dev.landfall.sim.Timeline;
import dev.landfall.state.Commit;
import dev.landfall.state.Context;
import dev.landfall.state.Decision;
import dev.landfall.state.Decisions;
import dev.landfall.state.Effect;
import dev.landfall.state.Image;
import dev.landfall.state.Operation;
import dev.landfall.state.Write;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/**
 * Decisions without threads: each is decided, made durable, published and its effects released before {@link #submit}
 * returns, unless the process dies at one of the {@link CrashPoint}s. What the writer does in groups is here one group
 * for each decision; a group that is lost looks to all others like its first decision lost.
 */
final class InlineDecisions implements Decisions {
    /** Sees each commit before anybody else. */
    interface Witness {
        void published(Commit commit);

        /** One that was seen before, in a run that was the same so far. */
        void repeated(Commit commit);
    }

    private final Timeline timeline;
    private final Store store;
    private final Crashes crashes;
    private final Context.Ids ids;
    private final Witness witness;
    private final Deciding deciding;
    private final UnaryOperator<List<Write<?>>> sabotage;
    private final List<Consumer<Effect>> receivers = new ArrayList<>();
    private final List<Consumer<Commit>> followers = new ArrayList<>();
    private Image image;
    private Image durable;
    private boolean busy;
    private boolean dead;

    /** @param sabotage changes what is written, for tests that want to see a broken invariant; identity otherwise */
    InlineDecisions(Timeline timeline, Store store, Crashes crashes, Context.Ids ids, Witness witness,
            Deciding deciding, UnaryOperator<List<Write<?>>> sabotage) {
        this.timeline = timeline;
        this.store = store;
        this.crashes = crashes;
        this.ids = ids;
        this.witness = witness;
        this.deciding = deciding;
        this.sabotage = sabotage;
        this.image = store.load();
        this.durable = image;
    }

    @Override
    public Image image() {
        return image;
    }

    @Override
    public void onEffect(Consumer<Effect> receiver) {
        receivers.add(receiver);
    }

    @Override
    public void follow(Consumer<Commit> follower) {
        followers.add(follower);
    }

    /** The newest image of which every row is in the store; a crash may have come before it was published. */
    Image durable() {
        return durable;
    }

    /** The process is gone: nothing that it left behind can decide any more. */
    void die() {
        dead = true;
    }

    @Override
    public <A> A submit(Operation<A> operation) {
        if (busy || dead) {
            throw new IllegalStateException(dead ? "the process is dead"
                    : "a decision cannot be submitted by another, nor by a receiver or follower");
        }
        busy = true;
        try {
            return decide(operation);
        } finally {
            busy = false;
        }
    }

    private <A> A decide(Operation<A> operation) {
        var made = deciding.decide(operation, image, new Context(timeline.now(), ids));
        Decision<A> decision = made.decision();
        List<Write<?>> writes = sabotage.apply(decision.writes());
        if (writes.isEmpty()) {
            release(decision.effects());
            return decision.reply();
        }
        Image after = writes == decision.writes() ? made.after() : image.apply(writes);
        crashes.next();
        crashes.reach(CrashPoint.BEFORE_APPEND);
        store.append(writes);
        durable = after;
        timeline.note("durable:", new Summary(writes));
        crashes.reach(CrashPoint.AFTER_APPEND);
        var commit = new Commit(image, after, writes);
        image = after;
        if (deciding.checkedBefore()) {
            witness.repeated(commit);
        } else {
            witness.published(commit);
        }
        crashes.reach(CrashPoint.AFTER_PUBLICATION);
        release(decision.effects());
        followers.forEach(follower -> follower.accept(commit));
        crashes.reach(CrashPoint.BEFORE_REPLY);
        return decision.reply();
    }

    private void release(List<Effect> effects) {
        effects.forEach(effect -> receivers.forEach(receiver -> receiver.accept(effect)));
    }
}
