package dev.landfall.agent.task;

import dev.landfall.protocol.TaskPayload;
import dev.landfall.protocol.TaskPayload.ContainerPayload;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A task as its supervisor knows it. Immutable; {@link TaskMachine} makes the next one. {@code containers} has every
 * container of the payload by name. {@code reported} is what was last handed out to be told to the control plane.
 */
public record TaskState(
        TaskPayload payload,
        SortedMap<String, ContainerState> containers,
        Provision provision,
        Optional<String> pauseId,
        boolean stopping,
        boolean released,
        String reason,
        Optional<Instant> pullStartedAt,
        Optional<Instant> pullStoppedAt,
        Optional<Instant> executionStoppedAt,
        Optional<ReportedStatus> reportedTask,
        SortedMap<String, ReportedStatus> reportedContainers) {

    /** How far the task's volumes and network are. */
    public enum Provision {
        WANTED,
        UNDER_WAY,
        READY,
        FAILED
    }

    public TaskState {
        containers = Collections.unmodifiableSortedMap(new TreeMap<>(containers));
        reportedContainers = Collections.unmodifiableSortedMap(new TreeMap<>(reportedContainers));
    }

    public static TaskState accepted(TaskPayload payload, Instant now) {
        var containers = new TreeMap<String, ContainerState>();
        for (ContainerPayload container : containersOf(payload)) {
            boolean checked = "docker".equalsIgnoreCase(container.healthCheckType());
            containers.put(container.name(), ContainerState.waiting(checked ? Health.unknown(now)
                    : Health.NOT_CHECKED));
        }
        return new TaskState(payload, containers, Provision.WANTED, Optional.empty(), false, false, "",
                Optional.empty(),
                Optional.empty(), Optional.empty(), Optional.empty(), new TreeMap<>());
    }

    /** The payload's containers, in its order; none where it lists none. */
    public static List<ContainerPayload> containersOf(TaskPayload payload) {
        return Objects.requireNonNullElse(payload.containers(), List.of());
    }

    public String arn() {
        return payload.arn();
    }

    public ContainerState container(String name) {
        var state = containers.get(name);
        if (state == null) {
            throw new IllegalArgumentException("the task has no such container");
        }
        return state;
    }

    public Optional<ContainerPayload> described(String name) {
        return containersOf(payload).stream().filter(container -> container.name().equals(name)).findFirst();
    }

    public boolean awsvpc() {
        return "awsvpc".equals(payload.networkMode());
    }

    /** Whether the task's containers share namespaces, which a pause container then holds. */
    public boolean hasPause() {
        return awsvpc() || "task".equals(payload.pidMode()) || "task".equals(payload.ipcMode());
    }

    public boolean finished() {
        return containers.values().stream().allMatch(ContainerState::stopped);
    }

    /** The task's status as the control plane is told: RUNNING once all have started, STOPPED when all have stopped. */
    public ReportedStatus status() {
        if (finished()) {
            return ReportedStatus.STOPPED;
        }
        boolean allStarted = containers.values().stream().allMatch(c -> c.everStarted() || c.stopped());
        boolean wasRunning = reportedTask.filter(ReportedStatus.RUNNING::equals).isPresent();
        return wasRunning || allStarted && !stopping ? ReportedStatus.RUNNING : ReportedStatus.PENDING;
    }

    public List<ContainerPayload> dependantsOf(String name) {
        var found = new ArrayList<ContainerPayload>();
        for (ContainerPayload container : containersOf(payload)) {
            if (Dependencies.of(container).stream().anyMatch(need -> need.containerName().equals(name))) {
                found.add(container);
            }
        }
        return found;
    }

    TaskState with(String name, ContainerState next) {
        var changed = new TreeMap<>(containers);
        changed.put(name, next);
        return withContainers(changed);
    }

    private TaskState withContainers(Map<String, ContainerState> next) {
        return new TaskState(payload, new TreeMap<>(next), provision, pauseId, stopping, released, reason,
                pullStartedAt,
                pullStoppedAt, executionStoppedAt, reportedTask, reportedContainers);
    }

    TaskState with(Provision next) {
        return new TaskState(payload, containers, next, pauseId, stopping, released, reason, pullStartedAt,
                pullStoppedAt, executionStoppedAt, reportedTask, reportedContainers);
    }

    TaskState pausedBy(String id) {
        return new TaskState(payload, containers, provision, Optional.of(id), stopping, released, reason, pullStartedAt,
                pullStoppedAt, executionStoppedAt, reportedTask, reportedContainers);
    }

    TaskState stopped(String why) {
        return new TaskState(payload, containers, provision, pauseId, true, released, reason.isEmpty() ? why : reason,
                pullStartedAt, pullStoppedAt, executionStoppedAt, reportedTask, reportedContainers);
    }

    TaskState freed() {
        return new TaskState(payload, containers, provision, pauseId, stopping, true, reason, pullStartedAt,
                pullStoppedAt, executionStoppedAt, reportedTask, reportedContainers);
    }

    TaskState pullBegan(Instant at) {
        return new TaskState(payload, containers, provision, pauseId, stopping, released, reason,
                pullStartedAt.or(() -> Optional.of(at)), pullStoppedAt, executionStoppedAt, reportedTask,
                reportedContainers);
    }

    TaskState pullEnded(Instant at) {
        return new TaskState(payload, containers, provision, pauseId, stopping, released, reason, pullStartedAt,
                Optional.of(at), executionStoppedAt, reportedTask, reportedContainers);
    }

    TaskState executionEnded(Instant at) {
        return new TaskState(payload, containers, provision, pauseId, stopping, released, reason, pullStartedAt,
                pullStoppedAt, executionStoppedAt.or(() -> Optional.of(at)), reportedTask, reportedContainers);
    }

    TaskState reportedAs(ReportedStatus task, SortedMap<String, ReportedStatus> each) {
        return new TaskState(payload, containers, provision, pauseId, stopping, released, reason, pullStartedAt,
                pullStoppedAt, executionStoppedAt, Optional.of(task), each);
    }
}
