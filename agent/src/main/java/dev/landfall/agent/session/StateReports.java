package dev.landfall.agent.session;

import dev.landfall.agent.supervise.Reports;
import dev.landfall.agent.task.PortBinding;
import dev.landfall.agent.task.TaskReport;
import dev.landfall.agent.task.TaskReport.ContainerReport;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.ecs.model.ContainerStateChange;
import software.amazon.awssdk.services.ecs.model.EcsException;
import software.amazon.awssdk.services.ecs.model.InvalidParameterException;
import software.amazon.awssdk.services.ecs.model.NetworkBinding;
import software.amazon.awssdk.services.ecs.model.SubmitTaskStateChangeRequest;

/** Reports by SubmitTaskStateChange. */
public final class StateReports implements Reports {
    private static final System.Logger LOG = System.getLogger(StateReports.class.getName());

    private final EcsClient ecs;

    public StateReports(EcsClient ecs) {
        this.ecs = ecs;
    }

    @Override
    public Answer submit(String taskArn, String clusterArn, TaskReport report) {
        try {
            ecs.submitTaskStateChange(request(taskArn, clusterArn, report));
            return Answer.ACCEPTED;
        } catch (InvalidParameterException e) {
            return Answer.REFUSED;
        } catch (SdkException e) {
            String what = e instanceof EcsException answered ? answered.awsErrorDetails() + "" : e.getMessage();
            LOG.log(System.Logger.Level.DEBUG, "cannot report {0}, will try again: {1}", taskArn, what);
            return Answer.FAILED;
        }
    }

    private static SubmitTaskStateChangeRequest request(String taskArn, String clusterArn, TaskReport report) {
        return SubmitTaskStateChangeRequest.builder()
                .cluster(clusterArn)
                .task(taskArn)
                .status(report.status().name())
                .reason(report.reason())
                .containers(report.containers().stream().map(StateReports::container).toList())
                .attachments(report.attachmentArns().stream()
                        .map(arn -> software.amazon.awssdk.services.ecs.model.AttachmentStateChange.builder()
                                .attachmentArn(arn).status("ATTACHED").build())
                        .toList())
                .pullStartedAt(report.pullStartedAt().orElse(null))
                .pullStoppedAt(report.pullStoppedAt().orElse(null))
                .executionStoppedAt(report.executionStoppedAt().orElse(null))
                .build();
    }

    private static ContainerStateChange container(ContainerReport report) {
        return ContainerStateChange.builder()
                .containerName(report.name())
                .status(report.status().name())
                .runtimeId(report.runtimeId().orElse(null))
                .exitCode(report.exitCode().orElse(null))
                .reason(report.reason().isEmpty() ? null : report.reason())
                .imageDigest(report.imageDigest().orElse(null))
                .networkBindings(report.bindings().stream().map(StateReports::binding).toList())
                .build();
    }

    private static NetworkBinding binding(PortBinding binding) {
        var builder = NetworkBinding.builder().bindIP(binding.bindIp()).protocol(binding.protocol());
        return binding.isRange()
                ? builder.containerPortRange(binding.containerRange()).hostPortRange(binding.hostRange()).build()
                : builder.containerPort(binding.containerPort()).hostPort(binding.hostPort()).build();
    }
}
