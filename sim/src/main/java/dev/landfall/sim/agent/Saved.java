package dev.landfall.sim.agent;

import dev.landfall.protocol.TaskPayload;
import dev.landfall.protocol.TaskPayload.ContainerPayload;
import java.util.List;
import java.util.Optional;

/**
 * A task as an agent knows it and keeps it on its disk.
 *
 * @param reports those that the control plane has not accepted yet, oldest first
 * @param endedMicros when nothing of it ran any more
 */
record Saved(TaskPayload payload, Phase phase, boolean stopWanted, List<Report> reports, Optional<Long> endedMicros) {
    enum Phase {
        PREPARING,
        RUNNING,
        STOPPED
    }

    /** A state to be reported, with the containers as they are then. */
    record Report(String status, List<ContainerReport> containers, String taskReason) {}

    record ContainerReport(String name, String status, Optional<Integer> exitCode, String reason) {}

    static Saved accepted(TaskPayload payload) {
        return new Saved(payload, Phase.PREPARING, false, List.of(), Optional.empty());
    }

    String arn() {
        return payload.arn();
    }

    Docker.Id id(ContainerPayload container) {
        return new Docker.Id(arn(), container.name());
    }

    List<ContainerPayload> containers() {
        return payload.containers();
    }

    boolean essential(String container) {
        return containers().stream().anyMatch(each -> each.name().equals(container) && each.essential());
    }

    Saved with(Phase next) {
        return new Saved(payload, next, stopWanted, reports, endedMicros);
    }

    Saved stopping() {
        return new Saved(payload, phase, true, reports, endedMicros);
    }

    Saved ended(long micros) {
        return new Saved(payload, Phase.STOPPED, stopWanted, reports, Optional.of(micros));
    }

    Saved with(List<Report> next) {
        return new Saved(payload, phase, stopWanted, List.copyOf(next), endedMicros);
    }
}
