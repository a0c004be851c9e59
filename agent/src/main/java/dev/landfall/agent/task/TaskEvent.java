package dev.landfall.agent.task;

import java.util.List;
import java.util.Optional;

/** Something that happened to a task, as its supervisor learned it. Events may come late, twice, or out of order. */
public sealed interface TaskEvent {
    /** The task was accepted, or adopted after a restart. */
    record Begun() implements TaskEvent {}

    /** The control plane wants the task stopped. */
    record StopWanted() implements TaskEvent {}

    /** The pause container that will hold the task's network is known, though perhaps not yet connected. */
    record NamespaceFound(String pauseId) implements TaskEvent {}

    /** Volumes and network are ready. */
    record Provided() implements TaskEvent {}

    record ProvideFailed(String reason) implements TaskEvent {}

    /** The pause container died. */
    record NamespaceLost() implements TaskEvent {}

    record Pulled(String container, Optional<String> digest) implements TaskEvent {}

    record PullFailed(String container, String reason) implements TaskEvent {}

    record Created(String container, String id) implements TaskEvent {}

    record CreateFailed(String container, String reason) implements TaskEvent {}

    record Started(String container, List<PortBinding> bindings) implements TaskEvent {}

    record StartFailed(String container, String reason) implements TaskEvent {}

    /** {@code exitCode} is empty where the container vanished; {@code reason} is empty for an ordinary exit. */
    record Exited(String container, Optional<Integer> exitCode, String reason) implements TaskEvent {}

    /** Stopping failed for good; the container may still run. */
    record StopFailed(String container, String reason) implements TaskEvent {}

    record HealthSeen(String container, Health.Status status, String output) implements TaskEvent {}

    /** Time has passed. */
    record Tick() implements TaskEvent {}
}
