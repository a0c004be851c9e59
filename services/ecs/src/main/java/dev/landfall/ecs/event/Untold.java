package dev.landfall.ecs.event;

import dev.landfall.ecs.EcsTables;
import dev.landfall.ecs.Scope;
import dev.landfall.ecs.event.Tellings.Telling;
import dev.landfall.state.Commit;
import dev.landfall.state.Decisions;
import dev.landfall.state.Image;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ArrayBlockingQueue;
import software.amazon.awssdk.services.eventbridge.model.PutEventsRequest;
import software.amazon.awssdk.services.eventbridge.model.PutEventsRequestEntry;
import software.amazon.awssdk.services.eventbridge.model.PutEventsResponse;

/**
 * What EventBridge has yet to be told of, request by request, without threads and timers (docs/adr/0007).
 * {@link EventSender} sends it, and a simulator on its own time.
 *
 * <p>While whoever sends keeps up, commits are told one by one. At the beginning, and when too many of them wait, it
 * goes by the marks: the newest state of each marked task and instance, and what services did since.
 *
 * <p>Any thread may call {@link #changed}; all else is for the one that sends.
 */
public final class Untold {
    /** How often marks are taken away, so that a task that goes through several states costs two small writes. */
    public static final Duration CLEARING = Duration.ofSeconds(1);

    /** When to send again what was not taken; twice as long each time, up to {@link #RETRY_LAST}. */
    public static final Duration RETRY_FIRST = Duration.ofMillis(200);

    public static final Duration RETRY_LAST = Duration.ofSeconds(30);

    /** "PutEvents: up to 10 entries in each request" (EventBridge API Reference). */
    private static final int ENTRIES_MAX = 10;

    /** Commits that wait; each keeps its images alive. Beyond that the marks are gone by. */
    private static final int WAITING_MAX = 200;

    /** Bounds one decision that takes marks away. */
    private static final int TOLD_MAX = 1_000;

    private final Decisions decisions;
    private final ArrayBlockingQueue<Commit> waiting = new ArrayBlockingQueue<>(WAITING_MAX);
    private volatile boolean behind = true;

    /** What is being told, and how many of its events were taken. */
    private List<Telling> tellings = List.of();

    private List<EcsEvent> events = List.of();
    private int taken;

    /** The image whose marks are gone by, and the last of them that was told. */
    private Optional<Image> marked = Optional.empty();

    private String lastMark = "";

    /** The version of the image whose marks were last gone by; what led to it need not be told again. */
    private long caughtUp = -1;

    /** What was told and is still marked: the change by ARN. */
    private final TreeMap<String, Long> told = new TreeMap<>();

    /** @param decisions as they are without {@link Outbox}; their commits are to be handed to {@link #changed} */
    public Untold(Decisions decisions) {
        this.decisions = decisions;
    }

    /** A request to be made for that account and region. */
    public record Request(Scope scope, PutEventsRequest entries) {}

    /** Notes that there is something new to tell. */
    public void changed(Commit commit) {
        if (Tellings.any(commit) && !waiting.offer(commit)) {
            behind = true;
        }
    }

    /** What to send now: the same again until {@link #answered} says that it was taken. Empty when all is told. */
    public Optional<Request> next() {
        while (taken == events.size()) {
            tellings.forEach(telling -> told.put(telling.mark().arn(), telling.mark().change()));
            begin(List.of());
            if (marked.isEmpty() && behind) {
                behind = false; // before the image is taken: whatever is missed from here on says so again
                waiting.clear();
                marked = Optional.of(decisions.image());
                lastMark = "";
            }
            if (marked.isPresent()) {
                goByMarks(marked.get());
                continue;
            }
            Commit commit = waiting.poll();
            if (commit == null) {
                return Optional.empty();
            }
            if (commit.after().version() > caughtUp) {
                begin(Tellings.of(commit));
            }
        }
        return Optional.of(request());
    }

    private void goByMarks(Image image) {
        clear();
        List<Telling> page = Tellings.of(image, lastMark, TOLD_MAX);
        if (page.isEmpty()) {
            marked = Optional.empty();
            caughtUp = image.version();
        } else {
            lastMark = page.getLast().mark().arn();
            begin(page);
        }
    }

    private void begin(List<Telling> next) {
        tellings = next;
        events = next.stream().flatMap(telling -> telling.events().stream()).toList();
        taken = 0;
    }

    private Request request() {
        Scope scope = Scope.of(events.get(taken).resource());
        var entries = new ArrayList<PutEventsRequestEntry>();
        for (EcsEvent event : events.subList(taken, Math.min(events.size(), taken + ENTRIES_MAX))) {
            if (!Scope.of(event.resource()).equals(scope)) {
                break;
            }
            entries.add(entry(event));
        }
        return new Request(scope, PutEventsRequest.builder().entries(entries).build());
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

    /**
     * Notes what EventBridge took, up to the first that it refused: the last word on a resource must be its newest
     * state, so that from there on all is sent again.
     *
     * @return how many events have to be sent again
     */
    public int answered(Request request, PutEventsResponse response) {
        int all = request.entries().entries().size();
        int first = all;
        if (response.failedEntryCount() != null && response.failedEntryCount() > 0) {
            first = 0;
            while (first < Math.min(all, response.entries().size())
                    && response.entries().get(first).errorCode() == null) {
                first++;
            }
        }
        taken += first;
        return all - first;
    }

    /**
     * Takes the marks of what was told away. One that stays, as on a full disk, is tried again, or told of after the
     * next start.
     *
     * @return what kept it from that
     */
    public Optional<RuntimeException> clear() {
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
                return Optional.of(e);
            }
        }
        return Optional.empty();
    }
}
