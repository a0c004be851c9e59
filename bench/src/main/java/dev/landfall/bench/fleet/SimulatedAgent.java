package dev.landfall.bench.fleet;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.landfall.bench.Refusal;
import dev.landfall.bench.wire.Api;
import dev.landfall.protocol.Frames;
import dev.landfall.protocol.Message;
import dev.landfall.protocol.TaskPayload;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * A container instance without containers: it speaks the agent protocol as a real agent does (registration, control
 * websocket, acknowledgements, SubmitTaskStateChange), and says of every task that it runs, or that it has stopped, as
 * soon as it is told to. So a control plane can be loaded with any number of tasks. Safe for any thread.
 */
public final class SimulatedAgent implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofMinutes(10);
    private static final int RUNTIME_ID_LENGTH = 64;
    private static final String REMOTE_API = "com.amazonaws.ecs.capability.docker-remote-api.1.";
    private static final List<String> CAPABILITIES = List.of(
            "ecs.capability.task-cpu-mem-limit", "ecs.capability.container-ordering", REMOTE_API + 17, REMOTE_API + 18,
            REMOTE_API + 19, REMOTE_API + 21, REMOTE_API + 29);

    private final URI server;
    private final String cluster;
    private final String instanceArn;
    private final Map<String, String> reported = new ConcurrentHashMap<>();
    // Bounded by the tasks that the benchmark starts.
    private final LinkedBlockingQueue<TaskPayload> changes = new LinkedBlockingQueue<>();
    private final AtomicInteger running = new AtomicInteger();
    private final List<Thread> reporters = new ArrayList<>();
    private final WebSocket socket;
    private volatile RuntimeException failure;

    /** What the instance offers. */
    public record Size(int cpuUnits, int memoryMib) {
        /** Room for any number of small tasks. */
        public static final Size HUGE = new Size(2_000_000_000, 2_000_000_000);
    }

    /** Registers in an existing cluster and connects; {@code reporters} connections hand in reports side by side. */
    public static SimulatedAgent connect(URI server, String cluster, Size size, int reporters) {
        try (var api = new Api(server)) {
            String instanceArn = api.call("RegisterContainerInstance", registration(cluster, size))
                    .path("containerInstance").path("containerInstanceArn").asText();
            String endpoint = api.call("DiscoverPollEndpoint", Api.object()
                    .put("cluster", cluster).put("containerInstance", instanceArn)).path("endpoint").asText();
            return new SimulatedAgent(server, cluster, instanceArn, endpoint, reporters);
        }
    }

    private static ObjectNode registration(String cluster, Size size) {
        ObjectNode input = Api.object().put("cluster", cluster);
        ArrayNode resources = input.putArray("totalResources");
        resources.addObject().put("name", "CPU").put("type", "INTEGER").put("integerValue", size.cpuUnits);
        resources.addObject().put("name", "MEMORY").put("type", "INTEGER").put("integerValue", size.memoryMib);
        for (String name : List.of("PORTS", "PORTS_UDP")) {
            resources.addObject().put("name", name).put("type", "STRINGSET").putArray("stringSetValue");
        }
        ArrayNode attributes = input.putArray("attributes");
        for (String name : CAPABILITIES) {
            attributes.addObject().put("name", name);
        }
        attributes.addObject().put("name", "ecs.os-type").put("value", "linux");
        attributes.addObject().put("name", "ecs.cpu-architecture").put("value", "x86_64");
        input.putObject("versionInfo").put("agentVersion", "1.0.0").put("agentHash", "simulated");
        return input;
    }

    private SimulatedAgent(URI server, String cluster, String instanceArn, String endpoint, int reporters) {
        this.server = server;
        this.cluster = cluster;
        this.instanceArn = instanceArn;
        for (int i = 0; i < reporters; i++) {
            this.reporters.add(Thread.ofPlatform().name("reporter-" + i).daemon().start(this::report));
        }
        URI address = URI.create(endpoint.replaceFirst("^http", "ws") + "ws?clusterArn=" + encode(cluster)
                + "&containerInstanceArn=" + encode(instanceArn) + "&agentHash=simulated&agentVersion=1.0.0"
                + "&protocolVersion=2&sendCredentials=true&seqNum=1");
        this.socket = HttpClient.newHttpClient().newWebSocketBuilder()
                .header("Authorization", "AWS4-HMAC-SHA256 Credential=landfall/20260101/us-east-1/ecs/aws4_request,"
                        + " SignedHeaders=host, Signature=0")
                .buildAsync(address, new Receiver()).join();
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, UTF_8);
    }

    public String instanceArn() {
        return instanceArn;
    }

    /** Returns when the control plane counts this instance as connected, and so places tasks on it. */
    public void awaitConnected() {
        ObjectNode input = Api.object().put("cluster", cluster);
        input.putArray("containerInstances").add(instanceArn);
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        try (var api = new Api(server)) {
            while (!api.call("DescribeContainerInstances", input).path("containerInstances").path(0)
                    .path("agentConnected").asBoolean()) {
                if (System.nanoTime() > deadline) {
                    throw new Refusal(instanceArn + " does not get connected");
                }
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
            }
        }
    }

    /** How many tasks this agent has reported as running, and not as stopped since. */
    public int running() {
        return running.get();
    }

    /** Returns when so many tasks run, as far as the control plane has acknowledged. */
    public void awaitRunning(int count) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (running.get() != count) {
            if (failure != null) {
                throw failure;
            }
            if (System.nanoTime() > deadline) {
                throw new Refusal("only " + running.get() + " of " + count + " tasks run");
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
        }
    }

    private final class Receiver implements WebSocket.Listener {
        private final StringBuilder partial = new StringBuilder();
        private CompletableFuture<?> sent = CompletableFuture.completedFuture("");

        @Override
        public CompletionStage<?> onText(WebSocket webSocket, CharSequence data, boolean last) {
            partial.append(data);
            if (last) {
                received(webSocket, Frames.read(partial.toString()));
                partial.setLength(0);
            }
            webSocket.request(1);
            return null;
        }

        /** One message must be out before the next is sent. */
        private void send(WebSocket webSocket, Message message) {
            sent = sent.thenCompose(_ -> webSocket.sendText(Frames.write(message), true));
        }

        private void received(WebSocket webSocket, Message message) {
            switch (message) {
                case Message.HeartbeatMessage heartbeat ->
                        send(webSocket, new Message.HeartbeatAckRequest(heartbeat.messageId()));
                case Message.PayloadMessage payload -> {
                    send(webSocket, new Message.AckRequest(
                            payload.clusterArn(), payload.containerInstanceArn(), payload.messageId()));
                    changes.addAll(payload.tasks());
                }
                case Message.TaskManifestMessage manifest -> send(webSocket, new Message.AckRequest(
                        manifest.clusterArn(), manifest.containerInstanceArn(), manifest.messageId()));
                case Message other -> { } // credentials and the like: there is no container to use them
            }
        }
    }

    private void report() {
        try (var api = new Api(server)) {
            while (true) {
                TaskPayload task = changes.take();
                String status = "STOPPED".equals(task.desiredStatus()) ? "STOPPED" : "RUNNING";
                // The control plane sends a task again when in doubt; a report is made once.
                String before = reported.put(task.arn(), status);
                if (!status.equals(before)) {
                    api.call("SubmitTaskStateChange", change(task, status));
                    running.addAndGet(status.equals("RUNNING") ? 1 : "RUNNING".equals(before) ? -1 : 0);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            failure = e;
        }
    }

    private static ObjectNode change(TaskPayload task, String status) {
        ObjectNode input = Api.object().put("cluster", task.taskClusterArn()).put("task", task.arn())
                .put("status", status);
        ArrayNode containers = input.putArray("containers");
        String id = task.arn().substring(task.arn().lastIndexOf('/') + 1);
        if (task.containers() != null) {
            for (TaskPayload.ContainerPayload container : task.containers()) {
                containers.addObject().put("containerName", container.name()).put("status", status)
                        .put("runtimeId", id.repeat(2).substring(0, RUNTIME_ID_LENGTH));
            }
        }
        return input;
    }

    @Override
    public void close() {
        reporters.forEach(Thread::interrupt);
        socket.abort();
    }
}
