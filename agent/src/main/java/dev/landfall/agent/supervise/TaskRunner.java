package dev.landfall.agent.supervise;

import dev.landfall.agent.engine.ContainerFacts;
import dev.landfall.agent.engine.EngineError;
import dev.landfall.agent.task.ContainerState;
import dev.landfall.agent.task.ReportedStatus;
import dev.landfall.agent.task.TaskAction;
import dev.landfall.agent.task.TaskEvent;
import dev.landfall.agent.task.TaskMachine;
import dev.landfall.agent.task.TaskState;
import dev.landfall.protocol.TaskPayload;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Supervises one task: feeds what happens to the {@link TaskMachine}, one event after the other on a thread of its own,
 * and has {@link TaskWork} do what it decides. Any thread may {@link #offer} events and read {@link #state}.
 */
public final class TaskRunner {
    private static final System.Logger LOG = System.getLogger(TaskRunner.class.getName());

    private final TaskWorld world;
    private final TaskNames names;
    private final Outbox outbox;
    private final TaskWork work;
    private final Runnable removed;
    // Bounded by what can happen to one task; each engine call and each engine event puts at most one.
    private final LinkedBlockingQueue<TaskEvent> mailbox = new LinkedBlockingQueue<>();
    private volatile TaskState state;
    private volatile Optional<Instant> releasedAt;
    private volatile boolean containersRemoved;
    private final AtomicBoolean removing = new AtomicBoolean();
    private volatile Thread thread;

    /** {@code removed} is run once nothing of the task is left, here or at the control plane. */
    TaskRunner(TaskWorld world, SavedTask saved, Runnable removed) {
        this.world = world;
        this.names = saved.names();
        this.state = saved.state();
        this.releasedAt = saved.releasedAt();
        this.containersRemoved = saved.containersRemoved();
        this.removed = removed;
        TaskPayload task = state.payload();
        this.outbox = new Outbox(task.arn(), task.taskClusterArn(), world.reports(), saved.outbox(), this::reported);
        this.work = new TaskWork(world, this);
    }

    void start() {
        mailbox.add(new TaskEvent.Begun());
        thread = Thread.ofVirtual().name("task-" + TaskNames.taskId(state.arn())).start(this::run);
        outbox.wake();
    }

    public TaskState state() {
        return state;
    }

    public TaskNames names() {
        return names;
    }

    /** The engine's id of a container. */
    public Optional<String> runtimeId(String container) {
        return Optional.ofNullable(state.containers().get(container)).flatMap(ContainerState::id);
    }

    void offer(TaskEvent event) {
        mailbox.add(event);
    }

    void wakeOutbox() {
        outbox.wake();
    }

    SavedTask saved() {
        return new SavedTask(state, names, outbox.waiting(), releasedAt, containersRemoved);
    }

    /** Whether the task has stopped and everything but its kept containers is gone. */
    boolean released() {
        return releasedAt.isPresent();
    }

    /** Whether the task has stopped and the control plane knows it. */
    boolean settled() {
        return released() && outbox.done();
    }

    private void run() {
        Optional<Instant> wake = Optional.empty();
        try {
            while (!Thread.currentThread().isInterrupted()) {
                TaskEvent event = wake.isEmpty() ? mailbox.take()
                        : mailbox.poll(Math.max(1, millisUntil(wake.get())), TimeUnit.MILLISECONDS);
                var step = TaskMachine.apply(
                        state, event == null ? new TaskEvent.Tick() : event, world.clock().instant());
                LOG.log(System.Logger.Level.DEBUG, "{0}: {1}: {2}", state.arn(), event, step.actions());
                boolean changed = step.state() != state;
                state = step.state();
                wake = step.wake();
                step.actions().forEach(this::carryOut);
                if (changed || !step.actions().isEmpty()) {
                    world.store().saveSoon(saved());
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private long millisUntil(Instant at) {
        return Duration.between(world.clock().instant(), at).toMillis() + 1;
    }

    private void carryOut(TaskAction action) {
        switch (action) {
            case TaskAction.Provide() -> work.start("provide", work::provide);
            case TaskAction.Pull(var name) -> work.start("pull", () -> work.pull(name));
            case TaskAction.Create(var name) -> work.start("create", () -> work.create(name));
            case TaskAction.Start(var name) -> work.start("start", () -> work.startContainer(name));
            case TaskAction.Stop(var name, var timeout) ->
                    work.start("stop", () -> work.stop(name, timeout.orElse(world.stopTimeout())));
            case TaskAction.Submit(var report) -> outbox.add(report);
            case TaskAction.PublishHealth() -> world.healthChanged().run();
            case TaskAction.Release() -> work.start("release", this::release);
        }
    }

    private void release() {
        work.release();
        releasedAt = Optional.of(world.clock().instant());
        if (world.keepStopped().isZero()) {
            removeContainers();
        }
        world.store().saveSoon(saved());
        finishIfDone();
    }

    /** Removes the containers of a stopped task when they have been kept long enough. */
    void sweep(Instant now) {
        if (releasedAt.filter(at -> !at.plus(world.keepStopped()).isAfter(now)).isPresent()) {
            removeContainers();
        }
    }

    /** Has the containers of a stopped task removed on a thread of their own: the engine may take long over one. */
    void removeContainersSoon() {
        if (released() && !containersRemoved && removing.compareAndSet(false, true)) {
            work.start("remove", () -> {
                try {
                    removeContainers();
                } finally {
                    removing.set(false);
                }
            });
        }
    }

    /** Removes the containers of a stopped task. */
    void removeContainers() {
        if (!released() || containersRemoved) {
            return;
        }
        try {
            work.removeContainers();
            containersRemoved = true;
            world.store().saveSoon(saved());
            finishIfDone();
        } catch (EngineError e) {
            LOG.log(System.Logger.Level.WARNING, "cannot remove the containers of {0}, will try again: {1}",
                    state.arn(), e.getMessage());
        }
    }

    private void reported() {
        world.store().saveSoon(saved());
        finishIfDone();
    }

    private void finishIfDone() {
        if (containersRemoved && outbox.waiting().isEmpty() && state.status() == ReportedStatus.STOPPED) {
            close();
            world.store().forget(state.arn());
            removed.run();
        }
    }

    /** Stops supervising; the task itself goes on. */
    void close() {
        outbox.close();
        Thread running = thread;
        if (running != null) {
            running.interrupt();
        }
    }

    /** What the engine says of a container, which may differ from what is known. */
    void observe(String container, Optional<ContainerFacts> facts) {
        Adoption.events(state, container, facts).forEach(this::offer);
    }
}
