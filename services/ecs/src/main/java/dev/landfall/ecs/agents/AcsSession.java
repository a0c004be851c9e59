package dev.landfall.ecs.agents;

import dev.landfall.ecs.EcsTables;
import dev.landfall.ecs.instance.InstanceRow;
import dev.landfall.ecs.task.TaskRow;
import dev.landfall.ecs.task.Tasks;
import dev.landfall.protocol.Frames;
import dev.landfall.protocol.Message;
import dev.landfall.protocol.Message.ManifestTask;
import dev.landfall.protocol.TaskPayload;
import dev.landfall.state.Image;
import dev.landfall.wire.SocketEndpoint;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * One agent's control connection. A virtual thread of its own sends: it takes the names of tasks that changed, looks
 * them up and sends them together. What the agent does not acknowledge is sent again; agents know tasks by their ARN.
 */
final class AcsSession implements SocketEndpoint.Handler {
    private static final System.Logger LOG = System.getLogger(AcsSession.class.getName());

    /** The agent gives a connection up after 60 seconds of silence. */
    private static final Duration HEARTBEAT = Duration.ofSeconds(20);

    /** An agent acknowledges within milliseconds; after this a payload counts as lost. */
    private static final Duration ACK_TIMEOUT = Duration.ofSeconds(10);

    /** Keeps a frame well under a megabyte. */
    private static final int TASKS_PER_PAYLOAD = 50;

    private static final int CLOSE_NORMAL = 1000;

    private record Unacknowledged(List<String> taskArns, long sentNanos) {}

    private final AgentSessions sessions;
    private final String instanceArn;
    private final LinkedBlockingQueue<String> changed = new LinkedBlockingQueue<>();
    private final Map<String, Unacknowledged> unacknowledged = new ConcurrentHashMap<>();
    private volatile SocketEndpoint.Socket socket;
    private volatile Thread sender;

    AcsSession(AgentSessions sessions, String instanceArn) {
        this.sessions = sessions;
        this.instanceArn = instanceArn;
    }

    String instanceArn() {
        return instanceArn;
    }

    /** Has the task's newest state sent. */
    void offer(String taskArn) {
        changed.add(taskArn);
    }

    @Override
    public void opened(SocketEndpoint.Socket opened) {
        socket = opened;
        sessions.opened(this);
        sender = Thread.ofVirtual().name("acs-" + instanceArn.substring(instanceArn.length() - 8)).start(this::sendAll);
    }

    private void sendAll() {
        try {
            send(new Message.HeartbeatMessage(UUID.randomUUID().toString(), true));
            Image image = sessions.writer().image();
            changed.addAll(image.keys(EcsTables.TASKS, EcsTables.TASKS_BY_INSTANCE, instanceArn));
            sendManifest(image);
            long nextHeartbeat = System.nanoTime() + HEARTBEAT.toNanos();
            while (true) {
                String first = changed.poll(nextHeartbeat - System.nanoTime(), TimeUnit.NANOSECONDS);
                if (first != null) {
                    sendChanged(first);
                }
                if (System.nanoTime() - nextHeartbeat >= 0) {
                    nextHeartbeat = System.nanoTime() + HEARTBEAT.toNanos();
                    send(new Message.HeartbeatMessage(UUID.randomUUID().toString(), true));
                    repeatLost();
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
        changed.drainTo(arns, TASKS_PER_PAYLOAD - 1);
        Image image = sessions.writer().image();
        Optional<InstanceRow> instance = image.get(EcsTables.INSTANCES, instanceArn);
        if (instance.isEmpty()) {
            return;
        }
        var payloads = new ArrayList<TaskPayload>();
        for (String arn : arns) {
            image.get(EcsTables.TASKS, arn)
                    .filter(row -> !row.stopped())
                    .flatMap(row -> payload(image, row, instance.get()))
                    .ifPresent(payloads::add);
        }
        if (!payloads.isEmpty()) {
            String messageId = UUID.randomUUID().toString();
            unacknowledged.put(messageId,
                    new Unacknowledged(payloads.stream().map(TaskPayload::arn).toList(), System.nanoTime()));
            send(new Message.PayloadMessage(messageId, clusterArn(instance.get()), instanceArn,
                    System.currentTimeMillis(), sessions.nextSequence(), payloads));
        }
    }

    /** A task that cannot be told to its agent is a fault of ours; the agent's other tasks must not suffer from it. */
    private static Optional<TaskPayload> payload(Image image, TaskRow row, InstanceRow instance) {
        try {
            return Optional.of(Payloads.of(row, Tasks.definition(image, row).definition(), instance));
        } catch (RuntimeException e) {
            LOG.log(Level.ERROR, "the task cannot be sent to its agent: " + row.arn(), e);
            return Optional.empty();
        }
    }

    /** Tells the agent all it should run, so that it asks about what it runs beyond that. */
    private void sendManifest(Image image) {
        List<ManifestTask> tasks = image.find(EcsTables.TASKS, EcsTables.TASKS_BY_INSTANCE, instanceArn).stream()
                .map(row -> new ManifestTask(row.arn(), row.task().clusterArn(), row.task().desiredStatus()))
                .toList();
        image.get(EcsTables.INSTANCES, instanceArn).ifPresent(instance -> send(new Message.TaskManifestMessage(
                UUID.randomUUID().toString(), clusterArn(instance), instanceArn, System.currentTimeMillis(),
                sessions.nextSequence(), tasks)));
    }

    /** Managed instances belong to no cluster, but agents drop messages without one. */
    private static String clusterArn(InstanceRow instance) {
        return instance.clusterArn().isEmpty() ? instance.arn() : instance.clusterArn();
    }

    private void repeatLost() {
        unacknowledged.forEach((messageId, sent) -> {
            if (System.nanoTime() - sent.sentNanos > ACK_TIMEOUT.toNanos() && unacknowledged.remove(messageId, sent)) {
                changed.addAll(sent.taskArns);
            }
        });
    }

    @Override
    public void text(String text) {
        switch (Frames.read(text)) {
            case Message.AckRequest ack -> {
                Unacknowledged sent = ack.messageId() == null ? null : unacknowledged.remove(ack.messageId());
                if (sent != null) {
                    sessions.writer().submit((image, context) -> TaskDelivery.decide(image, sent.taskArns));
                }
            }
            case Message.TaskStopVerificationMessage question -> verifyStop(question);
            case Message.NackRequest nack ->
                    LOG.log(Level.WARNING, "agent {0} refused a message: {1}", instanceArn, nack.reason());
            case Message other -> LOG.log(Level.TRACE, "agent {0}: {1}", instanceArn, other);
        }
    }

    /** Confirms the end of those tasks that indeed should not run there. */
    private void verifyStop(Message.TaskStopVerificationMessage question) {
        Image image = sessions.writer().image();
        List<ManifestTask> stop = Optional.ofNullable(question.stopCandidates()).orElse(List.of()).stream()
                .filter(candidate -> candidate != null && candidate.taskArn() != null)
                .filter(candidate -> image.get(EcsTables.TASKS, candidate.taskArn())
                        .filter(row -> row.wanted() && row.instanceArn().equals(instanceArn)).isEmpty())
                .toList();
        if (!stop.isEmpty()) {
            send(new Message.TaskStopVerificationAck(question.messageId(), System.currentTimeMillis(), stop));
        }
    }

    @Override
    public void closed(int code) {
        Thread running = sender;
        if (running != null) {
            running.interrupt();
        }
        sessions.closed(this);
    }

    /** Asks the agent to connect anew, at once (close code 1000). */
    void end() {
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
