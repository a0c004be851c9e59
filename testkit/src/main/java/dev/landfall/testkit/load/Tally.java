package dev.landfall.testkit.load;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What clients met: right answers, by kind and by who gave them, failures, and sessions that ended. Safe for any
 * thread.
 *
 * <p>A session may be ended once its target's deregistration delay is over, and no sooner. Clients do not see when the
 * delay begins; it is certainly no sooner than the last request that the target was still given. A task is a target of
 * several groups, whose delays need not begin together: what it was given through the session's own door counts.
 */
public final class Tally {
    /** Further ones are counted only. */
    private static final int FAILURES_KEPT = 50;

    private final Map<Kind, Long> requests = new EnumMap<>(Kind.class);
    private final SortedMap<String, Long> byRevision = new TreeMap<>();
    private final SortedMap<String, Long> byTask = new TreeMap<>();
    private final Map<Target, Long> lastGivenNanos = new HashMap<>();
    private final List<Failure> failures = new ArrayList<>();
    private final List<End> ends = new ArrayList<>();
    private long failed;

    /**
     * A request without its right answer.
     *
     * @param sentNanos when it was sent, by System.nanoTime
     */
    public record Failure(Kind kind, long sentNanos, String reason) {}

    private record Target(InetSocketAddress door, String task) {}

    private record End(Kind kind, Target target, long nanos) {}

    /** A request for which a target was chosen: by the load balancer, after {@code sentNanos}. */
    synchronized void answered(Load.Visitor by, Client.Answer answer, long sentNanos) {
        answeredOnSession(by.kind(), answer);
        lastGivenNanos.merge(new Target(by.door().address(), answer.task()), sentNanos,
                (one, other) -> one - other > 0 ? one : other);
    }

    /** A message to the target that the session has. */
    synchronized void answeredOnSession(Kind kind, Client.Answer answer) {
        requests.merge(kind, 1L, Long::sum);
        byRevision.merge(answer.revision(), 1L, Long::sum);
        byTask.merge(answer.task(), 1L, Long::sum);
    }

    synchronized void failed(Kind kind, long sentNanos, Exception why) {
        failed++;
        if (failures.size() < FAILURES_KEPT) {
            failures.add(new Failure(kind, sentNanos, why.toString()));
        }
    }

    synchronized void sessionEnded(Load.Visitor by, String task, long nanos) {
        ends.add(new End(by.kind(), new Target(by.door().address(), task), nanos));
    }

    /** Right answers. */
    public synchronized long requests(Kind kind) {
        return requests.getOrDefault(kind, 0L);
    }

    /** Right answers of all kinds. */
    public synchronized long requests() {
        return requests.values().stream().mapToLong(Long::longValue).sum();
    }

    /** Right answers by revision. */
    public synchronized SortedMap<String, Long> byRevision() {
        return new TreeMap<>(byRevision);
    }

    /** Right answers by task, as tasks name themselves. */
    public synchronized SortedMap<String, Long> byTask() {
        return new TreeMap<>(byTask);
    }

    /** The first ones. */
    public synchronized List<Failure> failures() {
        return List.copyOf(failures);
    }

    public synchronized long failed() {
        return failed;
    }

    public synchronized int sessionsEnded() {
        return ends.size();
    }

    /**
     * Sessions that were ended too soon.
     *
     * @param delay the deregistration delay
     */
    public synchronized List<String> endedTooSoon(Duration delay) {
        return ends.stream().filter(end -> held(end).compareTo(delay) < 0)
                .map(end -> end.kind + " to " + end.target.task + " ended " + held(end).toMillis()
                        + " ms after its target was given a request")
                .toList();
    }

    private Duration held(End end) {
        return Duration.ofNanos(end.nanos - lastGivenNanos.getOrDefault(end.target, end.nanos));
    }

    @Override
    public synchronized String toString() {
        return requests + " by " + byRevision + ", " + failed + " failed, " + ends.size() + " sessions ended";
    }
}
