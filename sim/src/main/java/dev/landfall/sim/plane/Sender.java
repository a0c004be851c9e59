package dev.landfall.sim.plane;

import dev.landfall.ecs.event.Untold;
import dev.landfall.ecs.event.Untold.Request;
import dev.landfall.sim.outside.EventBridge;
import dev.landfall.state.Commit;
import java.time.Duration;
import java.util.Optional;
import software.amazon.awssdk.services.eventbridge.model.PutEventsResponse;

/** What EventSender does with its thread: one request after the other, each until it is taken. */
final class Sender {
    private final Steps steps;
    private final Untold untold;
    private final EventBridge bridge;
    private Duration delay = Untold.RETRY_FIRST;
    private boolean busy;

    Sender(Steps steps, Untold untold, EventBridge bridge) {
        this.steps = steps;
        this.untold = untold;
        this.bridge = bridge;
    }

    void start() {
        wake();
        steps.in(Untold.CLEARING, "", "", this::clear);
    }

    void changed(Commit commit) {
        untold.changed(commit);
        wake();
    }

    private void wake() {
        if (!busy) {
            busy = true;
            steps.soon("tell", "", this::send);
        }
    }

    private void clear() {
        steps.in(Untold.CLEARING, "", "", this::clear);
        untold.clear();
    }

    private void send() {
        Optional<Request> next = untold.next();
        busy = next.isPresent();
        next.ifPresent(request -> bridge.put(request.entries(), new EventBridge.Outcome() {
            @Override
            public void answered(PutEventsResponse response) {
                steps.in(Duration.ZERO, "", "", () -> {
                    if (untold.answered(request, response) > 0) {
                        again();
                    } else {
                        delay = Untold.RETRY_FIRST;
                        send();
                    }
                });
            }

            @Override
            public void failed() {
                steps.in(Duration.ZERO, "", "", () -> again());
            }
        }));
    }

    private void again() {
        steps.in(delay, "tell again", "", this::send);
        delay = delay.multipliedBy(2).compareTo(Untold.RETRY_LAST) < 0 ? delay.multipliedBy(2) : Untold.RETRY_LAST;
    }
}
