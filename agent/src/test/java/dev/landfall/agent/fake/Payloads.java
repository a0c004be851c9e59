package dev.landfall.agent.fake;

import dev.landfall.protocol.Message;
import dev.landfall.protocol.TaskPayload;
import dev.landfall.protocol.TaskPayload.Association;
import dev.landfall.protocol.TaskPayload.ContainerPayload;
import dev.landfall.protocol.TaskPayload.Dependency;
import dev.landfall.protocol.TaskPayload.DockerConfig;
import dev.landfall.protocol.TaskPayload.ElasticNetworkInterface;
import dev.landfall.protocol.TaskPayload.Ipv4Address;
import dev.landfall.protocol.TaskPayload.MountPoint;
import dev.landfall.protocol.TaskPayload.PortMapping;
import dev.landfall.protocol.TaskPayload.RestartPolicy;
import dev.landfall.protocol.TaskPayload.VolumeFrom;
import dev.landfall.protocol.TaskPayload.VolumePayload;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;

/** Task payloads for tests, put together member by member. */
public final class Payloads {
    /** What containers run that name nothing else. */
    public static final String IMAGE = "landfall-agent-test:busybox";

    private Payloads() {}

    public static Task task(Container... containers) {
        return new Task(List.of(containers));
    }

    /** A container that runs a shell script. */
    public static Container container(String name, String script) {
        return new Container(name, List.of("/bin/sh", "-c", script));
    }

    public static final class Task {
        private final List<Container> containers;
        private final List<VolumePayload> volumes = new ArrayList<>();
        private final String arn = "arn:aws:ecs:us-east-1:000000000000:task/default/"
                + UUID.randomUUID().toString().replace("-", "");
        private String networkMode = "none";
        private List<ElasticNetworkInterface> cards = List.of();
        private final List<Association> gpus = new ArrayList<>();
        private Double cpu;
        private Integer memory;
        private Message.RoleCredentials role;
        private String pidMode;
        private String ipcMode;

        private Task(List<Container> containers) {
            this.containers = containers;
        }

        public Task network(String mode) {
            networkMode = mode;
            return this;
        }

        public Task awsvpc(String address, String gateway) {
            networkMode = "awsvpc";
            cards = List.of(new ElasticNetworkInterface("eni-1", "arn:attachment", "02:00:00:00:00:01",
                    List.of(new Ipv4Address(true, address)), gateway, null, null, null));
            return this;
        }

        public Task gpu(String id, String container) {
            gpus.add(Association.gpu(id, container));
            return this;
        }

        public Task pidMode(String mode) {
            pidMode = mode;
            return this;
        }

        public Task ipcMode(String mode) {
            ipcMode = mode;
            return this;
        }

        public Task limits(Double vcpus, Integer memoryMib) {
            cpu = vcpus;
            memory = memoryMib;
            return this;
        }

        public Task volume(VolumePayload volume) {
            volumes.add(volume);
            return this;
        }

        public Task roleCredentials(String id) {
            role = new Message.RoleCredentials(id, "arn:aws:iam::000000000000:role/task", "AKIDTASK", "secret", "token",
                    "2030-01-01T00:00:00Z");
            return this;
        }

        public TaskPayload payload() {
            return new TaskPayload(arn, ControlPlane.CLUSTER, "family", "7", "RUNNING", "EC2", networkMode, cpu, memory,
                    pidMode, ipcMode, "family:family", null, "000000000000", "{}",
                    containers.stream().map(Container::payload).toList(), volumes, cards, gpus, role, null);
        }
    }

    public static final class Container {
        private final String name;
        private final List<String> command;
        private final List<Dependency> dependsOn = new ArrayList<>();
        private final List<PortMapping> ports = new ArrayList<>();
        private final List<MountPoint> mounts = new ArrayList<>();
        private String image = IMAGE;
        private boolean essential = true;
        private int memory;
        private Integer startTimeout;
        private Integer stopTimeout;
        private RestartPolicy restartPolicy;
        private String healthCheckType;
        private final Map<String, String> environment = new TreeMap<>(Map.of("GREETING", "hello"));
        private String config = "{}";
        private String hostConfig = "{}";

        private List<String> links = List.of();
        private List<VolumeFrom> volumesFrom = List.of();

        private Container(String name, List<String> command) {
            this.name = name;
            this.command = command;
        }

        public Container image(String reference) {
            image = reference;
            return this;
        }

        public Container optional() {
            essential = false;
            return this;
        }

        public Container memory(int mib) {
            memory = mib;
            return this;
        }

        public Container environment(String variable, String value) {
            environment.put(variable, value);
            return this;
        }

        public Container dependsOn(String container, String condition) {
            dependsOn.add(new Dependency(container, condition));
            return this;
        }

        public Container port(int port, int hostPort) {
            ports.add(new PortMapping(port, hostPort, null, "tcp"));
            return this;
        }

        public Container portRange(String range) {
            ports.add(new PortMapping(null, null, range, "tcp"));
            return this;
        }

        public Container mount(String volume, String path) {
            mounts.add(new MountPoint(volume, path, false));
            return this;
        }

        public Container links(String... to) {
            links = List.of(to);
            return this;
        }

        public Container volumesFrom(String container) {
            volumesFrom = List.of(new VolumeFrom(container, false));
            return this;
        }

        public Container startTimeout(int seconds) {
            startTimeout = seconds;
            return this;
        }

        public Container stopTimeout(int seconds) {
            stopTimeout = seconds;
            return this;
        }

        public Container restart(int attemptPeriodSeconds, Integer... ignoredExitCodes) {
            restartPolicy = new RestartPolicy(true, List.of(ignoredExitCodes), attemptPeriodSeconds);
            return this;
        }

        public Container healthCheck(String command) {
            healthCheckType = "docker";
            config = "{\"Healthcheck\":{\"Test\":[\"CMD-SHELL\",\"" + command
                    + "\"],\"Interval\":1000000000,\"Timeout\":2000000000,\"Retries\":1}}";
            return this;
        }

        public Container config(String json) {
            config = json;
            return this;
        }

        public Container hostConfig(String json) {
            hostConfig = json;
            return this;
        }

        public ContainerPayload payload() {
            return new ContainerPayload(name, "arn:container/" + name, image, essential, 0, memory, null, command,
                    environment, ports, mounts, volumesFrom, links, dependsOn, startTimeout,
                            stopTimeout,
                    restartPolicy, healthCheckType, "{}", new DockerConfig(config, hostConfig, "1.18"));
        }
    }
}
