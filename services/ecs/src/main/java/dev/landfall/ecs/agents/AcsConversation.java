package dev.landfall.ecs.agents;

import dev.landfall.ecs.EcsTables;
import dev.landfall.ecs.instance.InstanceRow;
import dev.landfall.ecs.task.TaskRow;
import dev.landfall.ecs.task.TaskStatus;
import dev.landfall.ecs.task.Tasks;
import dev.landfall.protocol.Message;
import dev.landfall.protocol.Message.ManifestTask;
import dev.landfall.protocol.TaskPayload;
import dev.landfall.state.Context;
import dev.landfall.state.Decisions;
import dev.landfall.state.Image;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.LongSupplier;

/**
 * What is said on one agent's control connection, without its socket and thread: messages come in and go out as values.
 * What the agent does not acknowledge is sent again; agents know tasks by their ARN. One thread asks for messages to
 * send, another may hand in what was received.
 */
public final class AcsConversation {
    private static final System.Logger LOG = System.getLogger(AcsConversation.class.getName());

    /** The agent gives a connection up after 60 seconds of silence. */
    public static final Duration HEARTBEAT = Duration.ofSeconds(20);

    /** Keeps a frame well under a megabyte. */
    public static final int TASKS_PER_PAYLOAD = 50;

    /** An agent acknowledges within milliseconds; after this a payload counts as lost. */
    private static final Duration ACK_TIMEOUT = Duration.ofSeconds(10);

    private record Unacknowledged(List<String> taskArns, long sentNanos) {}

    /**
     * Where the conversation takes its numbers from.
     *
     * @param sequence one counter for payloads and manifests of all agents, growing over restarts
     * @param nanos a clock for spans of time
     */
    public record Numbers(Context.Ids ids, LongSupplier sequence, InstantSource clock, LongSupplier nanos) {}

    private final Decisions decisions;
    private final String instanceArn;
    private final Numbers numbers;
    private final Payloads payloads;
    private final Map<String, Unacknowledged> unacknowledged = new ConcurrentSkipListMap<>();

    /** @param payloads shared by all conversations */
    public AcsConversation(Decisions decisions, String instanceArn, Numbers numbers, Payloads payloads) {
        this.decisions = decisions;
        this.instanceArn = instanceArn;
        this.numbers = numbers;
        this.payloads = payloads;
    }

    /**
     * The first words.
     *
     * @param messages to be sent now
     * @param taskArns tasks whose state is to be sent next
     */
    public record Greeting(List<Message> messages, Collection<String> taskArns) {}

    /** All that the agent should run, and a manifest, so that it asks about what it runs beyond that. */
    public Greeting greeting() {
        Image image = decisions.image();
        var messages = new ArrayList<Message>();
        messages.add(heartbeat());
        List<ManifestTask> tasks = image.find(EcsTables.TASKS, EcsTables.TASKS_BY_INSTANCE, instanceArn).stream()
                .map(row -> new ManifestTask(row.arn(), row.task().clusterArn(),
                        row.held() ? TaskStatus.RUNNING.name() : row.task().desiredStatus()))
                .toList();
        image.get(EcsTables.INSTANCES, instanceArn).ifPresent(instance -> messages.add(
                new Message.TaskManifestMessage(numbers.ids.next(), clusterArn(instance), instanceArn,
                        numbers.clock.millis(), numbers.sequence.getAsLong(), tasks)));
        return new Greeting(messages, image.keys(EcsTables.TASKS, EcsTables.TASKS_BY_INSTANCE, instanceArn));
    }

    public Message heartbeat() {
        return new Message.HeartbeatMessage(numbers.ids.next(), true);
    }

    /** The newest state of these tasks, at most {@link #TASKS_PER_PAYLOAD}; none if the agent need not know. */
    public Optional<Message> payload(Collection<String> taskArns) {
        Image image = decisions.image();
        Optional<InstanceRow> instance = image.get(EcsTables.INSTANCES, instanceArn);
        if (instance.isEmpty()) {
            return Optional.empty();
        }
        var tasks = new ArrayList<TaskPayload>();
        for (String arn : taskArns) {
            image.get(EcsTables.TASKS, arn)
                    .filter(row -> !row.stopped() && !row.held())
                    .flatMap(row -> payload(image, row, instance.get()))
                    .ifPresent(tasks::add);
        }
        if (tasks.isEmpty()) {
            return Optional.empty();
        }
        String messageId = numbers.ids.next();
        unacknowledged.put(messageId, new Unacknowledged(
                tasks.stream().map(TaskPayload::arn).toList(), numbers.nanos.getAsLong()));
        return Optional.of(new Message.PayloadMessage(messageId, clusterArn(instance.get()), instanceArn,
                numbers.clock.millis(), numbers.sequence.getAsLong(), tasks));
    }

    /** A task that cannot be told to its agent is a fault of ours; the agent's other tasks must not suffer from it. */
    private Optional<TaskPayload> payload(Image image, TaskRow row, InstanceRow instance) {
        try {
            return Optional.of(payloads.of(row, Tasks.definition(image, row).definition(), instance));
        } catch (RuntimeException e) {
            LOG.log(Level.ERROR, "the task cannot be sent to its agent: " + row.arn(), e);
            return Optional.empty();
        }
    }

    /** Managed instances belong to no cluster, but agents drop messages without one. */
    private static String clusterArn(InstanceRow instance) {
        return instance.clusterArn().isEmpty() ? instance.arn() : instance.clusterArn();
    }

    /** The tasks of payloads that count as lost; they are to be sent again. */
    public List<String> lost() {
        var lost = new ArrayList<String>();
        long now = numbers.nanos.getAsLong();
        unacknowledged.forEach((messageId, sent) -> {
            if (now - sent.sentNanos > ACK_TIMEOUT.toNanos() && unacknowledged.remove(messageId, sent)) {
                lost.addAll(sent.taskArns);
            }
        });
        return lost;
    }

    /** Takes in what the agent said; the answer, if there is one. */
    public Optional<Message> received(Message message) {
        switch (message) {
            case Message.AckRequest ack -> {
                Unacknowledged sent = ack.messageId() == null ? null : unacknowledged.remove(ack.messageId());
                // What was sent was durable, so that the published image is not older than what is acknowledged.
                if (sent != null && TaskDelivery.concerns(decisions.image(), sent.taskArns)) {
                    decisions.submit((image, context) -> TaskDelivery.decide(image, sent.taskArns));
                }
            }
            case Message.TaskStopVerificationMessage question -> {
                return verifyStop(question);
            }
            case Message.NackRequest nack ->
                    LOG.log(Level.WARNING, "agent {0} refused a message: {1}", instanceArn, nack.reason());
            case Message other -> LOG.log(Level.TRACE, "agent {0}: {1}", instanceArn, other);
        }
        return Optional.empty();
    }

    /** Confirms the end of those tasks that indeed should not run there. */
    private Optional<Message> verifyStop(Message.TaskStopVerificationMessage question) {
        Image image = decisions.image();
        List<ManifestTask> stop = Optional.ofNullable(question.stopCandidates()).orElse(List.of()).stream()
                .filter(candidate -> candidate != null && candidate.taskArn() != null)
                .filter(candidate -> image.get(EcsTables.TASKS, candidate.taskArn())
                        .filter(row -> (row.wanted() || row.held()) && row.instanceArn().equals(instanceArn)).isEmpty())
                .toList();
        return stop.isEmpty() ? Optional.empty()
                : Optional.of(new Message.TaskStopVerificationAck(question.messageId(), numbers.clock.millis(), stop));
    }
}
