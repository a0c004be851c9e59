package dev.landfall.agent.session;

import dev.landfall.agent.AgentConfig;
import dev.landfall.agent.engine.EngineFacts;
import dev.landfall.protocol.Capabilities;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.ecs.model.Attribute;
import software.amazon.awssdk.services.ecs.model.ClientException;
import software.amazon.awssdk.services.ecs.model.InvalidParameterException;
import software.amazon.awssdk.services.ecs.model.PlatformDevice;
import software.amazon.awssdk.services.ecs.model.PlatformDeviceType;
import software.amazon.awssdk.services.ecs.model.RegisterContainerInstanceRequest;
import software.amazon.awssdk.services.ecs.model.Resource;

/** Makes this machine known to the control plane as a container instance. */
public final class Registration {
    /** The cluster that instances with managed capacity name. */
    public static final String MANAGED_CLUSTER = "landfall-managed";

    private static final System.Logger LOG = System.getLogger(Registration.class.getName());
    private static final List<String> RESERVED_PORTS = List.of("22", "2375", "2376", "51678", "51679");

    /** What this agent can do, in the words of Amazon's. */
    private static final List<String> CAPABILITIES = List.of(
            "ecs.capability.container-ordering",
            "ecs.capability.container-health-check",
            "ecs.capability.container-restart-policy",
            "ecs.capability.docker-plugin.local",
            "ecs.capability.efs",
            "ecs.capability.execution-role-awslogs",
            "ecs.capability.full-sync",
            "ecs.capability.network.container-port-range",
            "ecs.capability.pid-ipc-namespace-sharing",
            "ecs.capability.storage.ebs-task-volume-attach",
            "ecs.capability.task-cpu-mem-limit",
            "ecs.capability.increased-task-cpu-limit",
            "com.amazonaws.ecs.capability.logging-driver.awslogs",
            "com.amazonaws.ecs.capability.logging-driver.json-file",
            "com.amazonaws.ecs.capability.logging-driver.none",
            "com.amazonaws.ecs.capability.privileged-container",
            "com.amazonaws.ecs.capability.task-iam-role",
            "com.amazonaws.ecs.capability.task-iam-role-network-host");

    /** The oldest and newest minor version of the Engine's API that Amazon's agent names. */
    private static final int OLDEST_API = 17;
    private static final int NEWEST_API = 44;

    private final AgentConfig config;
    private final EcsClient ecs;
    private final EngineFacts engine;

    public Registration(AgentConfig config, EcsClient ecs, EngineFacts engine) {
        this.config = config;
        this.ecs = ecs;
        this.engine = engine;
    }

    public static String cluster(AgentConfig config) {
        return config.managedCapacity() ? MANAGED_CLUSTER : config.cluster();
    }

    /**
     * Registers, as the instance {@code known} if the control plane still knows it; tries until it succeeds.
     *
     * @param token always the same for this agent, so that a registration whose answer was lost is not another
     *     instance
     */
    public String register(Optional<String> known, String token, String awsvpcCidr) throws InterruptedException {
        var backoff = new Backoff(Duration.ofMillis(100), Duration.ofSeconds(15));
        Optional<String> arn = known;
        while (true) {
            try {
                return ecs.registerContainerInstance(request(arn, token, awsvpcCidr)).containerInstance()
                        .containerInstanceArn();
            } catch (InvalidParameterException | ClientException e) {
                if (arn.isPresent()) {
                    LOG.log(System.Logger.Level.INFO, "{0} is no longer known, registering anew: {1}", arn.get(),
                            e.getMessage());
                    arn = Optional.empty();
                    continue;
                }
                LOG.log(System.Logger.Level.WARNING, "registration refused, will try again: {0}", e.getMessage());
            } catch (SdkException e) {
                LOG.log(System.Logger.Level.INFO, "cannot reach the control plane at {0}, will try again: {1}",
                        config.endpoint(), e.getMessage());
            }
            backoff.pause();
        }
    }

    private RegisterContainerInstanceRequest request(Optional<String> arn, String token, String awsvpcCidr) {
        int memory = (int) (engine.memoryBytes() >> 20) - config.reservedMemoryMib();
        return RegisterContainerInstanceRequest.builder()
                .cluster(cluster(config))
                .containerInstanceArn(arn.orElse(null))
                .instanceIdentityDocument("")
                .instanceIdentityDocumentSignature("")
                .attributes(attributes(token, awsvpcCidr).entrySet().stream()
                        .map(attribute -> attribute(attribute.getKey(), attribute.getValue()))
                        .toList())
                .totalResources(
                        integer("CPU", config.cpuUnits().orElse(engine.cpus() * 1024)),
                        integer("MEMORY", config.memoryMib().orElse(memory)),
                        strings("PORTS", RESERVED_PORTS),
                        strings("PORTS_UDP", List.of()))
                .platformDevices(config.gpus().stream()
                        .map(id -> PlatformDevice.builder().id(id).type(PlatformDeviceType.GPU).build()).toList())
                .versionInfo(version -> version.agentVersion(AgentVersion.NUMBER).agentHash(AgentVersion.HASH)
                        .dockerVersion("DockerVersion: " + engine.version()))
                .build();
    }

    private Map<String, String> attributes(String token, String awsvpcCidr) {
        var all = new TreeMap<String, String>();
        CAPABILITIES.forEach(name -> all.put(name, ""));
        int minor = Integer.parseInt(engine.apiVersion().substring(engine.apiVersion().indexOf('.') + 1));
        for (int version = OLDEST_API; version <= Math.min(minor, NEWEST_API); version++) {
            all.put("com.amazonaws.ecs.capability.docker-remote-api.1." + version, "");
        }
        all.put("ecs.os-type", "linux");
        all.put("ecs.os-family", "LINUX");
        all.put("ecs.cpu-architecture", switch (engine.architecture()) {
            case "aarch64", "arm64" -> "arm64";
            case "amd64" -> "x86_64";
            default -> engine.architecture();
        });
        all.put("ecs.availability-zone", config.availabilityZone());
        all.put("ecs.instance-type", config.instanceType());
        all.put(Capabilities.TASK_ENI, "");
        all.put(Capabilities.AWSVPC_CIDR, awsvpcCidr);
        all.put(Capabilities.REGISTRATION_TOKEN, token);
        if (config.managedCapacity()) {
            all.put(Capabilities.CAPACITY, Capabilities.CAPACITY_MANAGED);
        }
        all.putAll(config.attributes());
        return all;
    }

    private static Attribute attribute(String name, String value) {
        return Attribute.builder().name(name).value(value.isEmpty() ? null : value).build();
    }

    private static Resource integer(String name, int value) {
        return Resource.builder().name(name).type("INTEGER").integerValue(value).build();
    }

    private static Resource strings(String name, List<String> values) {
        return Resource.builder().name(name).type("STRINGSET").stringSetValue(values).build();
    }
}
