package dev.landfall.ecs.agents;

import dev.landfall.ecs.EcsTables;
import dev.landfall.ecs.instance.InstanceRow;
import dev.landfall.state.Decisions;
import dev.landfall.state.Image;
import dev.landfall.wire.SocketEndpoint;
import java.util.List;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/** The agents' websockets, and the threads behind {@link ConnectedAgents}. Safe for any thread. */
public final class AgentSessions implements AutoCloseable {
    private final Decisions writer;
    private final ConnectedAgents connected;

    /**
     * One counter for payloads and manifests, as the protocol demands. It starts at the clock so that it goes on
     * growing over restarts.
     */
    private final AtomicLong sequence = new AtomicLong(System.currentTimeMillis() * 1_000);

    private final Payloads payloads = new Payloads();
    private final Thread returned;
    private final Thread heartbeats;

    public AgentSessions(Decisions writer) {
        this.writer = writer;
        this.connected = new ConnectedAgents(writer, work -> Thread.ofVirtual().start(work));
        returned = Thread.ofVirtual().name("agents-returned").start(this::noteMissingAgents);
        heartbeats = Thread.ofVirtual().name("heartbeats").start(this::beat);
    }

    /** The websocket paths that agents are sent to by DiscoverPollEndpoint. */
    public List<SocketEndpoint> endpoints() {
        return List.of(new AcsEndpoint(this), new TcsEndpoint(writer));
    }

    Decisions writer() {
        return writer;
    }

    ConnectedAgents connected() {
        return connected;
    }

    Payloads payloads() {
        return payloads;
    }

    long nextSequence() {
        return sequence.incrementAndGet();
    }

    /** The instance an agent names in its query, or a refusal in the protocol's form. */
    static InstanceRow instance(Image image, SocketEndpoint.Request request, String parameter) {
        String arn = Optional.ofNullable(request.query().get(parameter)).orElse("");
        return instance(image, arn).orElseThrow(() -> new SocketEndpoint.Refused(
                400, "{\"InactiveInstanceException\":\"Container instance is not registered or was deregistered.\"}"));
    }

    /** The instance, if its agent may connect. */
    public static Optional<InstanceRow> instance(Image image, String arn) {
        return image.get(EcsTables.INSTANCES, arn).filter(row -> !"INACTIVE".equals(row.instance().status()));
    }

    private void noteMissingAgents() {
        try {
            Thread.sleep(ConnectedAgents.RETURN_GRACE);
            connected.noteMissing();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void beat() {
        try {
            int turns = (int) AcsConversation.HEARTBEAT.toSeconds();
            for (int turn = 0; true; turn++) {
                Thread.sleep(Duration.ofSeconds(1));
                connected.beat(turn, turns);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        heartbeats.interrupt();
        returned.interrupt();
        connected.close();
    }
}
