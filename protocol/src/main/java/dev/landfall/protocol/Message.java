package dev.landfall.protocol;

import java.util.List;
import java.util.Map;

/**
 * A message of the Amazon ECS agent protocol (ACS: control, TCS: telemetry). On the wire each is one websocket text
 * frame {@code {"type":"<record name>","message":{…}}}; {@link Frames} reads and writes them. Unknown members are
 * ignored and absent ones are {@code null}, as Amazon's agent does. Times are epoch milliseconds in ACS and epoch
 * seconds with a fraction in TCS.
 */
public sealed interface Message {

    // ---- ACS, server to agent ----

    record HeartbeatMessage(String messageId, Boolean healthy) implements Message {}

    record PayloadMessage(
            String messageId,
            String clusterArn,
            String containerInstanceArn,
            long generatedAt,
            long seqNum,
            List<TaskPayload> tasks)
            implements Message {}

    record TaskManifestMessage(
            String messageId,
            String clusterArn,
            String containerInstanceArn,
            long generatedAt,
            long timeline,
            List<ManifestTask> tasks)
            implements Message {}

    record TaskStopVerificationAck(String messageId, long generatedAt, List<ManifestTask> stopTasks)
            implements Message {}

    record IAMRoleCredentialsMessage(
            String messageId, String taskArn, String roleType, RoleCredentials roleCredentials) implements Message {}

    // ---- ACS, agent to server ----

    record HeartbeatAckRequest(String messageId) implements Message {}

    record AckRequest(String cluster, String containerInstance, String messageId) implements Message {}

    record NackRequest(String cluster, String containerInstance, String messageId, String reason) implements Message {}

    record IAMRoleCredentialsAckRequest(String messageId, String expiration, String credentialsId) implements Message {}

    record TaskStopVerificationMessage(String messageId, List<ManifestTask> stopCandidates) implements Message {}

    // ---- TCS, agent to server ----

    record PublishMetricsRequest(
            TelemetryMetadata metadata, List<TaskMetric> taskMetrics, double timestamp) implements Message {}

    record PublishHealthRequest(TelemetryMetadata metadata, List<TaskHealth> tasks, double timestamp)
            implements Message {}

    record PublishInstanceStatusRequest(TelemetryMetadata metadata, List<InstanceStatus> statuses, double timestamp)
            implements Message {}

    // ---- TCS, server to agent ----

    record AckPublishMetric(String message) implements Message {}

    record AckPublishHealth(String message) implements Message {}

    record AckPublishInstanceStatus(String message) implements Message {}

    /** A message of a type this version does not know; kept so that the receiver can log its name. */
    record Unknown(String type) implements Message {}

    // ---- parts ----

    record ManifestTask(String taskArn, String taskClusterArn, String desiredStatus) {}

    record RoleCredentials(
            String credentialsId,
            String roleArn,
            String accessKeyId,
            String secretAccessKey,
            String sessionToken,
            String expiration) {}

    record TelemetryMetadata(
            String cluster, String containerInstance, String messageId, String requestId, Boolean idle, Boolean fin) {}

    record TaskMetric(
            String taskArn,
            String clusterArn,
            String taskDefinitionFamily,
            String taskDefinitionVersion,
            List<ContainerMetric> containerMetrics) {}

    /** {@code cpuStatsSet}: percent of one vCPU; {@code memoryStatsSet}: MiB; the rest: bytes. */
    record ContainerMetric(
            String containerName,
            StatsSet cpuStatsSet,
            StatsSet memoryStatsSet,
            Map<String, Object> networkStatsSet,
            Map<String, Object> storageStatsSet) {}

    record StatsSet(double min, double max, int sampleCount, double sum) {}

    record TaskHealth(
            String taskArn,
            String clusterArn,
            String taskDefinitionFamily,
            String taskDefinitionVersion,
            List<ContainerHealth> containers) {}

    record ContainerHealth(String containerName, String healthStatus, double statusSince, String statusMessage) {}

    record InstanceStatus(String type, String status, double lastUpdated, double lastStatusChange) {}
}
