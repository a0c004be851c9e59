package dev.landfall.agent;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/**
 * How an agent runs. {@link #of} has the defaults.
 *
 * @param endpoint the control plane; shown in logs only, calls go through the client the agent is handed
 * @param dataDirectory holds the agent's identity and its tasks; one agent per directory
 * @param managedCapacity whether the instance offers FARGATE capacity instead of joining {@code cluster}
 * @param attributes custom attributes of the container instance
 * @param awsvpcCidr the IPv4 block of awsvpc tasks; empty: a free one is chosen and remembered
 * @param cpuUnits offered CPU units; empty: 1,024 for each CPU of the host
 * @param memoryMib offered memory; empty: the host's less {@code reservedMemoryMib}
 * @param gpus ids of the machine's GPUs that containers may have
 * @param keepStopped how long the containers of a stopped task are kept for their logs
 * @param warmNamespaces how many pause containers are kept running for awsvpc tasks to come
 * @param parallelStarts how many containers are created or started at once
 * @param metadataEndpoint whether containers get the task metadata endpoint on 169.254.170.x
 */
public record AgentConfig(
        URI endpoint,
        String cluster,
        Path dataDirectory,
        boolean managedCapacity,
        Map<String, String> attributes,
        Optional<String> awsvpcCidr,
        PullBehavior pullBehavior,
        Duration stopTimeout,
        String dockerHost,
        int reservedMemoryMib,
        Optional<Integer> cpuUnits,
        Optional<Integer> memoryMib,
        List<String> gpus,
        String region,
        String availabilityZone,
        String instanceType,
        Credentials credentials,
        Duration keepStopped,
        int warmNamespaces,
        int parallelStarts,
        boolean metadataEndpoint,
        Duration metricsPeriod) {

    /** What the websockets are signed with. */
    public record Credentials(String accessKeyId, String secretAccessKey) {}

    public AgentConfig {
        attributes = Map.copyOf(attributes);
        gpus = List.copyOf(gpus);
        Objects.requireNonNull(endpoint, "endpoint is null");
        Objects.requireNonNull(dataDirectory, "dataDirectory is null");
    }

    public static AgentConfig of(URI endpoint, Path dataDirectory) {
        return new AgentConfig(endpoint, "default", dataDirectory, false, Map.of(), Optional.empty(),
                PullBehavior.DEFAULT, Duration.ofSeconds(30), "unix:///var/run/docker.sock", 0, Optional.empty(),
                Optional.empty(), List.of(), "us-east-1", "us-east-1a", "landfall.local",
                new Credentials("landfall", "landfall"), Duration.ofMinutes(10), 2,
                Math.max(8, 2 * Runtime.getRuntime().availableProcessors()), true, Duration.ofSeconds(20));
    }

    public AgentConfig withCluster(String name) {
        return change().cluster(name).build();
    }

    public AgentConfig withManagedCapacity() {
        return change().managedCapacity(true).build();
    }

    public Builder change() {
        return new Builder(this);
    }

    /** A copy being changed. Not safe for several threads. */
    public static final class Builder {
        private URI endpoint;
        private String cluster;
        private Path dataDirectory;
        private boolean managedCapacity;
        private Map<String, String> attributes;
        private Optional<String> awsvpcCidr;
        private PullBehavior pullBehavior;
        private Duration stopTimeout;
        private String dockerHost;
        private int reservedMemoryMib;
        private Optional<Integer> cpuUnits;
        private Optional<Integer> memoryMib;
        private List<String> gpus;
        private String region;
        private String availabilityZone;
        private String instanceType;
        private Credentials credentials;
        private Duration keepStopped;
        private int warmNamespaces;
        private int parallelStarts;
        private boolean metadataEndpoint;
        private Duration metricsPeriod;

        private Builder(AgentConfig config) {
            endpoint = config.endpoint;
            cluster = config.cluster;
            dataDirectory = config.dataDirectory;
            managedCapacity = config.managedCapacity;
            attributes = config.attributes;
            awsvpcCidr = config.awsvpcCidr;
            pullBehavior = config.pullBehavior;
            stopTimeout = config.stopTimeout;
            dockerHost = config.dockerHost;
            reservedMemoryMib = config.reservedMemoryMib;
            cpuUnits = config.cpuUnits;
            memoryMib = config.memoryMib;
            gpus = config.gpus;
            region = config.region;
            availabilityZone = config.availabilityZone;
            instanceType = config.instanceType;
            credentials = config.credentials;
            keepStopped = config.keepStopped;
            warmNamespaces = config.warmNamespaces;
            parallelStarts = config.parallelStarts;
            metadataEndpoint = config.metadataEndpoint;
            metricsPeriod = config.metricsPeriod;
        }

        public AgentConfig build() {
            return new AgentConfig(endpoint, cluster, dataDirectory, managedCapacity, attributes, awsvpcCidr,
                    pullBehavior,
                    stopTimeout, dockerHost, reservedMemoryMib, cpuUnits, memoryMib, gpus, region,
                    availabilityZone, instanceType, credentials, keepStopped, warmNamespaces, parallelStarts, metadataEndpoint,
                    metricsPeriod);
        }

        public Builder cluster(String value) {
            cluster = value;
            return this;
        }

        public Builder managedCapacity(boolean value) {
            managedCapacity = value;
            return this;
        }

        public Builder awsvpcCidr(String value) {
            awsvpcCidr = Optional.of(value);
            return this;
        }

        public Builder pullBehavior(PullBehavior value) {
            pullBehavior = value;
            return this;
        }

        public Builder stopTimeout(Duration value) {
            stopTimeout = value;
            return this;
        }

        public Builder dockerHost(String value) {
            dockerHost = value;
            return this;
        }

        public Builder reservedMemoryMib(int value) {
            reservedMemoryMib = value;
            return this;
        }

        public Builder cpuUnits(Integer value) {
            cpuUnits = Optional.of(value);
            return this;
        }

        public Builder memoryMib(Integer value) {
            memoryMib = Optional.of(value);
            return this;
        }

        public Builder gpus(List<String> ids) {
            gpus = ids;
            return this;
        }

        public Builder region(String value) {
            region = value;
            return this;
        }

        public Builder availabilityZone(String value) {
            availabilityZone = value;
            return this;
        }

        public Builder instanceType(String value) {
            instanceType = value;
            return this;
        }

        public Builder credentials(Credentials value) {
            credentials = value;
            return this;
        }

        public Builder keepStopped(Duration value) {
            keepStopped = value;
            return this;
        }

        public Builder warmNamespaces(int value) {
            warmNamespaces = value;
            return this;
        }

        public Builder parallelStarts(int value) {
            parallelStarts = value;
            return this;
        }

        public Builder metadataEndpoint(boolean value) {
            metadataEndpoint = value;
            return this;
        }

        public Builder metricsPeriod(Duration value) {
            metricsPeriod = value;
            return this;
        }

        public Builder attribute(String name, String value) {
            var all = new TreeMap<>(attributes);
            all.put(name, value);
            attributes = all;
            return this;
        }
    }
}
