package dev.landfall.ecs.event;

import dev.landfall.wire.Call;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import software.amazon.awssdk.services.eventbridge.EventBridgeClient;
import software.amazon.awssdk.services.eventbridge.model.PutEventsRequest;
import software.amazon.awssdk.services.eventbridge.model.PutEventsRequestEntry;
import software.amazon.awssdk.services.eventbridge.model.PutEventsResponse;
import software.amazon.awssdk.services.eventbridge.model.PutEventsResultEntry;

/** Remembers what it was told; may be away, or refuse single entries. */
final class RecordingBridge implements EventBridgeClient {
    private final List<PutEventsRequestEntry> entries = new ArrayList<>();
    private final List<Call> calls = new ArrayList<>();
    private boolean away;
    private Predicate<PutEventsRequestEntry> refused = entry -> false;

    synchronized List<PutEventsRequestEntry> entries() {
        return List.copyOf(entries);
    }

    synchronized List<Call> calls() {
        return List.copyOf(calls);
    }

    synchronized void leave() {
        away = true;
    }

    synchronized void comeBack() {
        away = false;
    }

    /** Refuses the first entry that is one of these, once. */
    synchronized void refuseOnce(Predicate<PutEventsRequestEntry> which) {
        refused = which;
    }

    @Override
    public synchronized PutEventsResponse putEvents(PutEventsRequest request) {
        if (away) {
            throw new IllegalStateException("nobody there");
        }
        calls.add(Call.current());
        if (request.entries().isEmpty() || request.entries().size() > 10) {
            throw new IllegalArgumentException("EventBridge takes 1 to 10 entries");
        }
        var results = new ArrayList<PutEventsResultEntry>();
        int failed = 0;
        for (PutEventsRequestEntry entry : request.entries()) {
            if (refused.test(entry)) {
                refused = each -> false;
                failed++;
                results.add(PutEventsResultEntry.builder().errorCode("ThrottlingException").build());
            } else {
                entries.add(entry);
                results.add(PutEventsResultEntry.builder().eventId("id").build());
            }
        }
        return PutEventsResponse.builder().failedEntryCount(failed).entries(results).build();
    }

    @Override
    public String serviceName() {
        return SERVICE_NAME;
    }

    @Override
    public void close() {}
}
