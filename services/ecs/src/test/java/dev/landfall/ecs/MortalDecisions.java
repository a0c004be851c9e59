package dev.landfall.ecs;

import dev.landfall.state.Commit;
import dev.landfall.state.Decisions;
import dev.landfall.state.Effect;
import dev.landfall.state.Image;
import dev.landfall.state.Operation;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.Arguments;

/** The decisions of a {@link World}, for what works by itself; the control plane may die before or after one. */
public final class MortalDecisions implements Decisions {
    private final World world;
    private final BooleanSupplier counted;
    private final Runnable afterEach;
    private boolean crashAfterwards;
    private int decided;
    private int crashAt = Integer.MAX_VALUE;

    /** Thrown where the control plane dies. */
    private static final class Crash extends RuntimeException {
        private static final long serialVersionUID = 1;
    }

    /** Where the control plane may die in a play of so many decisions: at which, and whether after it. */
    public static Stream<Arguments> places(int decisions) {
        return IntStream.range(0, decisions).boxed()
                .flatMap(at -> Stream.of(true, false).map(afterwards -> Arguments.of(at, afterwards)));
    }

    /** Of a control plane that lives on. */
    public MortalDecisions(World world) {
        this(world, () -> true, () -> { });
    }

    /**
     * @param counted whether a decision counts as one at which the control plane may die
     * @param afterEach is run when one has been made
     */
    public MortalDecisions(World world, BooleanSupplier counted, Runnable afterEach) {
        this.world = world;
        this.counted = counted;
        this.afterEach = afterEach;
    }

    /** The control plane dies once, before or after a decision that counts, with so many before it. */
    public void crashes(int at, boolean afterwards) {
        crashAt = at;
        crashAfterwards = afterwards;
    }

    /** How many have counted since the beginning or the last {@link #countAnew}. */
    public int decided() {
        return decided;
    }

    public void countAnew() {
        decided = 0;
    }

    /** Does it, or as much of it as comes before the control plane dies: the rest is lost, and kept in no memory. */
    public void living(Runnable work) {
        try {
            work.run();
        } catch (Crash e) {
            // whoever works by itself begins anew
        }
    }

    @Override
    public Image image() {
        return world.image();
    }

    @Override
    public <A> A submit(Operation<A> operation) {
        boolean dies = counted.getAsBoolean() && decided++ == crashAt;
        if (dies && !crashAfterwards) {
            throw new Crash();
        }
        A reply = world.apply(operation.decide(world.image(), world.context()));
        afterEach.run();
        if (dies) {
            throw new Crash();
        }
        return reply;
    }

    @Override
    public void onEffect(Consumer<Effect> receiver) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void follow(Consumer<Commit> follower) {
        throw new UnsupportedOperationException();
    }
}
