package dev.landfall.ecs.express;

import dev.landfall.ecs.EcsErrors;
import dev.landfall.ecs.Scope;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import software.amazon.awssdk.services.ecs.model.CPUArchitecture;
import software.amazon.awssdk.services.ecs.model.Compatibility;
import software.amazon.awssdk.services.ecs.model.ContainerDefinition;
import software.amazon.awssdk.services.ecs.model.ExpressGatewayContainer;
import software.amazon.awssdk.services.ecs.model.ExpressGatewayRepositoryCredentials;
import software.amazon.awssdk.services.ecs.model.ExpressGatewayServiceAwsLogsConfiguration;
import software.amazon.awssdk.services.ecs.model.LogConfiguration;
import software.amazon.awssdk.services.ecs.model.LogDriver;
import software.amazon.awssdk.services.ecs.model.NetworkMode;
import software.amazon.awssdk.services.ecs.model.OSFamily;
import software.amazon.awssdk.services.ecs.model.PortMapping;
import software.amazon.awssdk.services.ecs.model.RegisterTaskDefinitionRequest;
import software.amazon.awssdk.services.ecs.model.TaskDefinition;
import software.amazon.awssdk.services.ecs.model.TransportProtocol;
import software.amazon.awssdk.services.ecs.model.VersionConsistency;

/**
 * The task definitions of Express services, and what of them is the service's primary container (ECS Developer Guide,
 * Resources created by Amazon ECS Express Mode services). What a user has changed in a task definition outlives the
 * next revision, where it is not what that revision is for.
 */
final class ExpressDefinition {
    static final String MAIN = "Main";

    private static final String CPU_DEFAULT = "256";
    private static final String MEMORY_DEFAULT = "512";
    private static final int STOP_SECONDS = 30;
    private static final String GROUP = "awslogs-group";
    private static final String PREFIX = "awslogs-stream-prefix";
    private static final String PREFIX_DEFAULT = "ecs";
    private static final int FAMILY_MAX = 255;

    private ExpressDefinition() {}

    /** What a request says of tasks; what it leaves out is null there and stays as it is. */
    record Change(ExpressGatewayContainer container, String executionRoleArn, String taskRoleArn, String cpu,
            String memory) {}

    static String family(String cluster, String service) {
        String family = cluster + '-' + service;
        return family.substring(0, Math.min(FAMILY_MAX, family.length()));
    }

    /** What a service begins with that says nothing of itself; its container has no image yet. */
    static TaskDefinition initial(String family, String logGroup, Scope scope) {
        var options = new TreeMap<String, String>();
        options.put(GROUP, logGroup);
        options.put("awslogs-region", scope.region());
        options.put(PREFIX, PREFIX_DEFAULT);
        options.put("mode", "non-blocking");
        options.put("max-buffer-size", "25m");
        return TaskDefinition.builder()
                .family(family)
                .networkMode(NetworkMode.AWSVPC)
                .requiresCompatibilities(Compatibility.FARGATE)
                .runtimePlatform(platform -> platform.operatingSystemFamily(OSFamily.LINUX)
                        .cpuArchitecture(CPUArchitecture.X86_64))
                .cpu(CPU_DEFAULT)
                .memory(MEMORY_DEFAULT)
                .containerDefinitions(ContainerDefinition.builder()
                        .name(MAIN)
                        .essential(true)
                        .portMappings(mapping(ExpressRules.PORT_DEFAULT))
                        .versionConsistency(VersionConsistency.ENABLED)
                        .linuxParameters(linux -> linux.initProcessEnabled(true))
                        .stopTimeout(STOP_SECONDS)
                        .logConfiguration(LogConfiguration.builder().logDriver(LogDriver.AWSLOGS)
                                .options(Collections.unmodifiableSortedMap(options)).build())
                        .build())
                .build();
    }

    private static PortMapping mapping(int port) {
        return PortMapping.builder().name("main-" + port + "-tcp").containerPort(port).hostPort(port)
                .protocol(TransportProtocol.TCP).build();
    }

    static TaskDefinition changed(TaskDefinition base, Change change) {
        var next = base.toBuilder();
        if (change.executionRoleArn != null) {
            next.executionRoleArn(change.executionRoleArn);
        }
        if (change.taskRoleArn != null) {
            next.taskRoleArn(change.taskRoleArn.isEmpty() ? null : change.taskRoleArn);
        }
        if (change.cpu != null) {
            next.cpu(change.cpu);
        }
        if (change.memory != null) {
            next.memory(change.memory);
        }
        if (change.container != null) {
            UnaryOperator<ContainerDefinition> main = each ->
                    each.name().equals(MAIN) ? changed(each, change.container) : each;
            next.containerDefinitions(base.containerDefinitions().stream().map(main).toList());
        }
        return next.build();
    }

    private static ContainerDefinition changed(ContainerDefinition base, ExpressGatewayContainer given) {
        var next = base.toBuilder().image(given.image());
        if (given.containerPort() != null && !given.containerPort().equals(port(base))) {
            next.portMappings(mapping(given.containerPort()));
        }
        if (given.hasCommand()) {
            next.command(given.command());
        }
        if (given.hasEnvironment()) {
            next.environment(given.environment());
        }
        if (given.hasSecrets()) {
            next.secrets(given.secrets());
        }
        if (given.repositoryCredentials() != null && given.repositoryCredentials().credentialsParameter() != null) {
            next.repositoryCredentials(credentials -> credentials.credentialsParameter(
                    given.repositoryCredentials().credentialsParameter()));
        }
        if (given.awsLogsConfiguration() != null && base.logConfiguration() != null) {
            var options = new TreeMap<>(base.logConfiguration().options());
            options.put(GROUP, given.awsLogsConfiguration().logGroup());
            options.put(PREFIX, ExpressRules.blank(given.awsLogsConfiguration().logStreamPrefix())
                    ? PREFIX_DEFAULT : given.awsLogsConfiguration().logStreamPrefix());
            next.logConfiguration(base.logConfiguration().toBuilder()
                    .options(Collections.unmodifiableSortedMap(options)).build());
        }
        return next.build();
    }

    static RegisterTaskDefinitionRequest request(TaskDefinition definition) {
        return RegisterTaskDefinitionRequest.builder()
                .family(definition.family())
                .taskRoleArn(definition.taskRoleArn())
                .executionRoleArn(definition.executionRoleArn())
                .networkMode(definition.networkMode())
                .containerDefinitions(definition.containerDefinitions())
                .volumes(definition.volumes())
                .placementConstraints(definition.placementConstraints())
                .requiresCompatibilities(definition.requiresCompatibilities())
                .cpu(definition.cpu())
                .memory(definition.memory())
                .pidMode(definition.pidMode())
                .ipcMode(definition.ipcMode())
                .proxyConfiguration(definition.proxyConfiguration())
                .runtimePlatform(definition.runtimePlatform())
                .ephemeralStorage(definition.ephemeralStorage())
                .enableFaultInjection(definition.enableFaultInjection())
                .build();
    }

    /** Refuses a task definition of the caller's that cannot serve; in ECS's words. */
    static void requireMain(TaskDefinition definition) {
        boolean serves = main(definition).filter(each -> each.portMappings().size() == 1
                && each.portMappings().getFirst().containerPort() != null
                && !ExpressRules.blank(each.portMappings().getFirst().name())
                && each.portMappings().getFirst().protocol() != TransportProtocol.UDP).isPresent();
        if (!serves || !definition.compatibilities().contains(Compatibility.FARGATE)) {
            throw EcsErrors.invalidParameter(
                    "Task definition must contain a container named 'Main' with a single TCP port mapping.");
        }
    }

    private static Optional<ContainerDefinition> main(TaskDefinition definition) {
        return definition.containerDefinitions().stream().filter(each -> each.name().equals(MAIN)).findFirst();
    }

    /** The port that the primary container listens on. */
    static int port(TaskDefinition definition) {
        return main(definition).map(ExpressDefinition::port).orElse(ExpressRules.PORT_DEFAULT);
    }

    private static int port(ContainerDefinition container) {
        return container.portMappings().stream().map(PortMapping::containerPort).filter(port -> port != null)
                .findFirst().orElse(ExpressRules.PORT_DEFAULT);
    }

    /** The primary container as the API shows it. */
    static ExpressGatewayContainer container(TaskDefinition definition) {
        Optional<ContainerDefinition> found = main(definition);
        if (found.isEmpty()) {
            return ExpressGatewayContainer.builder().build();
        }
        ContainerDefinition main = found.get();
        var shown = ExpressGatewayContainer.builder()
                .image(main.image())
                .containerPort(port(main))
                .command(List.copyOf(main.command()))
                .environment(List.copyOf(main.environment()))
                .secrets(List.copyOf(main.secrets()));
        if (main.logConfiguration() != null && main.logConfiguration().options().containsKey(GROUP)) {
            shown.awsLogsConfiguration(ExpressGatewayServiceAwsLogsConfiguration.builder()
                    .logGroup(main.logConfiguration().options().get(GROUP))
                    .logStreamPrefix(main.logConfiguration().options().get(PREFIX)).build());
        }
        if (main.repositoryCredentials() != null) {
            shown.repositoryCredentials(ExpressGatewayRepositoryCredentials.builder()
                    .credentialsParameter(main.repositoryCredentials().credentialsParameter()).build());
        }
        return shown.build();
    }
}
