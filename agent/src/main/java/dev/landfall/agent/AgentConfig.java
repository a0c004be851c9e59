package dev.landfall.agent;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
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
        Objects.requireNonNull(endpoint, "endpoint is null");
        Objects.requireNonNull(dataDirectory, "dataDirectory is null");
    }

    public static AgentConfig of(URI endpoint, Path dataDirectory) {
        return new AgentConfig(endpoint, "default", dataDirectory, false, Map.of(), Optional.empty(),
                PullBehavior.DEFAULT, Duration.ofSeconds(30), "unix:///var/run/docker.sock", 0, Optional.empty(),
                Optional.empty(), "us-east-1", "us-east-1a", "landfall.local",
                new Credentials("landfall", "landfall"), Duration.ofMinutes(10), 2,
                Math.max(4, 2 * Runtime.getRuntime().availableProcessors()), true, Duration.ofSeconds(20));
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
        private AgentConfig config;

        private Builder(AgentConfig config) {
            this.config = config;
        }

        public AgentConfig build() {
            return config;
        }

        public Builder cluster(String cluster) {
            return place(cluster, config.managedCapacity, config.region, config.availabilityZone, config.instanceType);
        }

        public Builder managedCapacity(boolean managed) {
            return place(config.cluster, managed, config.region, config.availabilityZone, config.instanceType);
        }

        public Builder region(String region) {
            return place(config.cluster, config.managedCapacity, region, config.availabilityZone, config.instanceType);
        }

        public Builder availabilityZone(String zone) {
            return place(config.cluster, config.managedCapacity, config.region, zone, config.instanceType);
        }

        public Builder instanceType(String type) {
            return place(config.cluster, config.managedCapacity, config.region, config.availabilityZone, type);
        }

        private Builder place(String cluster, boolean managed, String region, String zone, String type) {
            config = new AgentConfig(config.endpoint, cluster, config.dataDirectory, managed, config.attributes,
                    config.awsvpcCidr, config.pullBehavior, config.stopTimeout, config.dockerHost,
                    config.reservedMemoryMib, config.cpuUnits, config.memoryMib, region, zone, type, config.credentials,
                    config.keepStopped, config.warmNamespaces, config.parallelStarts, config.metadataEndpoint,
                    config.metricsPeriod);
            return this;
        }

        public Builder attribute(String name, String value) {
            var all = new TreeMap<>(config.attributes);
            all.put(name, value);
            return offer(all, config.awsvpcCidr, config.reservedMemoryMib, config.cpuUnits, config.memoryMib);
        }

        public Builder awsvpcCidr(String cidr) {
            return offer(config.attributes, Optional.of(cidr), config.reservedMemoryMib, config.cpuUnits,
                    config.memoryMib);
        }

        public Builder reservedMemoryMib(int memoryMib) {
            return offer(config.attributes, config.awsvpcCidr, memoryMib, config.cpuUnits, config.memoryMib);
        }

        public Builder cpuUnits(int units) {
            return offer(config.attributes, config.awsvpcCidr, config.reservedMemoryMib, Optional.of(units),
                    config.memoryMib);
        }

        public Builder memoryMib(int memoryMib) {
            return offer(config.attributes, config.awsvpcCidr, config.reservedMemoryMib, config.cpuUnits,
                    Optional.of(memoryMib));
        }

        private Builder offer(Map<String, String> attributes, Optional<String> cidr, int reserved, Optional<Integer> cpu,
                Optional<Integer> memory) {
            config = new AgentConfig(config.endpoint, config.cluster, config.dataDirectory, config.managedCapacity,
                    attributes, cidr, config.pullBehavior, config.stopTimeout, config.dockerHost, reserved, cpu, memory,
                    config.region, config.availabilityZone, config.instanceType, config.credentials, config.keepStopped,
                    config.warmNamespaces, config.parallelStarts, config.metadataEndpoint, config.metricsPeriod);
            return this;
        }

        public Builder pullBehavior(PullBehavior behavior) {
            return behave(behavior, config.stopTimeout, config.dockerHost, config.credentials);
        }

        public Builder stopTimeout(Duration timeout) {
            return behave(config.pullBehavior, timeout, config.dockerHost, config.credentials);
        }

        public Builder dockerHost(String host) {
            return behave(config.pullBehavior, config.stopTimeout, host, config.credentials);
        }

        public Builder credentials(Credentials credentials) {
            return behave(config.pullBehavior, config.stopTimeout, config.dockerHost, credentials);
        }

        private Builder behave(PullBehavior pull, Duration stop, String host, Credentials credentials) {
            config = new AgentConfig(config.endpoint, config.cluster, config.dataDirectory, config.managedCapacity,
                    config.attributes, config.awsvpcCidr, pull, stop, host, config.reservedMemoryMib, config.cpuUnits,
                    config.memoryMib, config.region, config.availabilityZone, config.instanceType, credentials,
                    config.keepStopped, config.warmNamespaces, config.parallelStarts, config.metadataEndpoint,
                    config.metricsPeriod);
            return this;
        }

        public Builder keepStopped(Duration time) {
            return tune(time, config.warmNamespaces, config.parallelStarts, config.metadataEndpoint,
                    config.metricsPeriod);
        }

        public Builder warmNamespaces(int count) {
            return tune(config.keepStopped, count, config.parallelStarts, config.metadataEndpoint,
                    config.metricsPeriod);
        }

        public Builder parallelStarts(int count) {
            return tune(config.keepStopped, config.warmNamespaces, count, config.metadataEndpoint,
                    config.metricsPeriod);
        }

        public Builder metadataEndpoint(boolean offered) {
            return tune(config.keepStopped, config.warmNamespaces, config.parallelStarts, offered,
                    config.metricsPeriod);
        }

        public Builder metricsPeriod(Duration period) {
            return tune(config.keepStopped, config.warmNamespaces, config.parallelStarts, config.metadataEndpoint,
                    period);
        }

        private Builder tune(Duration keep, int warm, int parallel, boolean metadata, Duration metrics) {
            config = new AgentConfig(config.endpoint, config.cluster, config.dataDirectory, config.managedCapacity,
                    config.attributes, config.awsvpcCidr, config.pullBehavior, config.stopTimeout, config.dockerHost,
                    config.reservedMemoryMib, config.cpuUnits, config.memoryMib, config.region, config.availabilityZone,
                    config.instanceType, config.credentials, keep, warm, parallel, metadata, metrics);
            return this;
        }
    }
}
