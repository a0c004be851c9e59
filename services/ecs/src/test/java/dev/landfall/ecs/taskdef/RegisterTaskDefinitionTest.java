package dev.landfall.ecs.taskdef;

import static dev.landfall.ecs.taskdef.Registration.CONTEXT;
import static dev.landfall.ecs.taskdef.Registration.NOW;
import static dev.landfall.ecs.taskdef.Registration.SCOPE;
import static dev.landfall.ecs.taskdef.Registration.bridge;
import static dev.landfall.ecs.taskdef.Registration.container;
import static dev.landfall.ecs.taskdef.Registration.fargate;
import static dev.landfall.ecs.taskdef.Registration.with;
import static dev.landfall.ecs.taskdef.Registration.withContainer;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.landfall.ecs.EcsTables;
import dev.landfall.ecs.Scope;
import dev.landfall.state.Decision;
import dev.landfall.state.Write;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.services.ecs.model.Attribute;
import software.amazon.awssdk.services.ecs.model.ClientException;
import software.amazon.awssdk.services.ecs.model.Compatibility;
import software.amazon.awssdk.services.ecs.model.DescribeTaskDefinitionRequest;
import software.amazon.awssdk.services.ecs.model.KeyValuePair;
import software.amazon.awssdk.services.ecs.model.LaunchType;
import software.amazon.awssdk.services.ecs.model.LogDriver;
import software.amazon.awssdk.services.ecs.model.MountPoint;
import software.amazon.awssdk.services.ecs.model.NetworkMode;
import software.amazon.awssdk.services.ecs.model.PortMapping;
import software.amazon.awssdk.services.ecs.model.RegisterTaskDefinitionRequest;
import software.amazon.awssdk.services.ecs.model.Secret;
import software.amazon.awssdk.services.ecs.model.Tag;
import software.amazon.awssdk.services.ecs.model.TaskDefinition;
import software.amazon.awssdk.services.ecs.model.TaskDefinitionField;
import software.amazon.awssdk.services.ecs.model.TaskDefinitionPlacementConstraintType;
import software.amazon.awssdk.services.ecs.model.TaskDefinitionStatus;
import software.amazon.awssdk.services.ecs.model.TransportProtocol;

@SuppressWarnings("unchecked") // the SDK takes several consumers as a generic array
class RegisterTaskDefinitionTest {
    private final Registration registration = new Registration();

    @Test
    void aPlainDefinitionIsCompletedWithTheDefaults() {
        TaskDefinition task = registration.register(bridge());

        assertThat(task.taskDefinitionArn()).isEqualTo("arn:aws:ecs:eu-central-1:123456789012:task-definition/web:1");
        assertThat(task.family()).isEqualTo("web");
        assertThat(task.revision()).isEqualTo(1);
        assertThat(task.status()).isEqualTo(TaskDefinitionStatus.ACTIVE);
        assertThat(task.networkMode()).isEqualTo(NetworkMode.BRIDGE);
        assertThat(task.registeredAt()).isEqualTo(NOW);
        assertThat(task.registeredBy()).isEqualTo("arn:aws:iam::123456789012:root");
        assertThat(task.compatibilities()).containsExactly(Compatibility.EXTERNAL, Compatibility.EC2);
        assertThat(task.hasRequiresCompatibilities()).isFalse();
        assertThat(task.hasVolumes()).isTrue();
        assertThat(task.volumes()).isEmpty();
        assertThat(task.hasPlacementConstraints()).isTrue();
        assertThat(task.requiresAttributes()).isEmpty();
        var container = task.containerDefinitions().getFirst();
        assertThat(container.cpu()).isZero();
        assertThat(container.essential()).isTrue();
        assertThat(container.hasEnvironment()).isTrue();
        assertThat(container.hasMountPoints()).isTrue();
        assertThat(container.hasVolumesFrom()).isTrue();
        assertThat(container.hasPortMappings()).isTrue();
        assertThat(container.hasCommand()).isFalse();
        assertThat(container.hasLinks()).isFalse();
    }

    @Test
    void aFargateDefinitionRunsOnEc2Too() {
        TaskDefinition task = registration.register(with(fargate(), task1 -> task1.cpu(".25 vCPU").memory("0.5 GB")));

        assertThat(task.cpu()).isEqualTo("256");
        assertThat(task.memory()).isEqualTo("512");
        assertThat(task.compatibilities()).containsExactly(Compatibility.EC2, Compatibility.FARGATE);
        assertThat(task.requiresCompatibilities()).containsExactly(Compatibility.FARGATE);
        assertThat(names(task)).containsExactly(
                "com.amazonaws.ecs.capability.docker-remote-api.1.18", "ecs.capability.task-eni");
        assertThat(Compatibilities.supports(task, LaunchType.EXTERNAL))
                .isFalse();
    }

    @Test
    void anAwsvpcDefinitionThatFargateRefusesIsForEc2Only() {
        TaskDefinition task = registration.register(
                withContainer(with(fargate(), changed -> changed.requiresCompatibilities(Compatibility.EC2)),
                        container -> container.privileged(true)));

        assertThat(task.compatibilities()).containsExactly(Compatibility.EC2);
    }

    @ParameterizedTest
    @CsvSource({
        "bridge,    ,  0", "bridge, 80,  80", "bridge, 0, 0", "host,      , 8080", "awsvpc,     , 8080",
        "awsvpc, 0, 8080", "awsvpc, 8080, 8080"})
    void theHostPortFollowsTheNetworkMode(String mode, Integer hostPort, int expected) {
        TaskDefinition task = registration.register(withContainer(
                with(bridge(), changed -> changed.networkMode(mode)),
                container -> container.portMappings(
                        PortMapping.builder().containerPort(8080).hostPort(hostPort).build())));

        PortMapping mapping = task.containerDefinitions().getFirst().portMappings().getFirst();
        assertThat(mapping.hostPort()).isEqualTo(expected);
        assertThat(mapping.containerPort()).isEqualTo(8080);
        assertThat(mapping.protocol()).isEqualTo(TransportProtocol.TCP);
    }

    @Test
    void aHealthCheckIsCompleted() {
        TaskDefinition task = registration.register(withContainer(bridge(), container -> container.healthCheck(
                check -> check.command("CMD-SHELL", "true"))));

        var check = task.containerDefinitions().getFirst().healthCheck();
        assertThat(check.interval()).isEqualTo(30);
        assertThat(check.timeout()).isEqualTo(5);
        assertThat(check.retries()).isEqualTo(3);
        assertThat(check.startPeriod()).isNull();
        assertThat(names(task)).containsExactly(
                "com.amazonaws.ecs.capability.docker-remote-api.1.24", "ecs.capability.container-health-check");
    }

    @Test
    void attributesFollowFromWhatIsUsed() {
        TaskDefinition task = registration.register(withContainer(
                with(fargate(), changed -> changed
                        .taskRoleArn("web")
                        .executionRoleArn("arn:aws:iam::123456789012:role/service-role/execution")),
                container -> container
                        .image("123456789012.dkr.ecr.eu-central-1.amazonaws.com/web:latest")
                        .memoryReservation(32)
                        .secrets(
                                Secret.builder().name("A").valueFrom("/a/parameter").build(),
                                Secret.builder().name("B")
                                        .valueFrom("arn:aws:secretsmanager:eu-central-1:1:secret:b").build())
                        .logConfiguration(log -> log.logDriver(LogDriver.AWSLOGS).options(
                                Map.of("awslogs-group", "g", "awslogs-region", "eu-central-1")))));

        assertThat(task.taskRoleArn()).isEqualTo("arn:aws:iam::123456789012:role/web");
        assertThat(names(task)).containsExactly(
                "com.amazonaws.ecs.capability.docker-remote-api.1.18",
                "com.amazonaws.ecs.capability.docker-remote-api.1.19",
                "com.amazonaws.ecs.capability.docker-remote-api.1.21",
                "com.amazonaws.ecs.capability.ecr-auth",
                "com.amazonaws.ecs.capability.logging-driver.awslogs",
                "com.amazonaws.ecs.capability.task-iam-role",
                "ecs.capability.execution-role-awslogs",
                "ecs.capability.execution-role-ecr-pull",
                "ecs.capability.secrets.asm.environment-variables",
                "ecs.capability.secrets.ssm.environment-variables",
                "ecs.capability.task-eni");
    }

    @Test
    void everyRegistrationIsANewRevisionAndNumbersAreNeverReused() {
        assertThat(registration.register("web").revision()).isEqualTo(1);
        assertThat(registration.register("web").revision()).isEqualTo(2);
        assertThat(registration.register("api").revision()).isEqualTo(1);
        registration.deregister("web:2");
        registration.apply(Decision.of(0,
                Write.delete(EcsTables.TASK_DEFINITIONS, EcsTables.revisionKey(SCOPE, "web", 2))));
        assertThat(TaskDefinitions.find(registration.image(), SCOPE, "web:2")).isEmpty();

        assertThat(registration.register("web").revision()).isEqualTo(3);
    }

    @Test
    void scopesDoNotSeeEachOther() {
        registration.register("web");
        var elsewhere = new Scope("123456789012", "us-west-2");

        assertThat(TaskDefinitions.find(registration.image(), elsewhere, "web")).isEmpty();
        String arn = SCOPE.arn("task-definition/web:1");
        assertThat(TaskDefinitions.find(registration.image(), elsewhere, arn)).isEmpty();
        assertThat(TaskDefinitions.byArn(registration.image(), arn)).isPresent();
        assertThat(RegisterTaskDefinition.decide(registration.image(), bridge(), elsewhere, CONTEXT)
                .reply().taskDefinition().revision()).isEqualTo(1);
    }

    @Test
    void tagsAreAnsweredAndDescribedOnlyOnRequest() {
        var tag = Tag.builder().key("team").value("a").build();
        var request = with(bridge(), changed -> changed.tags(tag));

        var registered = registration.apply(
                RegisterTaskDefinition.decide(registration.image(), request, SCOPE, CONTEXT));
        assertThat(registered.tags()).containsExactly(tag);
        var describe = DescribeTaskDefinitionRequest.builder().taskDefinition("web").build();
        assertThat(DescribeTaskDefinition.read(registration.image(), describe, SCOPE).hasTags()).isFalse();
        assertThat(DescribeTaskDefinition.read(registration.image(),
                describe.toBuilder().include(TaskDefinitionField.TAGS).build(), SCOPE).tags()).containsExactly(tag);
    }

    @Test
    void theDefinitionsOfUsersDocumentsAreAccepted() {
        registration.register(withContainer(
                with(fargate(), changed -> changed
                        .executionRoleArn("arn:aws:iam::account:role/ecsTaskExecutionRole")
                        .taskRoleArn("arn:aws:iam::account:role/ecsTaskRole")),
                container -> container.memory(null)
                        .portMappings(port -> port.containerPort(80).protocol(TransportProtocol.TCP))));
        registration.register(withContainer(with(fargate(), changed -> changed.cpu("256")), container -> container
                .image("123456789.dkr.ecr.us-east-1.amazonaws.com/my-app:latest")
                .logConfiguration(log -> log.logDriver(LogDriver.AWSLOGS).options(
                        Map.of("awslogs-group", "g", "awslogs-region", "r", "awslogs-stream-prefix", "ecs")))));
        registration.register(RegisterTaskDefinitionRequest.builder()
                .family("complex-app")
                .networkMode(NetworkMode.AWSVPC)
                .requiresCompatibilities(Compatibility.EC2)
                .placementConstraints(constraint -> constraint
                        .type(TaskDefinitionPlacementConstraintType.MEMBER_OF)
                        .expression("attribute:ecs.instance-type =~ t3.*"))
                .containerDefinitions(container().toBuilder()
                        .memory(1024).memoryReservation(512).cpu(512)
                        .environment(KeyValuePair.builder().name("ENV").value("production").build())
                        .secrets(Secret.builder().name("DB_PASSWORD")
                                .valueFrom("arn:aws:ssm:region:account:parameter/db/password").build())
                        .mountPoints(MountPoint.builder().sourceVolume("efs-volume").containerPath("/data").build())
                        .build())
                .volumes(volume -> volume.name("efs-volume")
                        .efsVolumeConfiguration(efs -> efs.fileSystemId("fs-12345678")))
                .build());

        assertThat(TaskDefinitions.require(registration.image(), SCOPE, "complex-app").definition().volumes()
                .getFirst().efsVolumeConfiguration().rootDirectory()).isEqualTo("/");
    }

    @ParameterizedTest
    @CsvSource({
        "256, 512", "256, 1024", "256, 2048", "512, 1024", "512, 4096", "1024, 2048", "1024, 8192", "2048, 4096",
        "2048, 16384", "4096, 8192", "4096, 30720", "8192, 16384", "8192, 20480", "8192, 61440", "16384, 32768",
        "16384, 122880", "1 vCPU, 3 GB", "2vcpu, 5GB"})
    void fargateOffers(String cpu, String memory) {
        assertThat(registration.register(with(fargate(), task -> task.cpu(cpu).memory(memory))).compatibilities())
                .contains(Compatibility.FARGATE);
    }

    @ParameterizedTest
    @CsvSource({
        "256, 300", "256, 513", "256, 1536", "256, 4096", "300, 512", "512, 512", "512, 5120", "1024, 1024",
        "4096, 31744", "8192, 17408", "16384, 40000"})
    void fargateDoesNotOffer(int cpu, int memory) {
        var request = with(fargate(), task -> task.cpu(String.valueOf(cpu)).memory(String.valueOf(memory)));

        assertThatThrownBy(() -> registration.register(request)).isInstanceOf(ClientException.class)
                .hasMessageContaining("No Fargate configuration exists for given values: " + cpu + " CPU, " + memory
                        + " memory. See the Amazon ECS documentation for the valid values.");
    }

    private static List<String> names(TaskDefinition task) {
        return task.requiresAttributes().stream().map(Attribute::name).toList();
    }
}
