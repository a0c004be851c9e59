package dev.landfall.agent.supervise;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.landfall.agent.engine.ContainerDocument;
import dev.landfall.agent.engine.ContainerFacts;
import dev.landfall.agent.engine.EngineError;
import dev.landfall.agent.network.HostPorts;
import dev.landfall.agent.task.PortBinding;
import dev.landfall.agent.task.TaskEvent;
import dev.landfall.agent.task.TaskState;
import dev.landfall.protocol.TaskPayload;
import dev.landfall.protocol.TaskPayload.ContainerPayload;
import dev.landfall.protocol.TaskPayload.PortMapping;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Does for one task what was decided, against the engine. Each piece of work runs on a thread of its own and ends by
 * telling the runner what came of it.
 */
final class TaskWork {
    private static final System.Logger LOG = System.getLogger(TaskWork.class.getName());
    private static final String OUT_OF_MEMORY = "OutOfMemoryError: Container killed due to memory usage";

    /** The exit code that SIGKILL leaves behind, whoever sent it. */
    static final int KILLED = 137;

    private final TaskWorld world;
    private final TaskRunner runner;
    private volatile Map<String, Integer> hostPorts = Map.of();

    TaskWork(TaskWorld world, TaskRunner runner) {
        this.world = world;
        this.runner = runner;
    }

    void start(String what, Runnable work) {
        Thread.ofVirtual().name("task-" + what).start(() -> {
            try {
                work.run();
            } catch (RuntimeException e) {
                // The work reports what the engine refuses by itself: this is a fault of ours.
                LOG.log(System.Logger.Level.ERROR, "could not " + what + " for " + runner.state().arn(), e);
            }
        });
    }

    private TaskPayload task() {
        return runner.state().payload();
    }

    private ContainerPayload described(String container) {
        return runner.state().described(container).orElseThrow();
    }

    void provide() {
        try {
            world.volumes().provide(task(), runner.names());
            world.cgroups().provide(task());
            if (runner.state().hasPause()) {
                limited(() -> {
                    world.network().provide(task(), runner.names().pause(),
                            id -> runner.offer(new TaskEvent.NamespaceFound(id)));
                    return "";
                });
            }
            runner.offer(new TaskEvent.Provided());
        } catch (EngineError e) {
            runner.offer(new TaskEvent.ProvideFailed(e.as("ResourceInitializationError")));
        } catch (UncheckedIOException e) {
            runner.offer(new TaskEvent.ProvideFailed("ResourceInitializationError: " + e.getCause()));
        }
    }

    void pull(String container) {
        try {
            runner.offer(new TaskEvent.Pulled(container, world.images().provide(described(container).image())));
        } catch (EngineError e) {
            runner.offer(new TaskEvent.PullFailed(container, e.as("CannotPullContainerError")));
        }
    }

    void create(String container) {
        try {
            String id = limited(() -> createOrFind(container));
            runner.offer(new TaskEvent.Created(container, id));
        } catch (EngineError e) {
            runner.offer(new TaskEvent.CreateFailed(container, e.as("CannotCreateContainerError")));
        }
    }

    /** A name already taken is that of the container an earlier life of this agent made. */
    private String createOrFind(String container) {
        String name = runner.names().containers().get(container);
        try {
            return world.engine().create(name, document(container));
        } catch (EngineError e) {
            if (!e.conflict()) {
                throw e;
            }
            return world.engine().inspect(name).map(ContainerFacts::id).orElseThrow(() -> e);
        }
    }

    private ObjectNode document(String container) {
        TaskState state = runner.state();
        ContainerPayload described = described(container);
        hostPorts = chooseRanges(described);
        return ContainerDocument.of(task(), described, new ContainerDocument.Context(
                runner.names().containers(),
                world.volumes().sources(task(), runner.names()),
                state.pauseId(),
                state.awsvpc() && state.pauseId().isEmpty()
                        ? Optional.of(world.network().place(task())) : Optional.empty(),
                world.environment().of(state, runner.names().metadataIds().get(container)),
                Labels.container(world.agentId(), task(), container),
                world.cgroups().name(task()),
                hostPorts));
    }

    /** The engine would scatter a range over the host's ports; ECS keeps it together. */
    private Map<String, Integer> chooseRanges(ContainerPayload container) {
        var chosen = new java.util.HashMap<String, Integer>(hostPorts);
        for (PortMapping mapping : Objects.requireNonNullElse(container.portMappings(), List.<PortMapping>of())) {
            List<Integer> ports = ContainerDocument.ports(mapping);
            if (mapping.containerPortRange() == null || ports.isEmpty()) {
                continue;
            }
            String protocol = ContainerDocument.protocol(mapping);
            int first = HostPorts.freeRange(ports.size(), protocol);
            for (int i = 0; i < ports.size(); i++) {
                chosen.put(ports.get(i) + "/" + protocol, first + i);
            }
        }
        return chosen;
    }

    void startContainer(String container) {
        String id = runner.runtimeId(container).orElseThrow();
        try {
            limited(() -> {
                world.engine().start(id);
                return id;
            });
            runner.offer(new TaskEvent.Started(container, bindings(container, id)));
        } catch (EngineError e) {
            if (e.timeout()) {
                world.engine().stop(id, Duration.ZERO);
            }
            runner.offer(new TaskEvent.StartFailed(container, e.as("CannotStartContainerError")));
        }
    }

    private List<PortBinding> bindings(String container, String id) {
        ContainerPayload described = described(container);
        var mappings = Objects.requireNonNullElse(described.portMappings(), List.<PortMapping>of());
        if (mappings.isEmpty() || runner.state().awsvpc()) {
            return List.of();
        }
        return switch (ContainerDocument.networkMode(task(), described)) {
            case "bridge" -> PortRanges.folded(
                    world.engine().inspect(id).map(ContainerFacts::bindings).orElse(List.of()), mappings);
            case "host" -> mappings.stream()
                    .filter(mapping -> mapping.containerPort() != null)
                    .map(mapping -> PortBinding.single("0.0.0.0", mapping.containerPort(), mapping.containerPort(),
                            ContainerDocument.protocol(mapping)))
                    .toList();
            default -> List.of();
        };
    }

    /** The exit is told by the engine's events too; whichever comes second changes nothing. */
    void stop(String container, Duration timeout) {
        String id = runner.runtimeId(container).orElseThrow();
        try {
            world.engine().stop(id, timeout);
            exited(container, id, false);
        } catch (EngineError e) {
            if (e.notFound()) {
                exited(container, id, false);
            } else {
                runner.offer(new TaskEvent.StopFailed(container, e.as("CannotStopContainerError")));
            }
        }
    }

    /** Tells of an exit, with what the engine knows of it. */
    void exited(String container, String id, boolean outOfMemory) {
        Optional<ContainerFacts> facts = world.engine().inspect(id);
        if (facts.filter(ContainerFacts::running).isPresent()) {
            return;
        }
        boolean oom = outOfMemory || facts.filter(ContainerFacts::oomKilled).isPresent();
        runner.offer(new TaskEvent.Exited(container, facts.map(ContainerFacts::exitCode), oom ? OUT_OF_MEMORY : ""));
    }

    void release() {
        TaskState state = runner.state();
        try {
            state.pauseId().ifPresent(world.engine()::remove);
            if (state.hasPause() && state.pauseId().isEmpty()) {
                world.engine().remove(runner.names().pause());
            }
        } catch (EngineError e) {
            LOG.log(System.Logger.Level.WARNING, "cannot remove the pause container of {0}: {1}", state.arn(),
                    e.getMessage());
        }
        world.cgroups().release(task());
    }

    /** The engine keeps a volume for as long as a container, even a stopped one, mounts it. */
    void removeContainers() {
        var names = new ArrayList<>(runner.names().containers().values());
        names.forEach(world.engine()::remove);
        if (runner.state().hasPause()) {
            runner.state().pauseId().ifPresent(world.engine()::remove);
        }
        world.volumes().release(task(), runner.names());
        world.cgroups().release(task());
    }

    private interface Call {
        String make();
    }

    private String limited(Call call) {
        world.starts().enter();
        try {
            return call.make();
        } finally {
            world.starts().leave();
            world.network().warm().fill(world.starts()::idle);
        }
    }
}
