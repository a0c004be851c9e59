package dev.landfall.agent.fake;

import dev.landfall.protocol.Frames;
import dev.landfall.protocol.Message;
import dev.landfall.protocol.TaskPayload;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import java.util.function.Supplier;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.ecs.model.Attribute;
import software.amazon.awssdk.services.ecs.model.DiscoverPollEndpointRequest;
import software.amazon.awssdk.services.ecs.model.DiscoverPollEndpointResponse;
import software.amazon.awssdk.services.ecs.model.InvalidParameterException;
import software.amazon.awssdk.services.ecs.model.ListTagsForResourceRequest;
import software.amazon.awssdk.services.ecs.model.ListTagsForResourceResponse;
import software.amazon.awssdk.services.ecs.model.RegisterContainerInstanceRequest;
import software.amazon.awssdk.services.ecs.model.RegisterContainerInstanceResponse;
import software.amazon.awssdk.services.ecs.model.SubmitTaskStateChangeRequest;
import software.amazon.awssdk.services.ecs.model.SubmitTaskStateChangeResponse;
import software.amazon.awssdk.services.ecs.model.Tag;

/**
 * A control plane for one agent: what the agent calls and the websockets it connects to. It keeps everything it hears,
 * and can be switched off.
 */
public final class ControlPlane implements EcsClient, SocketServer.Listener, AutoCloseable {
    public static final String CLUSTER = "arn:aws:ecs:us-east-1:000000000000:cluster/default";
    private static final String INSTANCES = "arn:aws:ecs:us-east-1:000000000000:container-instance/default/";
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition heard = lock.newCondition();
    private final SocketServer sockets = new SocketServer(0, this);
    private final AtomicInteger instances = new AtomicInteger();
    private final AtomicLong sequence = new AtomicLong();
    private final List<RegisterContainerInstanceRequest> registrations = new ArrayList<>();
    private final List<SubmitTaskStateChangeRequest> changes = new ArrayList<>();
    private final List<Message> messages = new ArrayList<>();
    private Optional<SocketServer.Connection> acs = Optional.empty();
    private volatile boolean away;
    private volatile String forgotten = "";

    // ---- the agent's calls ----

    @Override
    public RegisterContainerInstanceResponse registerContainerInstance(RegisterContainerInstanceRequest request) {
        refuseIfAway();
        if (forgotten.equals(request.containerInstanceArn())) {
            throw InvalidParameterException.builder().message("The container instance is not known").build();
        }
        String arn = request.containerInstanceArn() != null
                ? request.containerInstanceArn() : INSTANCES + instances.incrementAndGet();
        hear(() -> registrations.add(request));
        var attributes = new ArrayList<>(request.attributes());
        attributes.add(Attribute.builder().name("ecs.availability-zone").value("us-east-1a").build());
        return RegisterContainerInstanceResponse.builder()
                .containerInstance(instance -> instance.containerInstanceArn(arn).attributes(attributes))
                .build();
    }

    @Override
    public DiscoverPollEndpointResponse discoverPollEndpoint(DiscoverPollEndpointRequest request) {
        refuseIfAway();
        String base = "http://127.0.0.1:" + sockets.port();
        return DiscoverPollEndpointResponse.builder().endpoint(base + "/acs/").telemetryEndpoint(base + "/tcs/")
                .build();
    }

    @Override
    public SubmitTaskStateChangeResponse submitTaskStateChange(SubmitTaskStateChangeRequest request) {
        refuseIfAway();
        hear(() -> changes.add(request));
        return SubmitTaskStateChangeResponse.builder().acknowledgment("ok").build();
    }

    @Override
    public ListTagsForResourceResponse listTagsForResource(ListTagsForResourceRequest request) {
        return ListTagsForResourceResponse.builder()
                .tags(Tag.builder().key("of").value(request.resourceArn().contains(":task/") ? "task" : "instance")
                .build())
                .build();
    }

    private void refuseIfAway() {
        if (away) {
            throw SdkClientException.create("connection refused");
        }
    }

    @Override
    public String serviceName() {
        return "ecs";
    }

    // ---- websockets ----

    @Override
    public Verdict upgrade(URI target) {
        if (away) {
            return new Verdict(503, "away");
        }
        return !forgotten.isEmpty() && target.getQuery().contains(forgotten)
                ? new Verdict(400, "{\"InactiveInstanceException\":\"gone\"}") : Verdict.ACCEPT;
    }

    @Override
    public void opened(SocketServer.Connection connection) {
        if (connection.target().getPath().startsWith("/acs")) {
            hear(() -> acs = Optional.of(connection));
        }
    }

    @Override
    public void text(SocketServer.Connection connection, String text) {
        hear(() -> messages.add(Frames.read(text)));
    }

    // ---- what a test does ----

    public URI endpoint() {
        return URI.create("http://127.0.0.1:" + sockets.port());
    }

    /** Goes away, cutting every connection, or comes back. */
    public void away(boolean gone) {
        away = gone;
        if (gone) {
            lock.lock();
            try {
                acs = Optional.empty();
            } finally {
                lock.unlock();
            }
            sockets.cutAll();
        }
    }

    public void forget(String containerInstanceArn) {
        forgotten = containerInstanceArn;
        lock.lock();
        try {
            acs = Optional.empty();
        } finally {
            lock.unlock();
        }
        sockets.cutAll();
    }

    public void send(Message message) {
        await("an agent is connected", () -> acs).send(Frames.write(message));
    }

    /** Sends a payload and waits until it is acknowledged. */
    public void run(TaskPayload... tasks) {
        String id = "payload-" + sequence.incrementAndGet();
        send(new Message.PayloadMessage(id, CLUSTER, INSTANCES + "1", 0, sequence.get(), List.of(tasks)));
        message(Message.AckRequest.class, ack -> ack.messageId().equals(id));
    }

    public void stop(String taskArn) {
        run(TaskPayload.stop(taskArn, CLUSTER));
    }

    public long nextSequence() {
        return sequence.incrementAndGet();
    }

    /** Waits for the report that a task has the status. */
    public SubmitTaskStateChangeRequest reported(String taskArn, String status) {
        return await(taskArn + " is " + status, () -> changes(taskArn).stream()
                .filter(change -> change.status().equals(status)).findFirst());
    }

    public SubmitTaskStateChangeRequest reported(String taskArn, Predicate<SubmitTaskStateChangeRequest> such) {
        return await(taskArn + " as wanted", () -> changes(taskArn).stream().filter(such).findFirst());
    }

    public List<SubmitTaskStateChangeRequest> changes(String taskArn) {
        lock.lock();
        try {
            return changes.stream().filter(change -> change.task().equals(taskArn)).toList();
        } finally {
            lock.unlock();
        }
    }

    public List<RegisterContainerInstanceRequest> registrations() {
        lock.lock();
        try {
            return List.copyOf(registrations);
        } finally {
            lock.unlock();
        }
    }

    public <T extends Message> T message(Class<T> type, Predicate<T> such) {
        return await(type.getSimpleName(), () -> List.copyOf(messages).stream()
                .filter(type::isInstance).map(type::cast).filter(such).findFirst());
    }

    private void hear(Runnable change) {
        lock.lock();
        try {
            change.run();
            heard.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Waits until something heard makes {@code wanted} present. */
    private <T> T await(String what, Supplier<Optional<T>> wanted) {
        lock.lock();
        try {
            long left = PATIENCE.toNanos();
            for (var found = wanted.get(); ; found = wanted.get()) {
                if (found.isPresent()) {
                    return found.get();
                }
                if (left <= 0) {
                    throw new AssertionError("not within " + PATIENCE.toSeconds() + " s: " + what + "; heard "
                            + changes + " and " + messages);
                }
                left = heard.awaitNanos(left);
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        sockets.close();
    }
}
