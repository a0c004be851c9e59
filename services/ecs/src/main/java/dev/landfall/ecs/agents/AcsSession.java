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
import java.util.concurrent.TimeUnit;

/**
 * One agent's control connection: the socket and the thread of an {@link AcsConversation}. A virtual thread of its own
 * sends: it takes the names of tasks that changed and sends those that wait together.
 */
final class AcsSession implements SocketEndpoint.Handler, ConnectedAgents.Session {
    private static final System.Logger LOG = System.getLogger(AcsSession.class.getName());
    private static final int CLOSE_NORMAL = 1000;

    private final AgentSessions sessions;
    private final String instanceArn;
    private final AcsConversation conversation;
    private final LinkedBlockingQueue<String> changed = new LinkedBlockingQueue<>();
    private volatile SocketEndpoint.Socket socket;
    private volatile Thread sender;

    AcsSession(AgentSessions sessions, String instanceArn) {
        this.sessions = sessions;
        this.instanceArn = instanceArn;
        this.conversation = new AcsConversation(sessions.writer(), instanceArn, new AcsConversation.Numbers(
                () -> UUID.randomUUID().toString(), sessions::nextSequence, InstantSource.system(), System::nanoTime));
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

    private void sendAll() {
        try {
            var greeting = conversation.greeting();
            changed.addAll(greeting.taskArns());
            greeting.messages().forEach(this::send);
            long nextHeartbeat = System.nanoTime() + AcsConversation.HEARTBEAT.toNanos();
            while (true) {
                String first = changed.poll(nextHeartbeat - System.nanoTime(), TimeUnit.NANOSECONDS);
                if (first != null) {
                    sendChanged(first);
                }
                if (System.nanoTime() - nextHeartbeat >= 0) {
                    nextHeartbeat = System.nanoTime() + AcsConversation.HEARTBEAT.toNanos();
                    send(conversation.heartbeat());
                    changed.addAll(conversation.lost());
                }
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
