package dev.landfall.agent;

import dev.landfall.agent.engine.DockerEngine;
import dev.landfall.agent.engine.Engine;
import dev.landfall.agent.engine.EngineError;
import dev.landfall.agent.engine.EngineFacts;
import dev.landfall.agent.metadata.MetadataAddress;
import dev.landfall.agent.metadata.MetadataServer;
import dev.landfall.agent.metadata.RoleCredentialStore;
import dev.landfall.agent.network.TaskNetwork;
import dev.landfall.agent.pause.HostSetup;
import dev.landfall.agent.pause.PauseImage;
import dev.landfall.agent.session.ControlSession;
import dev.landfall.agent.session.ControlSession.ServerAddress;
import dev.landfall.agent.session.Registration;
import dev.landfall.agent.session.StateReports;
import dev.landfall.agent.session.TelemetrySession;
import dev.landfall.agent.stats.ResourceUse;
import dev.landfall.agent.supervise.Labels;
import dev.landfall.agent.supervise.Tasks;
import dev.landfall.agent.task.TaskState;
import java.io.IOException;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import software.amazon.awssdk.services.ecs.EcsClient;

/**
 * Makes this machine a container instance: registers it, takes tasks from the control plane, runs them on Docker Engine
 * and tells how they fare. Containers outlive the agent; a new agent on the same data directory takes them up again.
 *
 * <p>Everything blocks, on virtual threads. What needs time and is not needed for registering (the pause image, the
 * metadata endpoint, warm network namespaces) is made ready meanwhile; a task that comes earlier waits for it.
 */
public final class Agent implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Agent.class.getName());
    private static final Duration EVENTS_AGAIN = Duration.ofMillis(500);
    private static final Duration SWEEP = Duration.ofSeconds(5);
    /** With the stop timeout less than what 'landfall down' waits. */
    private static final Duration STOP_MARGIN = Duration.ofSeconds(15);

    /** How long closing waits for a thread of the agent's. */
    private static final Duration ENDING = Duration.ofSeconds(5);

    private final AgentConfig config;
    private final EcsClient ecs;
    private final Identity identity;
    private final RoleCredentialStore credentials = new RoleCredentialStore();
    private final HttpClient http;
    private final Deque<AutoCloseable> opened = new ArrayDeque<>();
    private final CompletableFuture<String> pauseImage = new CompletableFuture<>();
    private final CompletableFuture<String> metadataBase = new CompletableFuture<>();
    private volatile Optional<ServerAddress> server = Optional.empty();
    private volatile Optional<TelemetrySession> telemetry = Optional.empty();
    private volatile Optional<MetadataAddress> metadata = Optional.empty();
    private volatile boolean closed;
    private Engine engine;
    private EngineFacts facts;
    private TaskNetwork network;
    private Tasks tasks;
    private String awsvpcCidr;
    private Optional<ControlSession> controlSession = Optional.empty();

    public Agent(AgentConfig config, EcsClient ecs) {
        this.config = config;
        this.ecs = ecs;
        this.identity = keep(Identity.open(config.dataDirectory()));
        this.http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .executor(Executors.newVirtualThreadPerTaskExecutor())
                .build();
    }

    /**
     * Returns when the instance is registered and the control plane can send it tasks; tries for as long as that takes.
     * A failed start leaves nothing open.
     */
    public void start() throws InterruptedException {
        try {
            open();
        } catch (RuntimeException | InterruptedException e) {
            close();
            throw e;
        }
    }

    private void open() throws InterruptedException {
        LOG.log(System.Logger.Level.INFO, "agent {0}: connecting to {1}", identity.agentId(), config.dockerHost());
        engine = keep(new DockerEngine(config.dockerHost()));
        facts = engine.facts();
        network = new TaskNetwork(
                engine, identity.agentId(), Labels.AGENT, this::pauseImage, config.warmNamespaces());
        awsvpcCidr = network.open(config.awsvpcCidr().or(() -> identity.find("awsvpcCidr"))).toString();
        identity.remember("awsvpcCidr", awsvpcCidr);
        keep(network.warm());
        tasks = keep(new Tasks(config, identity.agentId(), engine, facts, network, new Tasks.Surroundings(
                new StateReports(ecs), this::environment, () -> telemetry.ifPresent(TelemetrySession::healthChanged),
                this::forget)));
        tasks.adopt();
        background("agent-host", this::readyHost);
        background("agent-events", this::follow);
        background("agent-sweep", this::sweep);
        connect();
        // Only now: warming up is not to slow down anything that somebody waits for.
        network.warm().fill(() -> true);
    }

    private void connect() throws InterruptedException {
        register();
        Supplier<ServerAddress> address = this::address;
        var use = keep(new ResourceUse(engine, tasks, config.metricsPeriod()));
        use.start();
        var measurements = keep(new TelemetrySession(config, http, address, tasks, use));
        telemetry = Optional.of(measurements);
        var control = keep(new ControlSession(config, http, address, tasks, credentials, this::refused));
        controlSession = Optional.of(control);
        control.start();
        measurements.start();
        control.awaitConnected();
        LOG.log(System.Logger.Level.INFO, "connected as {0}", containerInstanceArn());
    }

    private void register() throws InterruptedException {
        LOG.log(System.Logger.Level.INFO, "registering with {0}", config.endpoint());
        String key = "containerInstanceArn@" + Registration.cluster(config);
        String arn = new Registration(config, ecs, facts)
                .register(identity.find(key), identity.agentId(), awsvpcCidr);
        identity.remember(key, arn);
        server = Optional.of(new ServerAddress(arn, "", ""));
    }

    /** The endpoints are asked for before every connection: the control plane may have moved. */
    private ServerAddress address() {
        String arn = containerInstanceArn();
        var discovered = ecs.discoverPollEndpoint(
                request -> request.cluster(Registration.cluster(config)).containerInstance(arn));
        return new ServerAddress(arn, discovered.endpoint(), discovered.telemetryEndpoint());
    }

    /** The control plane closed the door: if it has forgotten this instance, register anew. */
    private void refused(String why) {
        if (!why.contains("InactiveInstance") && !why.contains("InvalidInstance") || closed) {
            return;
        }
        LOG.log(System.Logger.Level.INFO, "the container instance is no longer active, registering anew");
        try {
            register();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Waits until the image is there. */
    private String pauseImage() {
        try {
            return pauseImage.join();
        } catch (CompletionException e) {
            throw EngineError.refused(500, "no pause image: " + e.getCause().getMessage());
        }
    }

    /** Valid once {@link #start} has returned. */
    public String containerInstanceArn() {
        return server.orElseThrow(() -> new IllegalStateException("the agent has not registered yet"))
                .containerInstanceArn();
    }

    private Map<String, String> environment(TaskState task, String metadataId) {
        var variables = new TreeMap<String, String>();
        variables.put("AWS_REGION", config.region());
        variables.put("AWS_DEFAULT_REGION", config.region());
        String base = metadataBase.join();
        if (!base.isEmpty()) {
            var role = Optional.ofNullable(task.payload().roleCredentials()).map(own -> own.credentialsId());
            variables.putAll(MetadataServer.environment(base, metadataId, role));
        }
        return variables;
    }

    private void forget(TaskState task) {
        for (var role : Arrays.asList(task.payload().roleCredentials(), task.payload().executionRoleCredentials())) {
            if (role != null) {
                credentials.forget(role.credentialsId());
            }
        }
    }

    // ---- in the background ----

    private void readyHost() {
        try {
            pauseImage.complete(PauseImage.provide(engine, facts.architecture()));
            if (config.metadataEndpoint()) {
                serveMetadata();
            } else {
                metadataBase.complete("");
            }
        } catch (RuntimeException | IOException e) {
            LOG.log(System.Logger.Level.ERROR, "cannot ready the host for tasks", e);
            pauseImage.completeExceptionally(e);
            metadataBase.complete("");
        }
    }

    private void serveMetadata() throws IOException {
        var address = MetadataAddress.open(identity.find("metadataAddress"), hostSetup());
        if (closed) {
            address.http().stop(0);
            return;
        }
        var host = new MetadataServer.Host(
                config.availabilityZone(), this::containerInstanceArn, http, address.base());
        new MetadataServer(engine, tasks, credentials, ecs, host).serve(address.http());
        keep(() -> address.http().stop(0));
        identity.remember("metadataAddress", address.base().substring("http://".length()));
        metadataBase.complete(address.base());
        metadata = Optional.of(address);
    }

    private HostSetup hostSetup() {
        return new HostSetup(engine, pauseImage.join(), Labels.AGENT + "=" + identity.agentId());
    }

    /** Follows the engine's events, and looks at everything whenever the stream begins: it may have been away. */
    private void follow() {
        while (!closed) {
            try {
                engine.follow(Labels.AGENT + "=" + identity.agentId(), this::reconcile, tasks::happened);
            } catch (RuntimeException e) {
                if (!closed) {
                    LOG.log(System.Logger.Level.WARNING, "lost the engine, will try again: {0}", e.getMessage());
                }
            }
            try {
                Thread.sleep(EVENTS_AGAIN);
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    private void reconcile() {
        background("agent-reconcile", () -> {
            try {
                tasks.reconcile();
            } catch (EngineError e) {
                LOG.log(System.Logger.Level.WARNING, "cannot look at the containers: {0}", e.getMessage());
            }
        });
    }

    private void sweep() {
        try {
            while (!closed) {
                Thread.sleep(SWEEP);
                tasks.sweep();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void background(String name, Runnable work) {
        var thread = Thread.ofVirtual().name(name).start(work);
        keep(() -> {
            thread.interrupt();
            // What it still writes must not come after the end.
            if (!thread.equals(Thread.currentThread())) {
                thread.join(ENDING);
            }
        });
    }

    private <T extends AutoCloseable> T keep(T resource) {
        synchronized (opened) {
            opened.push(resource);
        }
        return resource;
    }

    // ---- ending ----

    /**
     * Stops every task, removes its containers, and takes the network and the metadata address off the host. The
     * control session ends first: services would replace each stopped task by one to be started here.
     */
    public void stopAllTasks() {
        if (tasks == null || closed) {
            return;
        }
        controlSession.ifPresent(ControlSession::close);
        tasks.stopAll(config.stopTimeout().plus(STOP_MARGIN));
        try {
            metadata.ifPresent(address -> address.remove(hostSetup()));
            network.remove();
        } catch (EngineError e) {
            LOG.log(System.Logger.Level.WARNING, "the network of tasks stays: {0}", e.getMessage());
        }
    }

    /** Whether no task runs, and the control plane knows how all of them ended. */
    public boolean idle() {
        return tasks == null || tasks.settled();
    }

    /** Leaves the containers running. */
    @Override
    public void close() {
        closed = true;
        while (true) {
            AutoCloseable resource;
            synchronized (opened) {
                if (opened.isEmpty()) {
                    return;
                }
                resource = opened.pop();
            }
            try {
                resource.close();
            } catch (Exception e) {
                LOG.log(System.Logger.Level.WARNING, "closing failed", e);
            }
        }
    }
}
