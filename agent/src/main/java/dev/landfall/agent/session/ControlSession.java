package dev.landfall.agent.session;

import dev.landfall.agent.AgentConfig;
import dev.landfall.agent.metadata.RoleCredentialStore;
import dev.landfall.agent.supervise.Tasks;
import dev.landfall.protocol.Message;
import dev.landfall.protocol.Message.ManifestTask;
import dev.landfall.protocol.Message.RoleCredentials;
import dev.landfall.protocol.TaskPayload;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** The control websocket (ACS): takes tasks, credentials and manifests, and acknowledges them. */
public final class ControlSession implements AutoCloseable, Session.Role {
    private static final System.Logger LOG = System.getLogger(ControlSession.class.getName());
    private static final Duration LONGEST_DELAY = Duration.ofSeconds(15);

    private final AgentConfig config;
    private final Supplier<ServerAddress> server;
    private final Tasks tasks;
    private final RoleCredentialStore credentials;
    private final Consumer<String> inactive;
    private final Session session;
    private final CountDownLatch connected = new CountDownLatch(1);
    private boolean credentialsAsked;
    private long newestSequence;

    /** Where the control plane listens for this instance. */
    public record ServerAddress(String containerInstanceArn, String endpoint, String telemetryEndpoint) {}

    /** {@code inactive} is told when the control plane no longer takes this instance. */
    public ControlSession(AgentConfig config, HttpClient http, Supplier<ServerAddress> server, Tasks tasks,
            RoleCredentialStore credentials, Consumer<String> inactive) {
        this.config = config;
        this.server = server;
        this.tasks = tasks;
        this.credentials = credentials;
        this.inactive = inactive;
        this.session = new Session("acs", LONGEST_DELAY, http, this);
    }

    public void start() {
        session.start();
    }

    public void awaitConnected() throws InterruptedException {
        connected.await();
    }

    @Override
    public Endpoint endpoint() {
        ServerAddress address = server.get();
        var query = new LinkedHashMap<String, String>();
        query.put("agentHash", AgentVersion.HASH);
        query.put("agentVersion", AgentVersion.NUMBER);
        query.put("clusterArn", Registration.cluster(config));
        query.put("containerInstanceArn", address.containerInstanceArn());
        query.put("protocolVersion", "2");
        query.put("sendCredentials", "" + !credentialsAsked);
        query.put("seqNum", "1");
        return Endpoint.of(address.endpoint(), query, config);
    }

    @Override
    public void opened(Socket socket) {
        credentialsAsked = true;
        newestSequence = 0;
        connected.countDown();
        tasks.submitAgain();
    }

    @Override
    public void refused(String why) {
        inactive.accept(why);
    }

    @Override
    public void received(Message message, Socket socket) throws IOException {
        switch (message) {
            case Message.HeartbeatMessage heartbeat ->
                    socket.send(new Message.HeartbeatAckRequest(heartbeat.messageId()));
            case Message.PayloadMessage payload -> payload(payload, socket);
            case Message.IAMRoleCredentialsMessage role -> {
                credentials.keep(role.roleCredentials());
                acknowledge(role.messageId(), role.roleCredentials(), socket);
            }
            case Message.TaskManifestMessage manifest -> manifest(manifest, socket);
            case Message.TaskStopVerificationAck verified -> {
                for (ManifestTask task : tasksOf(verified.stopTasks())) {
                    tasks.stop(task.taskArn(), task.taskClusterArn());
                }
            }
            case Message.Unknown unknown ->
                    LOG.log(System.Logger.Level.DEBUG, "ignored a message of type {0}", unknown.type());
            case Message.HeartbeatAckRequest m -> unexpected(m);
            case Message.AckRequest m -> unexpected(m);
            case Message.NackRequest m -> unexpected(m);
            case Message.IAMRoleCredentialsAckRequest m -> unexpected(m);
            case Message.TaskStopVerificationMessage m -> unexpected(m);
            case Message.PublishMetricsRequest m -> unexpected(m);
            case Message.PublishHealthRequest m -> unexpected(m);
            case Message.PublishInstanceStatusRequest m -> unexpected(m);
            case Message.AckPublishMetric m -> unexpected(m);
            case Message.AckPublishHealth m -> unexpected(m);
            case Message.AckPublishInstanceStatus m -> unexpected(m);
        }
    }

    private static void unexpected(Message message) {
        LOG.log(System.Logger.Level.DEBUG, "ignored {0}", message.getClass().getSimpleName());
    }

    private void payload(Message.PayloadMessage payload, Socket socket) throws IOException {
        if (payload.messageId() == null || payload.clusterArn() == null || payload.containerInstanceArn() == null) {
            return;
        }
        newestSequence = Math.max(newestSequence, payload.seqNum());
        List<TaskPayload> wanted = Objects.requireNonNullElse(payload.tasks(), List.of());
        // First of all: a container may ask for its credentials as soon as it starts.
        wanted.stream().flatMap(ControlSession::roles).forEach(credentials::keep);
        try {
            if (!tasks.accept(wanted)) {
                return;
            }
        } catch (UncheckedIOException e) {
            // Not acknowledged, so it will come again.
            LOG.log(System.Logger.Level.ERROR, "cannot take in tasks", e);
            return;
        }
        socket.send(new Message.AckRequest(payload.clusterArn(), payload.containerInstanceArn(), payload.messageId()));
        for (RoleCredentials role : wanted.stream().flatMap(ControlSession::roles).toList()) {
            acknowledge(payload.messageId(), role, socket);
        }
    }

    private static Stream<RoleCredentials> roles(TaskPayload task) {
        return Stream.of(Optional.ofNullable(task.roleCredentials()),
                Optional.ofNullable(task.executionRoleCredentials()))
                .flatMap(Optional::stream)
                .filter(role -> role.credentialsId() != null && role.accessKeyId() != null);
    }

    private static void acknowledge(String messageId, RoleCredentials role, Socket socket) throws IOException {
        socket.send(new Message.IAMRoleCredentialsAckRequest(messageId, role.expiration(), role.credentialsId()));
    }

    /** Tasks that run here, but should not: the control plane is asked before they are stopped. */
    private void manifest(Message.TaskManifestMessage manifest, Socket socket) throws IOException {
        if (manifest.timeline() <= newestSequence) {
            return;
        }
        newestSequence = manifest.timeline();
        socket.send(new Message.AckRequest(
                manifest.clusterArn(), manifest.containerInstanceArn(), manifest.messageId()));
        Map<String, TaskPayload> surplus = tasks.active();
        for (ManifestTask listed : tasksOf(manifest.tasks())) {
            if ("RUNNING".equals(listed.desiredStatus())) {
                surplus.remove(listed.taskArn());
            }
        }
        if (!surplus.isEmpty()) {
            var candidates = new ArrayList<ManifestTask>();
            surplus.forEach((arn, task) -> candidates.add(new ManifestTask(arn, task.taskClusterArn(), "STOPPED")));
            socket.send(new Message.TaskStopVerificationMessage(manifest.messageId(), candidates));
        }
    }

    private static List<ManifestTask> tasksOf(List<ManifestTask> tasks) {
        return Objects.requireNonNullElse(tasks, List.of());
    }

    @Override
    public void close() {
        session.close();
    }
}
