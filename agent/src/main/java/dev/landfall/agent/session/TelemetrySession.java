package dev.landfall.agent.session;

import dev.landfall.agent.AgentConfig;
import dev.landfall.agent.session.ControlSession.ServerAddress;
import dev.landfall.agent.stats.ResourceUse;
import dev.landfall.agent.supervise.TaskRunner;
import dev.landfall.agent.supervise.Tasks;
import dev.landfall.agent.task.Health;
import dev.landfall.agent.task.TaskState;
import dev.landfall.protocol.Message;
import dev.landfall.protocol.Message.ContainerHealth;
import dev.landfall.protocol.Message.TaskHealth;
import dev.landfall.protocol.Message.TaskMetric;
import dev.landfall.protocol.Message.TelemetryMetadata;
import java.io.IOException;
import java.net.http.HttpClient;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * The telemetry websocket (TCS): what containers use, every period, and how they are, every period and at once when it
 * changes. Sends on a thread of its own.
 */
public final class TelemetrySession implements AutoCloseable, Session.Role {
    private static final System.Logger LOG = System.getLogger(TelemetrySession.class.getName());
    private static final Duration LONGEST_DELAY = Duration.ofSeconds(60);

    /** The protocol's bound on the tasks of one message. */
    private static final int MAX_TASKS = 10;

    private final AgentConfig config;
    private final Supplier<ServerAddress> server;
    private final Tasks tasks;
    private final ResourceUse use;
    private final Session session;
    private final Semaphore hurry = new Semaphore(0);
    private final Instant since = Instant.now();
    private volatile Thread publisher = Thread.ofVirtual().unstarted(() -> { });

    public TelemetrySession(
            AgentConfig config, HttpClient http, Supplier<ServerAddress> server, Tasks tasks, ResourceUse use) {
        this.config = config;
        this.server = server;
        this.tasks = tasks;
        this.use = use;
        this.session = new Session("tcs", LONGEST_DELAY, http, this);
    }

    public void start() {
        session.start();
        publisher = Thread.ofVirtual().name("tcs-publisher").start(this::publish);
    }

    /** Has health published now; cheap, and any number of calls before it happens make one message. */
    public void healthChanged() {
        hurry.release();
    }

    @Override
    public Endpoint endpoint() {
        ServerAddress address = server.get();
        var query = new LinkedHashMap<String, String>();
        query.put("agentHash", AgentVersion.HASH);
        query.put("agentVersion", AgentVersion.NUMBER);
        query.put("cluster", Registration.cluster(config));
        query.put("containerInstance", address.containerInstanceArn());
        return Endpoint.of(address.telemetryEndpoint(), query, config);
    }

    @Override
    public void opened(Socket socket) throws IOException {
        var status = new Message.InstanceStatus("ContainerRuntime", "OK", seconds(Instant.now()), seconds(since));
        String arn = server.get().containerInstanceArn();
        socket.send(new Message.PublishInstanceStatusRequest(
                new TelemetryMetadata(Registration.cluster(config), arn, null, UUID.randomUUID().toString(), null,
                        null),
                List.of(status), seconds(Instant.now())));
        healthChanged();
    }

    @Override
    public void refused(String why) {
        // The control session deals with an instance that is not known any more.
    }

    /** Only acknowledgements and heartbeats come; that they come is all there is to them. */
    @Override
    public void received(Message message, Socket socket) {
        LOG.log(System.Logger.Level.TRACE, "received {0}", message.getClass().getSimpleName());
    }

    private void publish() {
        long next = System.nanoTime() + config.metricsPeriod().toNanos();
        try {
            while (true) {
                boolean health = hurry.tryAcquire(Math.max(1, next - System.nanoTime()), TimeUnit.NANOSECONDS);
                hurry.drainPermits();
                boolean due = System.nanoTime() >= next;
                if (due) {
                    next = System.nanoTime() + config.metricsPeriod().toNanos();
                }
                publish(health || due, due);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void publish(boolean health, boolean metrics) {
        var open = session.socket();
        if (open.isEmpty()) {
            return;
        }
        try {
            if (health) {
                health(open.get());
            }
            if (metrics) {
                metrics(open.get());
            }
        } catch (IOException e) {
            // The session notices by itself that its socket broke; everything is sent again on the next one.
            LOG.log(System.Logger.Level.DEBUG, "telemetry not sent: {0}", e.getMessage());
        }
    }

    private void health(Socket socket) throws IOException {
        var all = new ArrayList<TaskHealth>();
        for (TaskRunner runner : tasks.all()) {
            TaskState state = runner.state();
            var containers = new ArrayList<ContainerHealth>();
            state.containers().forEach((name, container) -> {
                Health health = container.health();
                if (health.status() != Health.Status.NONE) {
                    containers.add(new ContainerHealth(name, health.status().name(), seconds(health.since()),
                            health.output().isEmpty() ? null : health.output()));
                }
            });
            if (!containers.isEmpty() && !state.finished()) {
                all.add(new TaskHealth(state.arn(), state.payload().taskClusterArn(), state.payload().family(),
                        state.payload().version(), containers));
            }
        }
        for (int from = 0; from < all.size(); from += MAX_TASKS) {
            int to = Math.min(all.size(), from + MAX_TASKS);
            socket.send(new Message.PublishHealthRequest(
                    metadata(null, to == all.size()), all.subList(from, to), seconds(Instant.now())));
        }
    }

    private void metrics(Socket socket) throws IOException {
        var all = new ArrayList<TaskMetric>();
        for (TaskRunner runner : tasks.all()) {
            TaskState state = runner.state();
            var containers = use.metrics(runner);
            if (!containers.isEmpty()) {
                all.add(new TaskMetric(state.arn(), state.payload().taskClusterArn(), state.payload().family(),
                        state.payload().version(), containers));
            }
        }
        if (all.isEmpty()) {
            socket.send(new Message.PublishMetricsRequest(metadata(true, true), List.of(), seconds(Instant.now())));
        }
        for (int from = 0; from < all.size(); from += MAX_TASKS) {
            int to = Math.min(all.size(), from + MAX_TASKS);
            socket.send(new Message.PublishMetricsRequest(
                    metadata(false, to == all.size()), all.subList(from, to), seconds(Instant.now())));
        }
    }

    private TelemetryMetadata metadata(Boolean idle, boolean last) {
        return new TelemetryMetadata(Registration.cluster(config), server.get().containerInstanceArn(),
                UUID.randomUUID().toString(), null, idle, last);
    }

    private static double seconds(Instant at) {
        return at.toEpochMilli() / 1000.0;
    }

    @Override
    public void close() {
        publisher.interrupt();
        session.close();
    }
}
