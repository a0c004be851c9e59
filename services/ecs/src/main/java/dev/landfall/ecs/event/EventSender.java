package dev.landfall.ecs.event;

import dev.landfall.ecs.Background;
import dev.landfall.ecs.Scope;
import dev.landfall.ecs.event.Tellings.Telling;
import dev.landfall.state.Commit;
import dev.landfall.state.Decisions;
import dev.landfall.state.Image;
import dev.landfall.wire.Call;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.TimeUnit;
import software.amazon.awssdk.services.eventbridge.EventBridgeClient;
import software.amazon.awssdk.services.eventbridge.model.PutEventsRequest;
import software.amazon.awssdk.services.eventbridge.model.PutEventsRequestEntry;
import software.amazon.awssdk.services.eventbridge.model.PutEventsResponse;

/**
 * Tells EventBridge what happened: every change at least once, those of one resource in their order (docs/adr/0007).
 *
 * <p>A change is marked in the decision that makes it ({@link Outbox}). While the sender keeps up it follows the
 * commits and tells every state; the marks of what was told are taken away about once a second, so that a task that
 * goes through several states meanwhile costs two small writes. After a crash, or when EventBridge was slower than the
 * changes, it goes by the marks: the newest state of each marked task and instance, and what services did since.
 *
 * <p>One virtual thread of its own; close it before what it submits to.
 */
public final class EventSender implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(EventSender.class.getName());

    /** "PutEvents: up to 10 entries in each request" (EventBridge API Reference). */
    private static final int ENTRIES_MAX = 10;

    /** Commits that wait; each keeps its images alive. Beyond that the marks are gone by. */
    private static final int WAITING_MAX = 200;

    /** Bounds one decision that takes marks away. */
    private static final int TOLD_MAX = 1_000;

    private static final Duration CLEARING = Duration.ofSeconds(1);
    private static final Duration RETRY_FIRST = Duration.ofMillis(200);
    private static final Duration RETRY_LAST = Duration.ofSeconds(30);

    private final Decisions decisions;
    private final EventBridgeClient bridge;
    private final ArrayBlockingQueue<Commit> waiting = new ArrayBlockingQueue<>(WAITING_MAX);
    private final Background background = new Background();
    private volatile boolean behind;

    /** What was told and is still marked: the change by ARN. Only of the thread, as all below. */
    private final TreeMap<String, Long> told = new TreeMap<>();

    private long clearedNanos = System.nanoTime();

    /** The version of the image whose marks were last gone by; what led to it need not be told again. */
    private long caughtUp = -1;

    /** @param decisions as they are without {@link Outbox} */
    public EventSender(Decisions decisions, EventBridgeClient bridge) {
        this.decisions = decisions;
        this.bridge = bridge;
        decisions.follow(this::changed);
        background.start("events", this::run);
    }

    private void changed(Commit commit) {
        if (Tellings.any(commit) && !waiting.offer(commit)) {
            behind = true;
        }
    }

    private void run() {
        try {
            catchUp();
            while (!background.closing()) {
                Commit next = waiting.poll(CLEARING.toMillis(), TimeUnit.MILLISECONDS);
                if (behind) {
                    behind = false; // before the image is taken: whatever is missed from here on says so again
                    waiting.clear();
                    catchUp();
                } else if (next != null && next.after().version() > caughtUp) {
                    tell(Tellings.of(next));
                }
                if (System.nanoTime() - clearedNanos >= CLEARING.toNanos()) {
                    clear();
                }
            }
        } catch (InterruptedException e) {
            clear(); // closing: what was told need not be told again
        }
    }

    private void catchUp() throws InterruptedException {
        Image image = decisions.image();
        String last = "";
        while (true) {
            List<Telling> tellings = Tellings.of(image, last, TOLD_MAX);
            if (tellings.isEmpty()) {
                break;
            }
            tell(tellings);
            clear();
            last = tellings.getLast().mark().arn();
        }
        caughtUp = image.version();
    }

    private void tell(List<Telling> tellings) throws InterruptedException {
        var entries = new ArrayList<EcsEvent>();
        for (Telling telling : tellings) {
            entries.addAll(telling.events());
        }
        for (int from = 0; from < entries.size();) {
            Scope scope = Scope.of(entries.get(from).resource());
            int to = from + 1;
            while (to < entries.size() && to - from < ENTRIES_MAX
                    && Scope.of(entries.get(to).resource()).equals(scope)) {
                to++;
            }
            put(scope, entries.subList(from, to).stream().map(EventSender::entry).toList());
            from = to;
        }
        for (Telling telling : tellings) {
            told.put(telling.mark().arn(), telling.mark().change());
        }
    }

    private static PutEventsRequestEntry entry(EcsEvent event) {
        return PutEventsRequestEntry.builder()
                .source(EcsEvent.SOURCE)
                .detailType(event.detailType())
                .time(event.time())
                .resources(event.resource())
                .detail(event.detail())
                .build();
    }

    /** Returns when EventBridge has taken all of them: whoever comes later must not be told before. */
    private void put(Scope scope, List<PutEventsRequestEntry> entries) throws InterruptedException {
        List<PutEventsRequestEntry> left = entries;
        Duration delay = RETRY_FIRST;
        while (!left.isEmpty()) {
            try {
                left = untold(left, scope);
                if (left.isEmpty()) {
                    return;
                }
                LOG.log(Level.WARNING, "EventBridge refused {0} events; they are sent again", left.size());
            } catch (Exception e) {
                LOG.log(Level.WARNING, "EventBridge cannot be told of events; it is tried again: {0}", e.toString());
            }
            Thread.sleep(delay);
            delay = delay.multipliedBy(2).compareTo(RETRY_LAST) < 0 ? delay.multipliedBy(2) : RETRY_LAST;
        }
    }

    /** From the first that was refused on: the last word on a resource must be its newest state. */
    private List<PutEventsRequestEntry> untold(List<PutEventsRequestEntry> entries, Scope scope) throws Exception {
        var call = new Call("events", scope.accountId(), scope.region(), "landfall");
        var request = PutEventsRequest.builder().entries(entries).build();
        PutEventsResponse response = Call.as(call, () -> bridge.putEvents(request));
        if (response.failedEntryCount() == null || response.failedEntryCount() == 0) {
            return List.of();
        }
        int first = 0;
        while (first < response.entries().size() && response.entries().get(first).errorCode() == null) {
            first++;
        }
        return entries.subList(Math.min(first, entries.size()), entries.size());
    }

    /** A mark that stays, as on a full disk, is told of again after the next start. */
    private void clear() {
        clearedNanos = System.nanoTime();
        while (!told.isEmpty()) {
            var batch = new TreeMap<String, Long>();
            while (!told.isEmpty() && batch.size() < TOLD_MAX) {
                var first = told.pollFirstEntry();
                batch.put(first.getKey(), first.getValue());
            }
            try {
                decisions.submit((image, context) -> Marks.clear(image, batch));
            } catch (RuntimeException e) {
                told.putAll(batch);
                if (!background.closing()) {
                    LOG.log(Level.WARNING, "the marks of events that were sent cannot be taken away yet", e);
                }
                return;
            }
        }
    }

    /** What could not be told is told after the next start. */
    @Override
    public void close() {
        background.close();
    }
}
