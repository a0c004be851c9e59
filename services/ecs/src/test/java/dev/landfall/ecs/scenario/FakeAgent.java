package dev.landfall.ecs.scenario;

import dev.landfall.ecs.Ecs;
import dev.landfall.ecs.World;
import dev.landfall.protocol.Frames;
import dev.landfall.protocol.Message;
import dev.landfall.protocol.Message.ManifestTask;
import dev.landfall.protocol.TaskPayload;
import dev.landfall.wire.Call;
import dev.landfall.wire.SocketEndpoint;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import software.amazon.awssdk.services.ecs.model.ContainerStateChange;

/**
 * An agent without containers, wired to the server's socket handlers. What it is sent is kept; a task it is told to run
 * runs at once, and one it is told to stop stops, unless it is silenced. It works on one thread of its own, as handlers
 * may block.
 */
final class FakeAgent implements AutoCloseable {
    private final ExecutorService thread = Executors.newSingleThreadExecutor();
    private final List<Message> received = new CopyOnWriteArrayList<>();
    private final Map<String, TaskPayload> running = new TreeMap<>();
    private final String arn;
    private volatile Ecs ecs;
    private volatile Connection control;
    private volatile boolean acknowledges = true;
    private volatile boolean reports = true;

    FakeAgent(Ecs ecs, int memory) {
        this.ecs = ecs;
        this.arn = ecs.registerContainerInstance(World.instanceRequest(memory, "default").build())
                .containerInstance().containerInstanceArn();
    }

    String arn() {
        return arn;
    }

    List<Message> received() {
        return List.copyOf(received);
    }

    void silence() {
        acknowledges = false;
        reports = false;
    }

    void speak() {
        acknowledges = true;
        reports = true;
    }

    /** Takes messages, and reports nothing of what it does with them. */
    void stopReporting() {
        reports = false;
    }

    private final class Connection implements SocketEndpoint.Socket {
        private final SocketEndpoint.Handler handler;
        private volatile boolean open = true;

        Connection(SocketEndpoint.Handler handler) {
            this.handler = handler;
        }

        @Override
        public void send(String text) {
            if (!open) {
                throw new IllegalStateException("the socket is closed");
            }
            thread.submit(() -> take(this, Frames.read(text)));
        }

        @Override
        public void close(int code, String reason) {
            if (open) {
                open = false;
                thread.submit(() -> handler.closed(code));
            }
        }
    }

    /** Connects to a server, which may be another one than before. */
    void connect(Ecs server) throws Exception {
        ecs = server;
        control = open(server, "/acs/ws", "containerInstanceArn");
    }

    private Connection open(Ecs server, String path, String parameter) throws Exception {
        SocketEndpoint endpoint = server.sockets().stream().filter(each -> each.path().equals(path)).findFirst()
                .orElseThrow();
        var request = new SocketEndpoint.Request(Map.of(parameter, arn), Call.current());
        var connection = new Connection(endpoint.open(request));
        thread.submit(() -> connection.handler.opened(connection)).get();
        return connection;
    }

    /** The connection breaks; the server hears of it. */
    void disconnect() {
        control.close(1006, "");
    }

    boolean connected() {
        return control.open;
    }

    /** Publishes the health of the one container of a task. */
    void publishHealth(String taskArn, String status) throws Exception {
        Connection telemetry = open(ecs, "/tcs/ws", "containerInstance");
        var health = new Message.TaskHealth(taskArn, "", "", "",
                List.of(new Message.ContainerHealth("app", status, 0, null)));
        String frame = Frames.write(new Message.PublishHealthRequest(null, List.of(health), 0));
        thread.submit(() -> telemetry.handler.text("POST / HTTP/1.1\r\nX: y\r\n\r\n" + frame)).get();
    }

    /** Asks about tasks, as an agent does that runs what the manifest does not name. */
    void askWhetherToStop(String... taskArns) throws Exception {
        var candidates = new ArrayList<ManifestTask>();
        for (String taskArn : taskArns) {
            candidates.add(new ManifestTask(taskArn, "", "STOPPED"));
        }
        say(control, new Message.TaskStopVerificationMessage("question", candidates));
    }

    void exits(String taskArn, int code) {
        thread.submit(() -> report(taskArn, "STOPPED", code));
    }

    private void say(Connection connection, Message message) throws Exception {
        thread.submit(() -> connection.handler.text(Frames.write(message))).get();
    }

    private void take(Connection connection, Message message) {
        received.add(message);
        if (message instanceof Message.PayloadMessage payload) {
            if (acknowledges) {
                connection.handler.text(Frames.write(new Message.AckRequest("", arn, payload.messageId())));
            }
            if (reports) {
                payload.tasks().forEach(this::obey);
            }
        }
    }

    private void obey(TaskPayload task) {
        if (task.desiredStatus().equals("RUNNING")) {
            running.put(task.arn(), task);
            report(task.arn(), "RUNNING", null);
        } else {
            report(task.arn(), "STOPPED", 143);
        }
    }

    private void report(String taskArn, String status, Integer exitCode) {
        TaskPayload task = running.get(taskArn);
        var containers = task == null ? List.<ContainerStateChange>of() : task.containers().stream()
                .map(each -> ContainerStateChange.builder().containerName(each.name()).status(status)
                        .exitCode(exitCode).build()).toList();
        ecs.submitTaskStateChange(request -> request.task(taskArn).status(status).containers(containers));
    }

    @Override
    public void close() {
        thread.shutdown();
    }
}
