package dev.landfall.ecs.capacity;

import dev.landfall.ecs.Background;
import dev.landfall.state.Decisions;
import dev.landfall.state.KeyedQueue;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Does at capacity what nobody calls for, and, where a rate of it is wanted, interrupts Spot capacity. These are the
 * threads; what a look is stands in {@link CapacityLooks}. A failed look is repeated.
 */
public final class CapacityScheduler implements AutoCloseable {
    private static final double MILLIS_PER_HOUR = 3_600_000;

    private final Background background;

    public CapacityScheduler(Decisions decisions, CapacityPolicy policy, Background background) {
        this.background = background;
        var looks = new CapacityLooks(decisions, policy);
        var queue = new KeyedQueue<String>();
        decisions.follow(commit -> looks.concerned(commit).forEach(queue::add));
        background.start("capacity-pass", () -> looks.all().forEach(queue::add));
        background.look("capacity", queue, looks::look, CapacityLooks.RETRY);
        if (policy.spotInterruptionsPerHour() > 0) {
            background.start("spot", () -> interrupt(looks, policy.spotInterruptionsPerHour()));
        }
    }

    /** At random moments: the time between two is distributed exponentially, as for events that do not know another. */
    private void interrupt(CapacityLooks looks, double perHour) throws InterruptedException {
        while (true) {
            double pause = -Math.log(1 - ThreadLocalRandom.current().nextDouble()) * MILLIS_PER_HOUR / perHour;
            Thread.sleep(Math.round(pause));
            background.attempt(
                    looks::interruptAnyOne, "an interruption of Spot capacity failed; there will be others");
        }
    }

    /** Returns when no look is under way any more. */
    @Override
    public void close() {
        background.close();
    }
}
