package dev.landfall.agent.task;

import dev.landfall.agent.task.TaskReport.ContainerReport;
import dev.landfall.protocol.TaskPayload.ContainerPayload;
import dev.landfall.protocol.TaskPayload.ElasticNetworkInterface;
import dev.landfall.protocol.TaskPayload.RestartPolicy;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Decides what happens to a task: a pure function of its state, an event and the time. It is level-triggered: an event
 * only changes what is known, and afterwards {@link Pass} looks at every container afresh and asks for whatever is due.
 * So an event that comes twice or late changes nothing, and a task adopted after a restart takes the same path as a new
 * one.
 *
 * <p>Starting: images are pulled at once and together; a container is created when its image is there, the task's
 * volumes are made and, in awsvpc mode, the pause container is known; it is started when its dependencies allow and the
 * network is up. Stopping goes the other way: a container gets its signal when every container that depends on it has
 * stopped.
 */
public final class TaskMachine {
    /** What SIGTERM leaves behind; ECS reports it for a container that its dependencies never let start. */
    static final int NEVER_STARTED_EXIT_CODE = 143;

    private TaskMachine() {}

    /** The next state, what to do, and when to look again even if nothing happens. */
    public record Step(TaskState state, List<TaskAction> actions, Optional<Instant> wake) {
        public Step {
            actions = List.copyOf(actions);
        }
    }

    public static Step apply(TaskState state, TaskEvent event, Instant now) {
        if (event instanceof TaskEvent.Exited exited && isStarting(state, exited.container())) {
            // It ran, however shortly: tell of the start before the end.
            var begun = apply(state, new TaskEvent.Started(exited.container(), List.of()), now);
            var ended = apply(begun.state(), event, now);
            var actions = new ArrayList<>(begun.actions());
            actions.addAll(ended.actions());
            return new Step(ended.state(), actions, ended.wake());
        }
        var actions = new ArrayList<TaskAction>();
        return new Pass(learn(state, event, now, actions), now, actions).run();
    }

    private static boolean isStarting(TaskState state, String container) {
        return state.containers().containsKey(container)
                && state.container(container).phase() == ContainerPhase.STARTING;
    }

    private static TaskState learn(TaskState state, TaskEvent event, Instant now, List<TaskAction> actions) {
        return switch (event) {
            case TaskEvent.Begun() -> state;
            case TaskEvent.Tick() -> state;
            case TaskEvent.StopWanted() -> state.stopped("");
            case TaskEvent.NamespaceFound(var id) -> state.pausedBy(id);
            case TaskEvent.Provided() -> state.with(TaskState.Provision.READY);
            case TaskEvent.ProvideFailed(var reason) -> state.with(TaskState.Provision.FAILED).stopped(reason);
            case TaskEvent.NamespaceLost() -> state.finished()
                    ? state
                    : state.stopped("ContainerNetworkingError: the task's network namespace was lost");
            case TaskEvent.Pulled(var name, var digest) -> in(state, name, ContainerPhase.PULLING)
                    ? pullDone(state.with(name, state.container(name).pulled(digest)), now)
                    : state;
            case TaskEvent.PullFailed(var name, var reason) -> in(state, name, ContainerPhase.PULLING)
                    ? failed(state, name, reason, now).pullEnded(now)
                    : state;
            case TaskEvent.Created(var name, var id) -> in(state, name, ContainerPhase.CREATING)
                    ? state.with(name, state.container(name).created(id))
                    : state;
            case TaskEvent.CreateFailed(var name, var reason) -> in(state, name, ContainerPhase.CREATING)
                    ? failed(state, name, reason, now)
                    : state;
            case TaskEvent.Started(var name, var bindings) -> started(state, name, bindings, now);
            case TaskEvent.StartFailed(var name, var reason) -> in(state, name, ContainerPhase.STARTING)
                    ? failed(state, name, reason, now)
                    : state;
            case TaskEvent.Exited(var name, var code, var reason) -> exited(state, name, code, reason, now);
            case TaskEvent.StopFailed(var name, var reason) -> in(state, name, ContainerPhase.STOPPING)
                    ? failed(state, name, reason, now)
                    : state;
            case TaskEvent.HealthSeen(var name, var status, var output) ->
                    healthSeen(state, name, new Health(status, now, output), actions);
        };
    }

    private static boolean in(TaskState state, String name, ContainerPhase phase) {
        return state.containers().containsKey(name) && state.container(name).phase() == phase;
    }

    private static TaskState pullDone(TaskState state, Instant now) {
        boolean more = state.containers().values().stream()
                .anyMatch(container -> container.phase() == ContainerPhase.PULLING);
        return more ? state : state.pullEnded(now);
    }

    private static TaskState failed(TaskState state, String name, String reason, Instant now) {
        return ended(state.with(name, state.container(name).stopped(Optional.empty(), reason, now)), name, now);
    }

    private static TaskState started(TaskState state, String name, List<PortBinding> bindings, Instant now) {
        if (!state.containers().containsKey(name)) {
            return state;
        }
        ContainerState container = state.container(name);
        return switch (container.phase()) {
            case STARTING -> state.with(name, container.running(now, bindings));
            // It exited before the start call came back: only the bindings are news.
            case RUNNING, STOPPING, STOPPED, CREATED -> state.with(name, container.bound(bindings));
            case WAITING, PULLING, PULLED, CREATING -> state;
        };
    }

    private static TaskState exited(
            TaskState state, String name, Optional<Integer> code, String reason, Instant now) {
        if (!in(state, name, ContainerPhase.RUNNING) && !in(state, name, ContainerPhase.STOPPING)) {
            return state;
        }
        ContainerState container = state.container(name);
        if (container.phase() == ContainerPhase.RUNNING && !state.stopping() && mayRestart(state, name, code, now)) {
            return state.with(name, container.restarting());
        }
        return ended(state.with(name, container.stopped(code, reason, now)), name, now);
    }

    private static boolean mayRestart(TaskState state, String name, Optional<Integer> code, Instant now) {
        Optional<RestartPolicy> policy = state.described(name).map(ContainerPayload::restartPolicy);
        Instant since = state.container(name).lastStartedAt().orElse(now);
        return code.isPresent() && policy.filter(each ->
                each.restarts(code.get(), Duration.between(since, now))).isPresent();
    }

    private static TaskState ended(TaskState state, String name, Instant now) {
        boolean essential = state.described(name).map(ContainerPayload::essential).orElse(false);
        return essential ? state.stopped("").executionEnded(now) : state;
    }

    private static TaskState healthSeen(TaskState state, String name, Health seen, List<TaskAction> actions) {
        if (!state.containers().containsKey(name) || state.container(name).stopped()) {
            return state;
        }
        Health before = state.container(name).health();
        if (before.status() == Health.Status.NONE || before.status() == seen.status()) {
            return state;
        }
        actions.add(new TaskAction.PublishHealth());
        return state.with(name, state.container(name).healthy(seen));
    }

    /** One look at everything after an event. */
    private static final class Pass {
        private TaskState state;
        private final Instant now;
        private final List<TaskAction> actions;
        private Optional<Instant> wake = Optional.empty();

        Pass(TaskState state, Instant now, List<TaskAction> actions) {
            this.state = state;
            this.now = now;
            this.actions = actions;
        }

        Step run() {
            if (!state.stopping() && state.provision() == TaskState.Provision.WANTED) {
                state = state.with(TaskState.Provision.UNDER_WAY);
                actions.add(new TaskAction.Provide());
            }
            // A container that stops may release another, in either order: go on until nothing changes. Every change
            // moves a container forward in a finite order, so this ends.
            TaskState before;
            do {
                before = state;
                for (ContainerPayload container : TaskState.containersOf(state.payload())) {
                    if (state.stopping()) {
                        stop(container);
                    } else {
                        start(container);
                    }
                }
            } while (!before.containers().equals(state.containers()) || before.stopping() != state.stopping());
            report();
            if (state.finished() && !state.released() && state.provision() != TaskState.Provision.UNDER_WAY) {
                state = state.freed();
                actions.add(new TaskAction.Release());
            }
            return new Step(state, actions, wake);
        }

        private void start(ContainerPayload container) {
            String name = container.name();
            switch (state.container(name).phase()) {
                case WAITING -> {
                    state = state.pullBegan(now);
                    move(name, ContainerPhase.PULLING, new TaskAction.Pull(name));
                }
                case PULLED -> {
                    if (creatable(container)) {
                        move(name, ContainerPhase.CREATING, new TaskAction.Create(name));
                    }
                }
                case CREATED -> startIfAllowed(container);
                case PULLING, CREATING, STARTING, RUNNING, STOPPING, STOPPED -> { }
            }
        }

        private boolean creatable(ContainerPayload container) {
            boolean provided = state.provision() == TaskState.Provision.READY
                    || state.hasPause() && state.pauseId().isPresent();
            return provided && Dependencies.sources(container).stream()
                    .allMatch(source -> state.containers().containsKey(source)
                            && state.container(source).id().isPresent());
        }

        private void startIfAllowed(ContainerPayload container) {
            if (state.provision() != TaskState.Provision.READY) {
                return;
            }
            switch (Dependencies.verdict(state, container, now)) {
                case Dependencies.Verdict.Met() ->
                        move(container.name(), ContainerPhase.STARTING, new TaskAction.Start(container.name()));
                case Dependencies.Verdict.Wait(var deadline) -> wake = Dependencies.earlier(wake, deadline);
                case Dependencies.Verdict.Never(var reason) -> {
                    var stopped = state.container(container.name()).stopped(
                            Optional.of(NEVER_STARTED_EXIT_CODE), "CannotStartContainerError: " + reason, now);
                    state = ended(state.with(container.name(), stopped), container.name(), now);
                }
            }
        }

        private void stop(ContainerPayload container) {
            String name = container.name();
            ContainerState known = state.container(name);
            switch (known.phase()) {
                case WAITING, PULLING, PULLED, CREATED ->
                        state = state.with(name, known.stopped(known.exitCode(), "", now));
                case RUNNING -> {
                    boolean free = state.dependantsOf(name).stream()
                            .allMatch(dependant -> state.container(dependant.name()).stopped());
                    if (free) {
                        move(name, ContainerPhase.STOPPING, new TaskAction.Stop(name,
                                Optional.ofNullable(container.stopTimeout()).map(Duration::ofSeconds)));
                    }
                }
                case CREATING, STARTING, STOPPING, STOPPED -> { }
            }
        }

        private void move(String name, ContainerPhase next, TaskAction action) {
            state = state.with(name, state.container(name).to(next));
            actions.add(action);
        }

        /**
         * Container changes are held back until the task itself changes, as Amazon's agent does, except while the task
         * runs: then each is told at once.
         */
        private void report() {
            ReportedStatus status = state.status();
            boolean taskChanged = state.reportedTask().filter(status::equals).isEmpty();
            if (status == ReportedStatus.PENDING || !taskChanged && status == ReportedStatus.STOPPED) {
                return;
            }
            var told = new TreeMap<>(state.reportedContainers());
            var news = new ArrayList<ContainerReport>();
            for (ContainerPayload container : TaskState.containersOf(state.payload())) {
                ContainerState known = state.container(container.name());
                if (known.reported() != told.get(container.name())) {
                    news.add(ContainerReport.of(container.name(), known));
                    told.put(container.name(), known.reported());
                }
            }
            if (news.isEmpty() && !taskChanged) {
                return;
            }
            if (status == ReportedStatus.STOPPED) {
                state = state.executionEnded(now);
            }
            state = state.reportedAs(status, told);
            actions.add(new TaskAction.Submit(new TaskReport(status, state.reason(), news, attachments(),
                    state.pullStartedAt(), state.pullStoppedAt(),
                    status == ReportedStatus.STOPPED ? state.executionStoppedAt() : Optional.empty())));
        }

        private List<String> attachments() {
            return Objects.requireNonNullElse(
                            state.payload().elasticNetworkInterfaces(), List.<ElasticNetworkInterface>of()).stream()
                    .map(ElasticNetworkInterface::attachmentArn)
                    .filter(Objects::nonNull)
                    .toList();
        }
    }
}
