package dev.landfall.sim.agent;

import dev.landfall.protocol.TaskPayload;
import dev.landfall.protocol.TaskPayload.ContainerPayload;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A task as an agent knows it and keeps it on its disk.
 *
 * @param over the containers that ended by themselves and are not started again
 * @param reports those that the control plane has not accepted yet, oldest first
 * @param endedMicros when nothing of it ran any more
 */
record Saved(TaskPayload payload, Phase phase, boolean stopWanted, List<String> over, List<Report> reports,
        Optional<Long> endedMicros) {
    enum Phase {
        PREPARING,
        RUNNING,
        STOPPED
    }

    /** A state to be reported, with the containers as they are then. */
    record Report(String status, List<ContainerReport> containers, String taskReason) {}

    record ContainerReport(String name, String status, Optional<Integer> exitCode, String reason) {}

    static Saved accepted(TaskPayload payload) {
        return new Saved(payload, Phase.PREPARING, false, List.of(), List.of(), Optional.empty());
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

    ContainerPayload container(String name) {
        return containers().stream().filter(each -> each.name().equals(name)).findFirst().orElseThrow();
    }

    Saved with(Phase next) {
        return new Saved(payload, next, stopWanted, over, reports, endedMicros);
    }

    Saved stopping() {
        return new Saved(payload, phase, true, over, reports, endedMicros);
    }

    Saved ended(long micros) {
        return new Saved(payload, Phase.STOPPED, stopWanted, over, reports, Optional.of(micros));
    }

    /** With a container that has ended for good. */
    Saved without(String container) {
        var next = new ArrayList<>(over);
        next.add(container);
        return new Saved(payload, phase, stopWanted, List.copyOf(next), reports, endedMicros);
    }

    Saved with(List<Report> next) {
        return new Saved(payload, phase, stopWanted, over, List.copyOf(next), endedMicros);
    }
}
