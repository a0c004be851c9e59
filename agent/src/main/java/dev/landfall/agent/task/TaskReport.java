package dev.landfall.agent.task;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** One SubmitTaskStateChange to be made: the task's status and the containers that changed since the last one. */
public record TaskReport(
        ReportedStatus status,
        String reason,
        List<ContainerReport> containers,
        List<String> attachmentArns,
        Optional<Instant> pullStartedAt,
        Optional<Instant> pullStoppedAt,
        Optional<Instant> executionStoppedAt) {

    public TaskReport {
        containers = List.copyOf(containers);
        attachmentArns = List.copyOf(attachmentArns);
    }

    public record ContainerReport(
            String name,
            ReportedStatus status,
            Optional<String> runtimeId,
            Optional<Integer> exitCode,
            String reason,
            Optional<String> imageDigest,
            List<PortBinding> bindings) {

        static ContainerReport of(String name, ContainerState state) {
            return new ContainerReport(name, state.reported(), state.id(), state.exitCode(), state.reason(),
                    state.imageDigest(), state.bindings());
        }
    }
}
