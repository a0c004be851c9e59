package dev.landfall.sim.agent;

import dev.landfall.protocol.TaskPayload;
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

    /** A state to be reported. */
    record Report(String status, Optional<Integer> exitCode, String reason, String taskReason) {}

    static Saved accepted(TaskPayload payload) {
        return new Saved(payload, Phase.PREPARING, false, List.of(), Optional.empty());
    }

    String arn() {
        return payload.arn();
    }

    Program program() {
        return Program.of(payload.containers().getFirst().image());
    }

    boolean checked() {
        return payload.containers().getFirst().healthCheckType() != null;
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
