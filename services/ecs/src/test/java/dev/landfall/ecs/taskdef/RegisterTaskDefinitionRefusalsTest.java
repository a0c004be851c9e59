package dev.landfall.ecs.taskdef;

import static dev.landfall.ecs.taskdef.Registration.CONTEXT;
import static dev.landfall.ecs.taskdef.Registration.SCOPE;
import static dev.landfall.ecs.taskdef.Registration.bridge;
import static dev.landfall.ecs.taskdef.Registration.container;
import static dev.landfall.ecs.taskdef.Registration.fargate;
import static dev.landfall.ecs.taskdef.Registration.with;
import static dev.landfall.ecs.taskdef.Registration.withContainer;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.landfall.ecs.EcsTables;
import dev.landfall.state.Image;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.services.ecs.model.ClientException;
import software.amazon.awssdk.services.ecs.model.Compatibility;
import software.amazon.awssdk.services.ecs.model.ContainerDefinition;
import software.amazon.awssdk.services.ecs.model.KeyValuePair;
import software.amazon.awssdk.services.ecs.model.LinuxParameters;
import software.amazon.awssdk.services.ecs.model.MountPoint;
import software.amazon.awssdk.services.ecs.model.NetworkMode;
import software.amazon.awssdk.services.ecs.model.PortMapping;
import software.amazon.awssdk.services.ecs.model.RegisterTaskDefinitionRequest;
import software.amazon.awssdk.services.ecs.model.ResourceType;
import software.amazon.awssdk.services.ecs.model.Scope;
import software.amazon.awssdk.services.ecs.model.UlimitName;
import software.amazon.awssdk.services.ecs.model.Volume;

@SuppressWarnings("unchecked") // the SDK takes several consumers as a generic array
class RegisterTaskDefinitionRefusalsTest {
    private static final String INVALID = "Invalid setting for container 'app'. ";

    record Refused(String message, RegisterTaskDefinitionRequest request) {
        @Override
        public String toString() {
            return message;
        }
    }

    @ParameterizedTest
    @MethodSource({"wholeTasks", "sizes", "containers", "ports", "environments", "dependencies", "volumes", "logs",
        "kernel", "fargateOnly"})
    void refuses(Refused refused) {
        var image = Image.empty(EcsTables.ALL);

        var error = catchThrowableOfType(ClientException.class,
                () -> RegisterTaskDefinition.decide(image, refused.request(), SCOPE, CONTEXT));

        assertThat(error).as("accepted").isNotNull();
        assertThat(error.awsErrorDetails().errorMessage()).isEqualTo(refused.message());
        assertThat(error.awsErrorDetails().errorCode()).isEqualTo("ClientException");
        assertThat(error.statusCode()).isEqualTo(400);
    }

    static Stream<Refused> wholeTasks() {
        return Stream.of(
                task("Family can not be blank.", task -> task.family(null)),
                task("Family can not be blank.", task -> task.family(" ")),
                task("Family contains invalid characters.", task -> task.family("a.b")),
                task("Family contains invalid characters.", task -> task.family("a".repeat(256))),
                task("Role is not valid", task -> task.taskRoleArn("arn:aws:iam::1:user/x")),
                task("Role is not valid", task -> task.executionRoleArn("not a role")),
                task("Container list cannot be empty.", task -> task.containerDefinitions(List.of())),
                task("Too many containers.", task -> task.containerDefinitions(IntStream.range(0, 11)
                        .mapToObj(i -> container().toBuilder().name("c" + i).build()).toList())),
                task("Container names must be unique: 'app'.",
                        task -> task.containerDefinitions(container(), container())),
                ofApp("Task definition doesn't have any essential container.", app -> app.essential(false)),
                task("Invalid value for networkMode. The valid values are: bridge, host, awsvpc, none",
                        task -> task.networkMode("nat")),
                task("Invalid value for pidMode. The valid values are: host, task", task -> task.pidMode("x")),
                task("Invalid value for ipcMode. The valid values are: host, task, none", task -> task.ipcMode("x")),
                task("Invalid value for requiresCompatibilities. The valid values are: EC2, FARGATE, EXTERNAL, "
                        + "MANAGED_INSTANCES", task -> task.requiresCompatibilitiesWithStrings("LAMBDA")),
                task("constraint.type 'distinctInstance' is not supported.",
                        task -> task.placementConstraints(constraint -> constraint.type("distinctInstance"))),
                task("Placement constraint expression should not be null or empty.",
                        task -> task.placementConstraints(constraint -> constraint.type("memberOf"))),
                task("Invalid placement constraint expression: 'rack' is not a valid subject.",
                        task -> task.placementConstraints(
                                constraint -> constraint.type("memberOf").expression("rack == a"))),
                task("Invalid value for cpuArchitecture. The valid values are: X86_64, ARM64",
                        task -> task.runtimePlatform(platform -> platform.cpuArchitecture("RISCV"))),
                task("Invalid value for operatingSystemFamily: BEOS",
                        task -> task.runtimePlatform(platform -> platform.operatingSystemFamily("BEOS"))),
                task("The ARM64 CPU architecture is only supported for the LINUX operating system family.",
                        task -> task.runtimePlatform(platform -> platform.cpuArchitecture("ARM64")
                                .operatingSystemFamily("WINDOWS_SERVER_2022_CORE"))),
                task("Invalid 'ephemeralStorage' setting for task. sizeInGiB must be between 21 and 200.",
                        task -> task.ephemeralStorage(storage -> storage.sizeInGiB(20))),
                task("Invalid 'ephemeralStorage' setting for task. sizeInGiB must be between 21 and 200.",
                        task -> task.ephemeralStorage(storage -> storage.sizeInGiB(201))),
                task("Proxy configuration is only supported when networkMode=awsvpc.",
                        task -> task.proxyConfiguration(proxy -> proxy.containerName("app"))),
                new Refused("Unknown container 'envoy'.", with(fargate(),
                        task -> task.proxyConfiguration(proxy -> proxy.containerName("envoy")))),
                task("External launch type does not support network mode ‘awsvpc’.",
                        task -> task.requiresCompatibilities(Compatibility.EXTERNAL).networkMode(NetworkMode.AWSVPC)));
    }

    static Stream<Refused> sizes() {
        return Stream.of(
                task("Invalid 'cpu' setting for task.", task -> task.cpu("much")),
                task("Invalid 'cpu' setting for task.", task -> task.cpu("vCPU")),
                task("Invalid 'cpu' setting for task.", task -> task.cpu("127")),
                task("Invalid 'cpu' setting for task.", task -> task.cpu("196609")),
                task("Invalid 'cpu' setting for task.", task -> task.cpu("0.0001 vCPU")),
                task("Invalid 'memory' setting for task.", task -> task.memory("0")),
                task("Invalid 'memory' setting for task.", task -> task.memory("1 TB")),
                ofApp(INVALID + "At least one of 'memory' or 'memoryReservation' must be specified.",
                        app -> app.memory(null)),
                ofApp(INVALID + "'memory' must be at least 4.", app -> app.memory(3)),
                ofApp(INVALID + "'memoryReservation' must be at least 4.", app -> app.memoryReservation(3)),
                ofApp(INVALID + "'memory' must be greater than or equal to 'memoryReservation'.",
                        app -> app.memoryReservation(65)),
                ofApp(INVALID + "'cpu' cannot be negative.", app -> app.cpu(-1)),
                task("The 'memory' setting for container 'app' is greater than for the task.",
                        task -> task.memory("63")),
                new Refused("The 'memoryReservation' setting for container 'app' is greater than for the task.",
                        withContainer(with(bridge(), task -> task.memory("63")),
                                app -> app.memory(null).memoryReservation(64))),
                new Refused("The sum of all container 'cpu' values cannot be greater than the value of the task 'cpu'.",
                        withContainer(with(bridge(), task -> task.cpu("128")), app -> app.cpu(129))),
                task("The sum of all container 'memory' values cannot be greater than the value of the task 'memory'.",
                        task -> task.memory("100").containerDefinitions(
                                container(), container().toBuilder().name("other").build())));
    }

    static Stream<Refused> containers() {
        return Stream.of(
                ofApp("Container.name should not be null or empty.", app -> app.name(null)),
                ofApp("Container.name contains invalid characters.", app -> app.name("my app")),
                ofApp("Container.image should not be null or empty.", app -> app.image("")),
                ofApp("Container.image contains invalid characters.", app -> app.image("my image")),
                ofApp(INVALID + "'startTimeout' cannot be negative.", app -> app.startTimeout(-1)),
                ofApp(INVALID + "'stopTimeout' cannot be negative.", app -> app.stopTimeout(-1)),
                ofApp(INVALID + "The valid values for 'versionConsistency' are: enabled, disabled",
                        app -> app.versionConsistency("maybe")),
                ofApp(INVALID + "'credentialsParameter' must be specified.",
                        app -> app.repositoryCredentials(credentials -> credentials.credentialsParameter(null))),
                ofApp(INVALID + "The 'command' of the health check cannot be empty.",
                        app -> app.healthCheck(check -> check.interval(30))),
                ofApp(INVALID + "The 'command' of the health check must name what to run.",
                        app -> app.healthCheck(check -> check.command("CMD"))),
                ofApp(INVALID + "The 'interval' of the health check must be between 5 and 300.",
                        app -> app.healthCheck(check -> check.command("CMD", "x").interval(4))),
                ofApp(INVALID + "The 'timeout' of the health check must be between 2 and 60.",
                        app -> app.healthCheck(check -> check.command("CMD", "x").timeout(61))),
                ofApp(INVALID + "The 'retries' of the health check must be between 1 and 10.",
                        app -> app.healthCheck(check -> check.command("CMD", "x").retries(0))),
                ofApp(INVALID + "The 'startPeriod' of the health check must be between 0 and 300.",
                        app -> app.healthCheck(check -> check.command("CMD", "x").startPeriod(301))),
                ofApp(INVALID + "'enabled' of the restart policy must be specified.",
                        app -> app.restartPolicy(policy -> policy.restartAttemptPeriod(60))),
                ofApp(INVALID + "'restartAttemptPeriod' must be between 60 and 1800.",
                        app -> app.restartPolicy(policy -> policy.enabled(true).restartAttemptPeriod(59))),
                ofApp(INVALID + "At most 50 'ignoredExitCodes' can be specified.",
                        app -> app.restartPolicy(policy -> policy.enabled(true)
                                .ignoredExitCodes(IntStream.range(0, 51).boxed().toList()))),
                ofApp(INVALID + "The valid values for the type of a resource are: GPU, InferenceAccelerator",
                        app -> app.resourceRequirements(resource -> resource.type("TPU").value("1"))),
                ofApp(INVALID + "The value of a GPU resource must be a positive number.",
                        app -> app.resourceRequirements(resource -> resource.type(ResourceType.GPU).value("0"))),
                ofApp(INVALID + "Unknown inference accelerator 'x'.", app -> app.resourceRequirements(
                        resource -> resource.type(ResourceType.INFERENCE_ACCELERATOR).value("x"))));
    }

    static Stream<Refused> ports() {
        return Stream.of(
                port(INVALID + "'containerPort' must be specified in port mappings.", port -> port.hostPort(80)),
                port(INVALID + "'containerPort' must be between 1 and 65535.", port -> port.containerPort(0)),
                port(INVALID + "'containerPort' must be between 1 and 65535.", port -> port.containerPort(65_536)),
                port(INVALID + "'hostPort' must be between 0 and 65535.",
                        port -> port.containerPort(80).hostPort(65_536)),
                port(INVALID + "The valid values for 'protocol' are: tcp, udp",
                        port -> port.containerPort(80).protocol("sctp")),
                port(INVALID + "The valid values for 'appProtocol' are: http, http2, grpc",
                        port -> port.containerPort(80).name("x").appProtocol("smtp")),
                port(INVALID + "A port mapping with an 'appProtocol' must have a 'name'.",
                        port -> port.containerPort(80).appProtocol("http")),
                port(INVALID + "Port mapping names have up to 64 lowercase letters, numbers, underscores, and hyphens, "
                        + "and do not start with a hyphen.", port -> port.containerPort(80).name("-x")),
                port(INVALID + "'containerPort' and 'hostPort' cannot be specified with 'containerPortRange'.",
                        port -> port.containerPort(80).containerPortRange("1-2")),
                port(INVALID + "'containerPortRange' must be two ports between 1 and 65535, the first less than the "
                        + "last, such as 8080-8090.", port -> port.containerPortRange("9-8")),
                ofApp("Port mapping names must be unique: 'a'.", app -> app.portMappings(
                        PortMapping.builder().containerPort(80).name("a").build(),
                        PortMapping.builder().containerPort(81).name("a").build())),
                ofApp(INVALID + "Host port 80 is used more than once.", app -> app.portMappings(
                        PortMapping.builder().containerPort(80).hostPort(80).build(),
                        PortMapping.builder().containerPort(81).hostPort(80).build())),
                ofApp(INVALID + "At most 100 port mappings can be specified.", app -> app.portMappings(
                        IntStream.rangeClosed(1, 101)
                                .mapToObj(i -> PortMapping.builder().containerPort(i).build()).toList())),
                inMode(NetworkMode.AWSVPC,
                        "When networkMode=awsvpc, the host ports and container ports in port mappings must match.",
                        app -> app.portMappings(PortMapping.builder().containerPort(80).hostPort(81).build())),
                inMode(NetworkMode.HOST,
                        "When networkMode=host, the host ports and container ports in port mappings must match.",
                        app -> app.portMappings(PortMapping.builder().containerPort(80).hostPort(81).build())),
                inMode(NetworkMode.NONE, "Port mappings are not supported when networkMode=none.",
                        app -> app.portMappings(PortMapping.builder().containerPort(80).build())),
                inMode(NetworkMode.HOST,
                        "containerPortRange is only supported when networkMode=awsvpc or networkMode=bridge.",
                        app -> app.portMappings(PortMapping.builder().containerPortRange("1-2").build())),
                inMode(NetworkMode.AWSVPC, "Links are not supported when networkMode=awsvpc.", app -> app.links("x")),
                inMode(NetworkMode.HOST, "Links are not supported when networkMode=host.", app -> app.links("x")),
                inMode(NetworkMode.AWSVPC, "hostname is not supported on container when networkMode=awsvpc.",
                        app -> app.hostname("x")),
                inMode(NetworkMode.AWSVPC, "Extra hosts are not supported when networkMode=awsvpc.",
                        app -> app.extraHosts(entry -> entry.hostname("a").ipAddress("1.2.3.4"))),
                inMode(NetworkMode.AWSVPC, "Disable Networking is not supported on container when networkMode=awsvpc.",
                        app -> app.disableNetworking(true)),
                ofApp(INVALID + "An extra host must have a hostname and an ipAddress.",
                        app -> app.extraHosts(entry -> entry.hostname("a"))));
    }

    static Stream<Refused> environments() {
        return Stream.of(
                ofApp(INVALID + "Environment variable names cannot be blank.",
                        app -> app.environment(KeyValuePair.builder().value("x").build())),
                ofApp(INVALID + "Secret names cannot be blank.",
                        app -> app.secrets(secret -> secret.valueFrom("x"))),
                ofApp(INVALID + "'valueFrom' of a secret cannot be blank.",
                        app -> app.secrets(secret -> secret.name("x"))),
                ofApp("The secret name must be unique and not shared with any new or existing environment variables "
                        + "set on the container, such as 'A'.",
                        app -> app.environment(KeyValuePair.builder().name("A").value("x").build())
                                .secrets(secret -> secret.name("A").valueFrom("x"))),
                ofApp(INVALID + "The valid value for the type of an environment file is: s3",
                        app -> app.environmentFiles(file -> file.type("ftp").value("x.env"))),
                ofApp(INVALID + "An environment file must be the ARN of an object that ends in .env.",
                        app -> app.environmentFiles(file -> file.type("s3").value("arn:aws:s3:::b/x.txt"))));
    }

    static Stream<Refused> dependencies() {
        return Stream.of(
                ofApp("Unknown container 'db'.",
                        app -> app.dependsOn(needs -> needs.containerName("db").condition("START"))),
                ofApp(INVALID + "A container cannot depend on itself.",
                        app -> app.dependsOn(needs -> needs.containerName("app").condition("START"))),
                ofApp("Unknown container 'db'.", app -> app.links("db:alias")),
                ofApp("Unknown container 'db'.", app -> app.volumesFrom(from -> from.sourceContainer("db"))),
                ofApp("Container dependencies should not have a cycle",
                        app -> app.volumesFrom(from -> from.sourceContainer("app"))),
                pair("Container dependencies should not have a cycle",
                        app -> app.dependsOn(needs -> needs.containerName("db").condition("START")),
                        db -> db.dependsOn(needs -> needs.containerName("app").condition("START"))),
                pair("Container dependencies should not have a cycle",
                        app -> app.dependsOn(needs -> needs.containerName("db").condition("START")),
                        db -> db.links("app")),
                pair("Container links should not have a cycle", app -> app.links("db:database"), db -> db.links("app")),
                pair(INVALID + "The valid values for the condition of a dependency are: START, COMPLETE, SUCCESS, "
                                + "HEALTHY",
                        app -> app.dependsOn(needs -> needs.containerName("db").condition("READY")), db -> { }),
                pair(INVALID + "Container 'db' is depended on more than once.",
                        app -> app.dependsOn(needs -> needs.containerName("db").condition("START"),
                                needs -> needs.containerName("db").condition("START")), db -> { }),
                pair("A dependency container with SUCCESS or COMPLETE condition cannot be an essential container",
                        app -> app.dependsOn(needs -> needs.containerName("db").condition("SUCCESS")), db -> { }),
                pair("A dependency container with HEALTHY condition must have a health check",
                        app -> app.dependsOn(needs -> needs.containerName("db").condition("HEALTHY")), db -> { }));
    }

    static Stream<Refused> volumes() {
        return Stream.of(
                ofApp("Unknown volume 'v'.",
                        app -> app.mountPoints(mount -> mount.sourceVolume("v").containerPath("/v"))),
                ofApp("Unknown volume 'null'.", app -> app.mountPoints(mount -> mount.containerPath("/v"))),
                volume("volume.name should not be null or empty.", volume -> volume.name(null)),
                volume("volume.name contains invalid characters.", volume -> volume.name("a/b")),
                task("Volume names must be unique: 'v'.", task -> task.volumes(
                        Volume.builder().name("v").build(), Volume.builder().name("v").build())),
                volume("host.sourcePath should not be blank.", volume -> volume.host(host -> host.sourcePath(""))),
                volume("Only one volume configuration can be specified for volume 'v'.", volume -> volume
                        .host(host -> host.sourcePath("/x")).efsVolumeConfiguration(efs -> efs.fileSystemId("fs-1"))),
                volume("Volume 'v' cannot have a volume configuration when configuredAtLaunch is true.",
                        volume -> volume.configuredAtLaunch(true).host(host -> host.sourcePath("/x"))),
                volume("Invalid scope for volume 'v'. The valid values are: task, shared",
                        volume -> volume.dockerVolumeConfiguration(docker -> docker.scope("world"))),
                volume("The 'autoprovision' setting of volume 'v' is only supported with scope 'shared'.",
                        volume -> volume.dockerVolumeConfiguration(
                                docker -> docker.scope(Scope.TASK).autoprovision(true))),
                volume("fileSystemId of volume 'v' should not be null or empty.",
                        volume -> volume.efsVolumeConfiguration(efs -> efs.rootDirectory("/"))),
                volume("Invalid EFS file system ID for volume 'v': nfs-1",
                        volume -> volume.efsVolumeConfiguration(efs -> efs.fileSystemId("nfs-1"))),
                volume("Invalid transitEncryption for volume 'v'. The valid values are: ENABLED, DISABLED",
                        volume -> volume.efsVolumeConfiguration(
                                efs -> efs.fileSystemId("fs-12345678").transitEncryption("ROT13"))),
                volume("transitEncryptionPort of volume 'v' must be between 0 and 65535.",
                        volume -> volume.efsVolumeConfiguration(
                                efs -> efs.fileSystemId("fs-12345678").transitEncryptionPort(70_000))),
                volume("Transit encryption must be enabled for volume 'v' to use an EFS access point or IAM "
                        + "authorization.", volume -> volume.efsVolumeConfiguration(efs -> efs
                                .fileSystemId("fs-12345678")
                                .authorizationConfig(config -> config.accessPointId("fsap-1")))),
                volume("The rootDirectory of volume 'v' must be omitted or / when an EFS access point is specified.",
                        volume -> volume.efsVolumeConfiguration(efs -> efs
                                .fileSystemId("fs-12345678").rootDirectory("/x").transitEncryption("ENABLED")
                                .authorizationConfig(config -> config.accessPointId("fsap-1")))),
                task("Only one volume can have configuredAtLaunch set to true.", task -> task.volumes(
                        Volume.builder().name("a").configuredAtLaunch(true).build(),
                        Volume.builder().name("b").configuredAtLaunch(true).build())),
                new Refused(INVALID + "'containerPath' of a mount point should not be null or empty.", withContainer(
                        with(bridge(), task -> task.volumes(volume -> volume.name("v"))),
                        app -> app.mountPoints(mount -> mount.sourceVolume("v")))),
                new Refused(INVALID + "Duplicate mount point '/v'.", withContainer(
                        with(bridge(), task -> task.volumes(volume -> volume.name("v"))),
                        app -> app.mountPoints(
                                MountPoint.builder().sourceVolume("v").containerPath("/v").build(),
                                MountPoint.builder().sourceVolume("v").containerPath("/v").build()))));
    }

    static Stream<Refused> logs() {
        return Stream.of(
                ofApp(INVALID + "The valid values for 'logDriver' are: awslogs, fluentd, gelf, json-file, journald, "
                        + "splunk, syslog, awsfirelens", app -> app.logConfiguration(log -> log.logDriver("paper"))),
                ofApp("Log driver awslogs requires options: awslogs-region, awslogs-group",
                        app -> app.logConfiguration(
                                log -> log.logDriver("awslogs").options(Map.of("awslogs-group", "g")))),
                ofApp("Log driver splunk requires options: splunk-url, splunk-token",
                        app -> app.logConfiguration(log -> log.logDriver("splunk").options(Map.of("splunk-url", "u")))),
                ofApp(INVALID + "A secret option must have a 'name' and a 'valueFrom'.",
                        app -> app.logConfiguration(log -> log.logDriver("gelf").secretOptions(
                                secret -> secret.name("x")))),
                ofApp(INVALID + "The valid values for the type of a FireLens configuration are: fluentd, fluentbit",
                        app -> app.firelensConfiguration(firelens -> firelens.type("rsyslog"))),
                ofApp("When a firelensConfiguration object is specified, at least one container has to be configured "
                        + "with the awsfirelens log driver.",
                        app -> app.firelensConfiguration(firelens -> firelens.type("fluentbit"))),
                ofApp("When the awsfirelens log driver is specified, one container has to be configured with a "
                        + "firelensConfiguration object.",
                        app -> app.logConfiguration(log -> log.logDriver("awsfirelens"))),
                pair("Only one container in a task definition can have a firelensConfiguration object.",
                        app -> app.firelensConfiguration(firelens -> firelens.type("fluentbit")),
                        db -> db.firelensConfiguration(firelens -> firelens.type("fluentd"))));
    }

    static Stream<Refused> kernel() {
        return Stream.of(
                ofApp(INVALID + "Unknown ulimit 'speed'.",
                        app -> app.ulimits(limit -> limit.name("speed").softLimit(1).hardLimit(1))),
                ofApp(INVALID + "Ulimit 'nofile' must have a softLimit and a hardLimit.",
                        app -> app.ulimits(limit -> limit.name(UlimitName.NOFILE).softLimit(1))),
                ofApp(INVALID + "The softLimit of ulimit 'nofile' must be less than or equal to its hardLimit.",
                        app -> app.ulimits(limit -> limit.name(UlimitName.NOFILE).softLimit(2).hardLimit(1))),
                ofApp(INVALID + "Duplicate ulimit 'nofile'.",
                        app -> app.ulimits(limit -> limit.name(UlimitName.NOFILE).softLimit(1).hardLimit(1),
                                limit -> limit.name(UlimitName.NOFILE).softLimit(1).hardLimit(1))),
                ofApp(INVALID + "A system control must have a namespace and a value.",
                        app -> app.systemControls(control -> control.namespace("net.core.somaxconn"))),
                ofApp(INVALID + "System control 'vm.swappiness' is not namespaced.",
                        app -> app.systemControls(control -> control.namespace("vm.swappiness").value("1"))),
                inMode(NetworkMode.HOST, "Network system controls are not supported when networkMode=host.",
                        app -> app.systemControls(control -> control.namespace("net.core.somaxconn").value("1"))),
                new Refused("IPC resource namespace system controls are not supported when ipcMode=host.",
                        withContainer(with(bridge(), task -> task.ipcMode("host")),
                                app -> app.systemControls(control -> control.namespace("kernel.sem").value("1")))),
                linux(INVALID + "Unknown capability 'FLY'.",
                        linux -> linux.capabilities(capabilities -> capabilities.drop("FLY"))),
                linux(INVALID + "'hostPath' of a device must be specified.",
                        linux -> linux.devices(device -> device.containerPath("/dev/x"))),
                linux(INVALID + "The valid values for the permissions of a device are: read, write, mknod",
                        linux -> linux.devices(device -> device.hostPath("/dev/x").permissionsWithStrings("own"))),
                linux(INVALID + "'containerPath' of a tmpfs mount must be specified.",
                        linux -> linux.tmpfs(tmpfs -> tmpfs.size(1))),
                linux(INVALID + "'size' of a tmpfs mount must be at least 1.",
                        linux -> linux.tmpfs(tmpfs -> tmpfs.containerPath("/x").size(0))),
                linux(INVALID + "'sharedMemorySize' must be at least 1.", linux -> linux.sharedMemorySize(0)),
                linux(INVALID + "'maxSwap' cannot be negative.", linux -> linux.maxSwap(-1)),
                linux(INVALID + "'swappiness' must be between 0 and 100.", linux -> linux.swappiness(101)));
    }

    static Stream<Refused> fargateOnly() {
        String unsupported = "Fargate compatible task definitions do not support ";
        return Stream.of(
                new Refused("Fargate only supports network mode ‘awsvpc’.",
                        with(fargate(), task -> task.networkMode((NetworkMode) null))),
                new Refused("Fargate requires that 'cpu' be defined at the task level.",
                        with(fargate(), task -> task.cpu(null))),
                new Refused("Fargate requires that 'memory' be defined at the task level.",
                        with(fargate(), task -> task.memory(null))),
                new Refused("Tasks using the Fargate launch type do not support ipcMode.",
                        with(fargate(), task -> task.ipcMode("task"))),
                new Refused("Tasks using the Fargate launch type do not support pidMode 'host'.",
                        with(fargate(), task -> task.pidMode("host"))),
                new Refused(unsupported + "placementConstraints.", with(fargate(), task -> task.placementConstraints(
                        constraint -> constraint.type("memberOf").expression("attribute:x exists")))),
                new Refused(unsupported + "the specified runtimePlatform.", with(fargate(),
                        task -> task.runtimePlatform(
                                platform -> platform.operatingSystemFamily("WINDOWS_SERVER_2016_FULL")))),
                new Refused(unsupported + "sourcePath", with(fargate(), task -> task.volumes(
                        volume -> volume.name("v").host(host -> host.sourcePath("/x"))))),
                new Refused(unsupported + "dockerVolumeConfiguration", with(fargate(), task -> task.volumes(
                        volume -> volume.name("v").dockerVolumeConfiguration(docker -> docker.driver("local"))))),
                onFargate(unsupported + "privileged", app -> app.privileged(true)),
                onFargate(unsupported + "dnsServers", app -> app.dnsServers("1.1.1.1")),
                onFargate(unsupported + "dnsSearchDomains", app -> app.dnsSearchDomains("x")),
                onFargate(unsupported + "dockerSecurityOptions", app -> app.dockerSecurityOptions("x")),
                onFargate(unsupported + "resourceRequirements",
                        app -> app.resourceRequirements(resource -> resource.type(ResourceType.GPU).value("1"))),
                onFargate(unsupported + "capabilities other than SYS_PTRACE to be added",
                        app -> app.linuxParameters(linux -> linux.capabilities(add -> add.add("NET_ADMIN")))),
                onFargate(unsupported + "devices",
                        app -> app.linuxParameters(linux -> linux.devices(device -> device.hostPath("/dev/x")))),
                onFargate(unsupported + "tmpfs",
                        app -> app.linuxParameters(linux -> linux.tmpfs(tmpfs -> tmpfs.containerPath("/x").size(1)))),
                onFargate(unsupported + "sharedMemorySize",
                        app -> app.linuxParameters(linux -> linux.sharedMemorySize(1))),
                onFargate(unsupported + "maxSwap", app -> app.linuxParameters(linux -> linux.maxSwap(1))),
                onFargate(unsupported + "swappiness", app -> app.linuxParameters(linux -> linux.swappiness(1))),
                onFargate("Fargate only supports log drivers awslogs, splunk, and awsfirelens.",
                        app -> app.logConfiguration(log -> log.logDriver("json-file"))),
                onFargate("Fargate only supports startTimeout and stopTimeout values of up to 120 seconds.",
                        app -> app.stopTimeout(121)));
    }

    private static Refused task(String message, Consumer<RegisterTaskDefinitionRequest.Builder> change) {
        return new Refused(message, with(bridge(), change));
    }

    private static Refused ofApp(String message, Consumer<ContainerDefinition.Builder> change) {
        return new Refused(message, withContainer(bridge(), change));
    }

    private static Refused onFargate(String message, Consumer<ContainerDefinition.Builder> change) {
        return new Refused(message, withContainer(fargate(), change));
    }

    private static Refused inMode(NetworkMode mode, String message, Consumer<ContainerDefinition.Builder> change) {
        return new Refused(message, withContainer(with(bridge(), task -> task.networkMode(mode)), change));
    }

    private static Refused port(String message, Consumer<PortMapping.Builder> change) {
        return ofApp(message, app -> app.portMappings(change));
    }

    private static Refused linux(String message, Consumer<LinuxParameters.Builder> change) {
        return ofApp(message, app -> app.linuxParameters(change));
    }

    private static Refused volume(String message, Consumer<Volume.Builder> change) {
        return task(message, task -> {
            var volume = Volume.builder().name("v");
            change.accept(volume);
            task.volumes(volume.build());
        });
    }

    /** Containers app and db. */
    private static Refused pair(
            String message, Consumer<ContainerDefinition.Builder> app, Consumer<ContainerDefinition.Builder> db) {
        var first = container().toBuilder();
        var second = container().toBuilder().name("db");
        app.accept(first);
        db.accept(second);
        return task(message, task -> task.containerDefinitions(first.build(), second.build()));
    }
}
