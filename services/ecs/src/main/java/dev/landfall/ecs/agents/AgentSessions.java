package dev.landfall.ecs.agents;

import dev.landfall.ecs.EcsEffect;
import dev.landfall.ecs.EcsTables;
import dev.landfall.ecs.instance.AgentConnection;
import dev.landfall.ecs.instance.InstanceRow;
import dev.landfall.state.Commit;
import dev.landfall.state.Decisions;
import dev.landfall.state.Image;
import dev.landfall.state.Write;
import dev.landfall.wire.SocketEndpoint;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The agents that are connected now, one control session (ACS) each. Tasks are handed to sessions by name only: a
 * session looks the task up when it sends, so that what the agent gets is the newest durable state. Safe for any
 * thread.
 */
public final class AgentSessions implements AutoCloseable {
    /** How long an agent may take to come back after a start of the control plane before it counts as disconnected. */
    private static final Duration RETURN_GRACE = Duration.ofSeconds(20);

    private final Decisions writer;
    private final Map<String, AcsSession> byInstance = new ConcurrentHashMap<>();

    /**
     * One counter for payloads and manifests, as the protocol demands. It starts at the clock so that it goes on
     * growing over restarts.
     */
    private final AtomicLong sequence = new AtomicLong(System.currentTimeMillis() * 1_000);

    private final Thread returned;
    private volatile boolean closing;

    public AgentSessions(Decisions writer) {
        this.writer = writer;
        writer.onEffect(effect -> {
            if (effect instanceof EcsEffect ours) {
                carryOut(ours);
            }
        });
        writer.follow(this::changed);
        returned = Thread.ofVirtual().name("agents-returned").start(this::noteMissingAgents);
    }

    /** An agent whose instance was deregistered is asked to connect anew, and hears then that it is not registered. */
    private void changed(Commit commit) {
        for (Write<?> write : commit.writes()) {
            if (write instanceof Write.Put<?>(var table, var row) && table == EcsTables.INSTANCES
                    && row instanceof InstanceRow instance && "INACTIVE".equals(instance.instance().status())) {
                AcsSession session = byInstance.get(instance.arn());
                if (session != null) {
                    Thread.ofVirtual().start(session::end); // closing may block, and this is the journal's thread
                }
            }
        }
    }

    /** The websocket paths that agents are sent to by DiscoverPollEndpoint. */
    public List<SocketEndpoint> endpoints() {
        return List.of(new AcsEndpoint(this), new TcsEndpoint(writer));
    }

    private void carryOut(EcsEffect effect) {
        switch (effect) {
            case EcsEffect.Deliver(var instanceArn, var taskArn) -> {
                AcsSession session = byInstance.get(instanceArn);
                if (session != null) {
                    session.offer(taskArn);
                }
            }
        }
    }

    Decisions writer() {
        return writer;
    }

    long nextSequence() {
        return sequence.incrementAndGet();
    }

    /** The instance an agent names in its query, or a refusal in the protocol's form. */
    static InstanceRow instance(Image image, SocketEndpoint.Request request, String parameter) {
        String arn = Optional.ofNullable(request.query().get(parameter)).orElse("");
        return image.get(EcsTables.INSTANCES, arn)
                .filter(row -> !"INACTIVE".equals(row.instance().status()))
                .orElseThrow(() -> new SocketEndpoint.Refused(
                        400, "{\"InactiveInstanceException\":"
                                + "\"Container instance is not registered or was deregistered.\"}"));
    }

    /** A newer session of the same agent takes the older one's place. */
    void opened(AcsSession session) {
        AcsSession before = byInstance.put(session.instanceArn(), session);
        if (before != null) {
            before.end();
        }
        note(session.instanceArn());
    }

    void closed(AcsSession session) {
        if (byInstance.remove(session.instanceArn(), session) && !closing) {
            note(session.instanceArn());
        }
    }

    /**
     * Writes down whether the agent is connected. Sessions come and go on threads of their own, so what was seen may be
     * old when it is written: whoever writes looks again, and the last one to write has seen the last change.
     */
    private void note(String instanceArn) {
        boolean connected;
        do {
            connected = byInstance.containsKey(instanceArn);
            boolean seen = connected;
            writer.submit((image, context) -> AgentConnection.decide(image, instanceArn, seen, context));
        } while (connected != byInstance.containsKey(instanceArn));
    }

    /** Agents that were connected when the control plane died and have not come back are disconnected. */
    private void noteMissingAgents() {
        try {
            Thread.sleep(RETURN_GRACE);
            for (InstanceRow row : writer.image().all(EcsTables.INSTANCES)) {
                if (row.instance().agentConnected() && !byInstance.containsKey(row.arn()) && !closing) {
                    note(row.arn());
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Ends all sessions; the agents come back to whoever serves next. */
    @Override
    public void close() {
        closing = true;
        returned.interrupt();
        byInstance.values().forEach(AcsSession::end);
    }
}
