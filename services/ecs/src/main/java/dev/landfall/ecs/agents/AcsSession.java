package dev.landfall.ecs.agents;

import dev.landfall.protocol.Frames;
import dev.landfall.protocol.Message;
import dev.landfall.wire.SocketEndpoint;
import java.lang.System.Logger.Level;
import java.time.InstantSource;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadLocalRandom;

/**
 * One agent's control connection: the socket and the thread of an {@link AcsConversation}. A virtual thread of its own
 * sends: it takes the names of tasks that changed and sends those that wait together. It has no timer of its own, which
 * would be set and cleared for each task: {@link AgentSessions} has all hearts beat.
 */
final class AcsSession implements SocketEndpoint.Handler, ConnectedAgents.Session {
    private static final System.Logger LOG = System.getLogger(AcsSession.class.getName());
    private static final int CLOSE_NORMAL = 1000;

    /** Stands for a heartbeat among the names of tasks. */
    private static final String BEAT = "";

    private final AgentSessions sessions;
    private final String instanceArn;
    private final AcsConversation conversation;
    /** Task ARNs, and {@link #BEAT}. */
    private final LinkedBlockingQueue<String> changed = new LinkedBlockingQueue<>();

    private volatile SocketEndpoint.Socket socket;
    private volatile Thread sender;

    AcsSession(AgentSessions sessions, String instanceArn) {
        this.sessions = sessions;
        this.instanceArn = instanceArn;
        this.conversation = new AcsConversation(sessions.writer(), instanceArn,
                new AcsConversation.Numbers(AcsSession::messageId, sessions::nextSequence, InstantSource.system(),
                        System::nanoTime),
                sessions.payloads());
    }

    /** Unique among the messages of a connection; a secure random number would be a tenth of a message's cost. */
    private static String messageId() {
        var random = ThreadLocalRandom.current();
        return new UUID(random.nextLong(), random.nextLong()).toString();
    }

    @Override
    public String instanceArn() {
        return instanceArn;
    }

    @Override
    public void offer(String taskArn) {
        changed.add(taskArn);
    }

    @Override
    public void opened(SocketEndpoint.Socket opened) {
        socket = opened;
        sessions.connected().opened(this);
        sender = Thread.ofVirtual().name("acs-" + instanceArn.substring(instanceArn.length() - 8)).start(this::sendAll);
    }

    @Override
    public void beat() {
        changed.add(BEAT);
    }

    private void sendAll() {
        try {
            var greeting = conversation.greeting();
            changed.addAll(greeting.taskArns());
            greeting.messages().forEach(this::send);
            while (true) {
                sendChanged(changed.take());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IllegalStateException e) {
            LOG.log(Level.DEBUG, "the agent''s connection is gone: {0}", instanceArn);
        } catch (RuntimeException e) {
            LOG.log(Level.ERROR, "sending to the agent failed; it is asked to connect anew: " + instanceArn, e);
            end();
        }
    }

    private void sendChanged(String first) {
        var arns = new LinkedHashSet<String>(List.of(first));
        changed.drainTo(arns, AcsConversation.TASKS_PER_PAYLOAD - 1);
        if (arns.remove(BEAT)) {
            send(conversation.heartbeat());
            changed.addAll(conversation.lost());
        }
        conversation.payload(arns).ifPresent(this::send);
    }

    @Override
    public void text(String text) {
        conversation.received(Frames.read(text)).ifPresent(this::send);
    }

    @Override
    public void closed(int code) {
        Thread running = sender;
        if (running != null) {
            running.interrupt();
        }
        sessions.connected().closed(this);
    }

    @Override
    public void end() {
        SocketEndpoint.Socket open = socket;
        if (open != null) {
            try {
                open.close(CLOSE_NORMAL, "reconnect");
            } catch (IllegalStateException e) {
                LOG.log(Level.TRACE, "already closed: {0}", instanceArn);
            }
        }
    }

    private void send(Message message) {
        socket.send(Frames.write(message));
    }
}
