package dev.landfall.ecs.event;

import dev.landfall.ecs.Background;
import dev.landfall.ecs.Scope;
import dev.landfall.ecs.event.Untold.Request;
import dev.landfall.state.Commit;
import dev.landfall.state.Decisions;
import dev.landfall.wire.Call;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import software.amazon.awssdk.services.eventbridge.EventBridgeClient;

/**
 * Tells EventBridge what happened: every change at least once, those of one resource in their order (docs/adr/0007).
 * A change is marked in the decision that makes it ({@link Outbox}); what there is to send says {@link Untold}.
 *
 * <p>One virtual thread of its own; close it before what it submits to.
 */
public final class EventSender implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(EventSender.class.getName());

    private final EventBridgeClient bridge;
    private final Untold untold;
    private final Semaphore changes = new Semaphore(0);
    private final Background background;

    /** When to send again what is not taken; only of the thread, as the next. */
    private Duration delay = Untold.RETRY_FIRST;

    private long clearedNanos = System.nanoTime();

    /** @param decisions as they are without {@link Outbox} */
    public EventSender(Decisions decisions, EventBridgeClient bridge, Background background) {
        this.background = background;
        this.bridge = bridge;
        this.untold = new Untold(decisions);
        decisions.follow(this::changed);
        background.start("events", this::run);
    }

    private void changed(Commit commit) {
        untold.changed(commit);
        changes.release();
    }

    private void run() {
        try {
            while (!background.closing()) {
                changes.drainPermits(); // before looking: whatever comes from here on wakes again
                Optional<Request> next = untold.next();
                if (next.isPresent()) {
                    send(next.get());
                } else {
                    changes.tryAcquire(Untold.CLEARING.toMillis(), TimeUnit.MILLISECONDS);
                }
                if (System.nanoTime() - clearedNanos >= Untold.CLEARING.toNanos()) {
                    clearedNanos = System.nanoTime();
                    untold.clear().ifPresent(why -> LOG.log(
                            Level.WARNING, "the marks of events that were sent cannot be taken away yet", why));
                }
            }
        } catch (InterruptedException e) {
            untold.clear(); // closing: what was told need not be told again
        }
    }

    /** What is not taken is sent again before anything else: whoever comes later must not be told before. */
    private void send(Request request) throws InterruptedException {
        Scope scope = request.scope();
        var call = new Call("events", scope.accountId(), scope.region(), "landfall");
        try {
            int left = untold.answered(request, Call.as(call, () -> bridge.putEvents(request.entries())));
            if (left == 0) {
                delay = Untold.RETRY_FIRST;
                return;
            }
            LOG.log(Level.WARNING, "EventBridge refused {0} events; they are sent again", left);
        } catch (Exception e) {
            LOG.log(Level.WARNING, "EventBridge cannot be told of events; it is tried again: {0}", e.toString());
        }
        Thread.sleep(delay);
        delay = delay.multipliedBy(2).compareTo(Untold.RETRY_LAST) < 0 ? delay.multipliedBy(2) : Untold.RETRY_LAST;
    }

    /** What could not be told is told after the next start. */
    @Override
    public void close() {
        background.close();
    }
}
