package dev.landfall.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * One task of a {@link Message.PayloadMessage}: what an agent needs to run it. To stop a task only {@code arn} and
 * {@code desiredStatus} are sent. {@code cpu} is in vCPUs, {@code memory} in MiB; both may be absent.
 */
public record TaskPayload(
        String arn,
        String taskClusterArn,
        String family,
        String version,
        String desiredStatus,
        String launchType,
        String networkMode,
        Double cpu,
        Integer memory,
        String pidMode,
        String ipcMode,
        String group,
        String serviceName,
        String taskDefinitionAccountId,
        String overrides,
        List<ContainerPayload> containers,
        List<VolumePayload> volumes,
        List<ElasticNetworkInterface> elasticNetworkInterfaces,
        List<Association> associations,
        Message.RoleCredentials roleCredentials,
        Message.RoleCredentials executionRoleCredentials) {

    /** The message that stops a task. */
    public static TaskPayload stop(String arn, String taskClusterArn) {
        return new TaskPayload(arn, taskClusterArn, null, null, "STOPPED", null, null, null, null, null, null, null,
                null, null, null, null, null, null, null, null, null);
    }

    /**
     * {@code cpu} is in CPU shares (1,024 a vCPU), {@code memory} is the hard limit in MiB (0: none), timeouts in
     * seconds.
     */
    public record ContainerPayload(
            String name,
            String containerArn,
            String image,
            boolean essential,
            int cpu,
            int memory,
            List<String> entryPoint,
            List<String> command,
            Map<String, String> environment,
            List<PortMapping> portMappings,
            List<MountPoint> mountPoints,
            List<VolumeFrom> volumesFrom,
            List<String> links,
            List<Dependency> dependsOn,
            Integer startTimeout,
            Integer stopTimeout,
            RestartPolicy restartPolicy,
            String healthCheckType,
            String overrides,
            DockerConfig dockerConfig) {}

    /** The GPUs of a container, by their ids. */
    public List<String> gpus(String container) {
        return associations == null ? List.of() : associations.stream()
                .filter(each -> Association.GPU.equals(each.type()) && each.containers() != null
                        && each.containers().contains(container))
                .map(Association::name).toList();
    }

    /** A device that containers get, by its {@code name}; a GPU belongs to one container. */
    public record Association(String name, String type, List<String> containers, Content content) {
        public static final String GPU = "gpu";

        /** The GPU with that id, for one container; it says no more than that. */
        public static Association gpu(String id, String container) {
            return new Association(id, GPU, List.of(container), new Content("base64", ""));
        }
    }

    public record Content(String encoding, String value) {}

    public record PortMapping(
            Integer containerPort, Integer hostPort, String containerPortRange, String protocol) {}

    public record MountPoint(String sourceVolume, String containerPath, Boolean readOnly) {}

    public record VolumeFrom(String sourceContainer, Boolean readOnly) {}

    /** {@code condition} is START, COMPLETE, SUCCESS or HEALTHY. */
    public record Dependency(String containerName, String condition) {}

    /** {@code restartAttemptPeriod}: seconds a container must run before it may be restarted. */
    public record RestartPolicy(boolean enabled, List<Integer> ignoredExitCodes, Integer restartAttemptPeriod) {
        /** Where none is given (API reference, ContainerRestartPolicy). */
        private static final int DEFAULT_PERIOD_SECONDS = 300;

        /**
         * Whether an agent starts a container again that has ended by itself.
         *
         * @param sinceStart since its latest start, up to now
         */
        public boolean restarts(int exitCode, Duration sinceStart) {
            boolean ignored = ignoredExitCodes != null && ignoredExitCodes.contains(exitCode);
            int period = restartAttemptPeriod == null ? DEFAULT_PERIOD_SECONDS : restartAttemptPeriod;
            return enabled && !ignored && sinceStart.compareTo(Duration.ofSeconds(period)) >= 0;
        }
    }

    /**
     * {@code config} and {@code hostConfig} are Docker Engine JSON documents in strings, merged over what the agent
     * derives.
     */
    public record DockerConfig(String config, String hostConfig, String version) {}

    /** {@code host} is present (possibly empty) for host volumes; the configuration of other types stays a document. */
    public record VolumePayload(
            String name,
            String type,
            HostVolume host,
            JsonNode dockerVolumeConfiguration,
            JsonNode efsVolumeConfiguration) {}

    public record HostVolume(String sourcePath) {}

    /**
     * The task's address in awsvpc mode; {@code subnetGatewayIpv4Address} carries the prefix length ("10.0.0.1/24").
     */
    public record ElasticNetworkInterface(
            String ec2Id,
            String attachmentArn,
            String macAddress,
            List<Ipv4Address> ipv4Addresses,
            String subnetGatewayIpv4Address,
            List<String> domainName,
            List<String> domainNameServers,
            String privateDnsName) {}

    public record Ipv4Address(boolean primary, String privateAddress) {}
}
