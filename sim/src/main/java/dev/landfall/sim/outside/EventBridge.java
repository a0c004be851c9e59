package dev.landfall.sim.outside;

import dev.landfall.sim.Dice;
import dev.landfall.sim.Timeline;
import dev.landfall.sim.agent.Faults;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import software.amazon.awssdk.services.eventbridge.model.PutEventsRequest;
import software.amazon.awssdk.services.eventbridge.model.PutEventsRequestEntry;
import software.amazon.awssdk.services.eventbridge.model.PutEventsResponse;
import software.amazon.awssdk.services.eventbridge.model.PutEventsResultEntry;

/** EventBridge and the way there: it is away at times, slow, refuses some of what it gets, and its answers get lost. */
public final class EventBridge {
    private static final Duration FASTEST = Duration.ofMillis(1);
    private static final Duration USUAL = Duration.ofMillis(6);

    /** When a client gives up a request that is not answered. */
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    /** Who hears of the events. */
    public interface Listener {
        /** The control plane has sent it, whatever comes of it. */
        void offered(PutEventsRequestEntry event);

        void taken(PutEventsRequestEntry event);
    }

    /** How a request ended for its sender. */
    public interface Outcome {
        void answered(PutEventsResponse response);

        void failed();
    }

    private final Timeline timeline;
    private final Dice dice;
    private final Listener listener;
    private Faults faults = Faults.NONE;
    private int losses;
    private boolean away;
    private boolean everAway;
    private boolean undisturbed = true;

    public EventBridge(Timeline timeline, Dice dice, Listener listener) {
        this.timeline = timeline;
        this.dice = dice;
        this.listener = listener;
    }

    public void faults(Faults next) {
        faults = next;
        undisturbed &= next == Faults.NONE;
    }

    /** Says that it took the next events, and does not: a bug for tests to find. */
    public void lose(int events) {
        losses = events;
    }

    /** Answers nobody any more. */
    public void leave() {
        away = true;
        everAway = true;
        undisturbed = false;
    }

    public void comeBack() {
        away = false;
    }

    /** Whether it did not answer at some time. */
    public boolean everAway() {
        return everAway;
    }

    /** Whether it took whatever it was sent, and at once. */
    public boolean undisturbed() {
        return undisturbed;
    }

    /** Sends a request, which arrives even if its sender dies meanwhile. */
    public void put(PutEventsRequest request, Outcome outcome) {
        request.entries().forEach(listener::offered);
        if (away || dice.chance(faults.requestLost())) {
            timeline.after(TIMEOUT, "events lost", "", outcome::failed);
            return;
        }
        timeline.after(latency(), "events", request.entries().size(), () -> {
            PutEventsResponse response = take(request.entries());
            if (away || dice.chance(faults.replyLost())) {
                timeline.after(TIMEOUT, "answer to events lost", "", outcome::failed);
            } else {
                timeline.after(latency(), "events taken", "", () -> outcome.answered(response));
            }
        });
    }

    private Duration latency() {
        return dice.chance(faults.slow()) ? dice.between(USUAL, faults.delay()) : dice.between(FASTEST, USUAL);
    }

    /** Any of them may be refused, whatever becomes of those behind it. */
    private PutEventsResponse take(List<PutEventsRequestEntry> events) {
        var results = new ArrayList<PutEventsResultEntry>();
        int refused = 0;
        for (PutEventsRequestEntry event : events) {
            if (dice.chance(faults.cut())) {
                refused++;
                results.add(PutEventsResultEntry.builder().errorCode("InternalFailure").build());
            } else {
                if (losses > 0) {
                    losses--;
                } else {
                    listener.taken(event);
                }
                results.add(PutEventsResultEntry.builder().eventId("event").build());
            }
        }
        return PutEventsResponse.builder().entries(results).failedEntryCount(refused).build();
    }
}
