package dev.landfall.agent.task;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What is known of one container of a task. Immutable. {@code startedAt} is the first start, {@code lastStartedAt} that
 * after the latest restart; {@code reason} is empty or an error in ECS's words.
 */
public record ContainerState(
        ContainerPhase phase,
        Optional<String> id,
        Optional<String> imageDigest,
        Optional<Instant> startedAt,
        Optional<Instant> lastStartedAt,
        Optional<Instant> stoppedAt,
        Optional<Integer> exitCode,
        String reason,
        Health health,
        int restarts,
        List<PortBinding> bindings) {

    public static ContainerState waiting(Health health) {
        return new ContainerState(ContainerPhase.WAITING, Optional.empty(), Optional.empty(), Optional.empty(),
                Optional.empty(), Optional.empty(), Optional.empty(), "", health, 0, List.of());
    }

    public ContainerState {
        bindings = List.copyOf(bindings);
    }

    public boolean stopped() {
        return phase == ContainerPhase.STOPPED;
    }

    public boolean everStarted() {
        return startedAt.isPresent();
    }

    /** The status as the control plane is told. */
    public ReportedStatus reported() {
        return stopped() ? ReportedStatus.STOPPED : everStarted() ? ReportedStatus.RUNNING : ReportedStatus.PENDING;
    }

    ContainerState to(ContainerPhase next) {
        if (!phase.canBecome(next)) {
            throw new IllegalStateException("a container cannot go from " + phase + " to " + next);
        }
        return new ContainerState(next, id, imageDigest, startedAt, lastStartedAt, stoppedAt, exitCode, reason, health,
                restarts, bindings);
    }

    ContainerState pulled(Optional<String> digest) {
        var next = to(ContainerPhase.PULLED);
        return new ContainerState(next.phase, id, digest, startedAt, lastStartedAt, stoppedAt, exitCode, reason, health,
                restarts, bindings);
    }

    ContainerState created(String runtimeId) {
        var next = to(ContainerPhase.CREATED);
        return new ContainerState(next.phase, Optional.of(runtimeId), imageDigest, startedAt, lastStartedAt, stoppedAt,
                exitCode, reason, health, restarts, bindings);
    }

    ContainerState running(Instant at, List<PortBinding> ports) {
        var next = to(ContainerPhase.RUNNING);
        return new ContainerState(next.phase, id, imageDigest, startedAt.or(() -> Optional.of(at)), Optional.of(at),
                stoppedAt, exitCode, reason, health, restarts, ports);
    }

    ContainerState restarting() {
        var next = to(ContainerPhase.CREATED);
        return new ContainerState(next.phase, id, imageDigest, startedAt, lastStartedAt, stoppedAt, exitCode, reason,
                health, restarts + 1, bindings);
    }

    ContainerState stopped(Optional<Integer> code, String why, Instant at) {
        var next = to(ContainerPhase.STOPPED);
        return new ContainerState(next.phase, id, imageDigest, startedAt, lastStartedAt, Optional.of(at), code, why,
                health, restarts, bindings);
    }

    ContainerState healthy(Health seen) {
        return new ContainerState(phase, id, imageDigest, startedAt, lastStartedAt, stoppedAt, exitCode, reason, seen,
                restarts, bindings);
    }

    ContainerState bound(List<PortBinding> ports) {
        return new ContainerState(phase, id, imageDigest, startedAt, lastStartedAt, stoppedAt, exitCode, reason, health,
                restarts, ports);
    }
}
