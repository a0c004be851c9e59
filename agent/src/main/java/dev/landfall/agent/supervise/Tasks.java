package dev.landfall.agent.supervise;

import dev.landfall.agent.AgentConfig;
import dev.landfall.agent.engine.ContainerFacts;
import dev.landfall.agent.engine.Engine;
import dev.landfall.agent.engine.EngineError;
import dev.landfall.agent.engine.EngineEvent;
import dev.landfall.agent.engine.EngineFacts;
import dev.landfall.agent.network.TaskNetwork;
import dev.landfall.agent.task.ContainerState;
import dev.landfall.agent.task.ReportedStatus;
import dev.landfall.agent.task.TaskEvent;
import dev.landfall.agent.task.TaskReport;
import dev.landfall.agent.task.TaskState;
import dev.landfall.protocol.TaskPayload;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * Every task of this agent: takes them in, finds them again after a restart, tells them what the engine says, and
 * forgets them when nothing of them is left. Safe for any thread.
 */
public final class Tasks implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Tasks.class.getName());
    private static final String OUT_OF_MEMORY_EXIT = "OutOfMemoryError: Container killed due to memory usage";

    private final TaskWorld world;
    private final TaskNetwork network;
    private final Consumer<TaskState> gone;
    private final Map<String, TaskRunner> runners = new ConcurrentHashMap<>();
    private final Set<String> outOfMemory = ConcurrentHashMap.newKeySet();
    private final ReentrantLock accepting = new ReentrantLock();
    /** Guarded by {@code accepting}. */
    private boolean ending;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    /**
     * What the owner supplies beside the engine.
     *
     * @param healthChanged run when a container's health changed
     * @param gone told of a task of which nothing is left
     */
    public record Surroundings(
            Reports reports, Environment environment, Runnable healthChanged, Consumer<TaskState> gone) {
        /** What the agent adds to a container's environment. */
        public interface Environment {
            Map<String, String> of(TaskState task, String metadataId);
        }
    }

    public Tasks(AgentConfig config, String agentId, Engine engine, EngineFacts facts, TaskNetwork network,
            Surroundings surroundings) {
        this.network = network;
        this.gone = surroundings.gone();
        var clock = InstantSource.system();
        Path data = config.dataDirectory().toAbsolutePath();
        this.world = new TaskWorld(agentId, engine, new Images(engine, config.pullBehavior(), clock),
                new Volumes(engine, data.resolve("efs"), Map.of(Labels.AGENT, agentId)), network,
                new TaskCgroups(Path.of("/sys/fs/cgroup"), facts), new TaskStore(data.resolve("tasks")),
                surroundings.reports(), surroundings.environment()::of, surroundings.healthChanged(),
                new Starts(config.parallelStarts()), config.stopTimeout(), config.keepStopped(), clock);
    }

    // ---- taking in ----

    /**
     * Takes in the tasks of one payload, on disk when this returns. A known task only learns that it has to stop.
     *
     * @return whether the payload is dealt with; if not, as new tasks came after {@link #stopAll}, it is to come again
     */
    public boolean accept(List<TaskPayload> payloads) {
        accepting.lock();
        try {
            boolean all = true;
            for (TaskPayload payload : payloads) {
                if ("STOPPED".equals(payload.desiredStatus())) {
                    stop(payload.arn(), payload.taskClusterArn());
                }
            }
            for (TaskPayload payload : payloads) {
                if (!"STOPPED".equals(payload.desiredStatus()) && !runners.containsKey(payload.arn())) {
                    if (ending) {
                        all = false;
                    } else {
                        run(payload);
                    }
                }
            }
            return all;
        } finally {
            accepting.unlock();
        }
    }

    private void run(TaskPayload payload) {
        var state = TaskState.accepted(payload, world.clock().instant());
        var saved = new SavedTask(state, TaskNames.choose(payload), List.of(), Optional.empty(), false);
        world.store().save(saved);
        supervise(saved).start();
    }

    private TaskRunner supervise(SavedTask saved) {
        String arn = saved.state().arn();
        var runner = new TaskRunner(world, saved, () -> {
            runners.remove(arn);
            gone.accept(saved.state());
            signal();
        });
        runners.put(arn, runner);
        return runner;
    }

    public void stop(String arn, String clusterArn) {
        TaskRunner runner = runners.get(arn);
        if (runner != null) {
            runner.offer(new TaskEvent.StopWanted());
            return;
        }
        // It may have run on an instance of the same identity that lost its data: the control plane waits for an
        // answer.
        var report = new TaskReport(ReportedStatus.STOPPED,
                "TaskStateError: Agent could not progress task's state to stopped", List.of(), List.of(),
                Optional.empty(), Optional.empty(), Optional.of(world.clock().instant()));
        new Outbox(arn, clusterArn, world.reports(), List.of(), () -> { }).add(report);
    }

    public Collection<TaskRunner> all() {
        return List.copyOf(runners.values());
    }

    public Optional<TaskRunner> byMetadataId(String id) {
        return runners.values().stream().filter(task -> task.names().metadataIds().containsValue(id)).findFirst();
    }

    /** Tasks that the control plane should know to run, by ARN. */
    public Map<String, TaskPayload> active() {
        var active = new TreeMap<String, TaskPayload>();
        for (TaskRunner runner : runners.values()) {
            if (!runner.state().stopping() && !runner.state().finished()) {
                active.put(runner.state().arn(), runner.state().payload());
            }
        }
        return active;
    }

    // ---- finding again ----

    /** Takes up the tasks in the data directory, with what the engine has of them; before anything is accepted. */
    public void adopt() {
        List<SavedTask> saved = world.store().load();
        var known = new HashSet<String>();
        for (SavedTask task : saved) {
            var found = new TreeMap<String, ContainerFacts>();
            task.names().containers().forEach((container, name) ->
                    world.engine().inspect(name).ifPresent(facts -> found.put(container, facts)));
            Optional<String> pause = task.state().hasPause() ? pauseOf(task, found) : Optional.empty();
            if (Adoption.providedAgain(task, found)) {
                found.values().forEach(facts -> world.engine().remove(facts.id()));
                world.engine().remove(task.names().pause());
            }
            TaskState state = Adoption.restored(task, found, pause, world.clock().instant());
            found.values().forEach(facts -> known.add(facts.id()));
            state.pauseId().ifPresent(known::add);
            TaskRunner runner = supervise(
                    new SavedTask(state, task.names(), task.outbox(), task.releasedAt(), task.containersRemoved()));
            found.forEach((container, facts) -> runner.observe(container, Optional.of(facts)));
            if (lostNamespace(state)) {
                runner.offer(new TaskEvent.NamespaceLost());
            }
        }
        removeStrangers(known);
        runners.values().forEach(TaskRunner::start);
    }

    /** The pause container by its name; or by who joined it, if the agent ended before it could name it. */
    private Optional<String> pauseOf(SavedTask task, Map<String, ContainerFacts> found) {
        return world.engine().inspect(task.names().pause()).map(ContainerFacts::id)
                .or(() -> found.values().stream().map(ContainerFacts::networkMode)
                        .filter(mode -> mode.startsWith("container:"))
                        .map(mode -> mode.substring("container:".length()))
                        .findFirst());
    }

    private boolean lostNamespace(TaskState state) {
        if (state.finished() || state.provision() != TaskState.Provision.READY || !state.hasPause()) {
            return false;
        }
        return state.pauseId().isEmpty() ? !TaskNetwork.standsAlone(state.payload()) : isDead(state.pauseId().get());
    }

    private boolean isDead(String id) {
        return world.engine().inspect(id).filter(ContainerFacts::running).isEmpty();
    }

    /**
     * Containers of ours that no saved task knows: warm namespaces of an earlier life, and what a crash left half made.
     */
    private void removeStrangers(Set<String> known) {
        for (String id : world.engine().containers(Labels.AGENT + "=" + world.agentId())) {
            if (!known.contains(id)) {
                world.engine().remove(id);
            }
        }
    }

    // ---- what the engine says ----

    public void happened(EngineEvent event) {
        switch (event) {
            case EngineEvent.Died died -> died(died);
            case EngineEvent.OutOfMemory(var id, var labels) -> outOfMemory.add(id);
            case EngineEvent.Destroyed(var id, var labels) -> task(labels).ifPresent(runner ->
                    runner.observe(labels.get(Labels.CONTAINER_NAME), Optional.empty()));
            case EngineEvent.HealthChanged(var id, var labels, var status) -> task(labels).ifPresent(runner ->
                    runner.offer(new TaskEvent.HealthSeen(labels.get(Labels.CONTAINER_NAME), healthOf(status), "")));
        }
    }

    private static dev.landfall.agent.task.Health.Status healthOf(String word) {
        return switch (word) {
            case "healthy" -> dev.landfall.agent.task.Health.Status.HEALTHY;
            case "unhealthy" -> dev.landfall.agent.task.Health.Status.UNHEALTHY;
            default -> dev.landfall.agent.task.Health.Status.UNKNOWN;
        };
    }

    private void died(EngineEvent.Died died) {
        boolean oom = outOfMemory.remove(died.id());
        var runner = task(died.labels());
        if (runner.isEmpty()) {
            if (!network.warm().lost(died.id())) {
                pausedBy(died.id()).ifPresent(task -> task.offer(new TaskEvent.NamespaceLost()));
            }
            return;
        }
        String container = died.labels().get(Labels.CONTAINER_NAME);
        if (died.exitCode() == TaskWork.KILLED && !oom) {
            Thread.ofVirtual().name("exit").start(() -> killed(runner.get(), container, died));
        } else {
            runner.get().offer(new TaskEvent.Exited(
                    container, Optional.of(died.exitCode()), oom ? OUT_OF_MEMORY_EXIT : ""));
        }
    }

    /** Someone sent SIGKILL: only the engine knows whether it was the kernel for want of memory. */
    private void killed(TaskRunner runner, String container, EngineEvent.Died died) {
        boolean oom = false;
        try {
            oom = world.engine().inspect(died.id()).filter(ContainerFacts::oomKilled).isPresent();
        } catch (EngineError e) {
            LOG.log(System.Logger.Level.DEBUG, "cannot tell why a container was killed: {0}", e.getMessage());
        }
        runner.offer(new TaskEvent.Exited(
                container, Optional.of(died.exitCode()), oom ? OUT_OF_MEMORY_EXIT : ""));
    }

    private Optional<TaskRunner> task(Map<String, String> labels) {
        return Optional.ofNullable(labels.get(Labels.TASK_ARN))
                .filter(arn -> labels.containsKey(Labels.CONTAINER_NAME))
                .map(runners::get);
    }

    private Optional<TaskRunner> pausedBy(String id) {
        return runners.values().stream()
                .filter(runner -> runner.state().pauseId().filter(id::equals).isPresent())
                .filter(runner -> !runner.state().finished())
                .findFirst();
    }

    /** Looks at every container believed to run; for when events may have been missed. */
    public void reconcile() {
        network.warm().reconcile();
        for (TaskRunner runner : all()) {
            for (Map.Entry<String, ContainerState> container : runner.state().containers().entrySet()) {
                if (container.getValue().everStarted() && !container.getValue().stopped()) {
                    runner.observe(container.getKey(), world.engine().inspect(container.getValue().id().orElseThrow()));
                }
            }
            if (lostNamespace(runner.state())) {
                runner.offer(new TaskEvent.NamespaceLost());
            }
        }
    }

    /** Removes the containers of tasks that stopped long enough ago. */
    public void sweep() {
        all().forEach(runner -> runner.sweep(world.clock().instant()));
    }

    /** Tries at once to hand in what waits for the control plane. */
    public void submitAgain() {
        runners.values().forEach(TaskRunner::wakeOutbox);
    }

    // ---- ending ----

    /** Whether every task has stopped and the control plane knows it. */
    public boolean settled() {
        return runners.values().stream().allMatch(TaskRunner::settled);
    }

    /** Stops every task and removes its containers; returns when that is done or after {@code patience}. */
    public void stopAll(Duration patience) {
        accepting.lock();
        try {
            // Services replace what stops: without this, stopping would never come to an end.
            ending = true;
        } finally {
            accepting.unlock();
        }
        all().forEach(runner -> runner.offer(new TaskEvent.StopWanted()));
        var deadline = world.clock().instant().plus(patience);
        lock.lock();
        try {
            while (!runners.isEmpty() && world.clock().instant().isBefore(deadline)) {
                new ArrayList<>(runners.values()).forEach(TaskRunner::removeContainersSoon);
                changed.awaitNanos(Duration.ofMillis(50).toNanos());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
    }

    private void signal() {
        lock.lock();
        try {
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        all().forEach(TaskRunner::close);
        world.store().close();
    }

}
