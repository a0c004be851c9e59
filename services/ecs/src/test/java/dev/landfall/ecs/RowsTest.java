package dev.landfall.ecs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.landfall.ecs.account.AccountSettingRow;
import dev.landfall.ecs.capacity.CapacityProviderRow;
import dev.landfall.ecs.capacity.InterruptionNotice;
import dev.landfall.ecs.cluster.ClusterRow;
import dev.landfall.ecs.daemontask.DaemonTaskDefinitionRow;
import dev.landfall.ecs.deployment.ServiceDeploymentRow;
import dev.landfall.ecs.deployment.ServiceRevisionRow;
import dev.landfall.ecs.event.UnsentRow;
import dev.landfall.ecs.express.ExpressRows;
import dev.landfall.ecs.instance.Absence;
import dev.landfall.ecs.instance.InstanceLoad;
import dev.landfall.ecs.instance.InstanceRow;
import dev.landfall.ecs.protection.ProtectionRow;
import dev.landfall.ecs.service.RebalancingRow;
import dev.landfall.ecs.service.ServiceRow;
import dev.landfall.ecs.shift.HookRun;
import dev.landfall.ecs.shift.Progress;
import dev.landfall.ecs.shift.Route;
import dev.landfall.ecs.shift.ShiftRow;
import dev.landfall.ecs.shift.Sides;
import dev.landfall.ecs.shift.Stage;
import dev.landfall.ecs.shift.Throttle;
import dev.landfall.ecs.task.TaskRow;
import dev.landfall.ecs.task.TokenRow;
import dev.landfall.ecs.taskdef.FamilyRow;
import dev.landfall.ecs.taskdef.TaskDefinitionRow;
import dev.landfall.ecs.taskset.TaskSetRow;
import dev.landfall.state.row.BatchReader;
import dev.landfall.state.row.BatchWriter;
import dev.landfall.wire.SdkForms;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.core.document.Document;
import software.amazon.awssdk.services.ecs.model.AutoScalingGroupProvider;
import software.amazon.awssdk.services.ecs.model.CapacityProvider;
import software.amazon.awssdk.services.ecs.model.Cluster;
import software.amazon.awssdk.services.ecs.model.Container;
import software.amazon.awssdk.services.ecs.model.ContainerDefinition;
import software.amazon.awssdk.services.ecs.model.ContainerInstance;
import software.amazon.awssdk.services.ecs.model.DaemonContainerDefinition;
import software.amazon.awssdk.services.ecs.model.DaemonTaskDefinition;
import software.amazon.awssdk.services.ecs.model.Deployment;
import software.amazon.awssdk.services.ecs.model.DeploymentConfiguration;
import software.amazon.awssdk.services.ecs.model.DeploymentLifecycleHook;
import software.amazon.awssdk.services.ecs.model.DeploymentLifecycleHookAction;
import software.amazon.awssdk.services.ecs.model.DeploymentLifecycleHookStatus;
import software.amazon.awssdk.services.ecs.model.DeploymentLifecycleHookTargetType;
import software.amazon.awssdk.services.ecs.model.Resource;
import software.amazon.awssdk.services.ecs.model.Service;
import software.amazon.awssdk.services.ecs.model.ServiceDeployment;
import software.amazon.awssdk.services.ecs.model.ServiceEvent;
import software.amazon.awssdk.services.ecs.model.ServiceRevision;
import software.amazon.awssdk.services.ecs.model.Tag;
import software.amazon.awssdk.services.ecs.model.Task;
import software.amazon.awssdk.services.ecs.model.TaskDefinition;
import software.amazon.awssdk.services.ecs.model.TaskSet;

/** What is stored is what comes back after a restart. */
class RowsTest {
    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05.678Z");

    static Stream<Object> rows() {
        var task = Task.builder().taskArn("arn:t").desiredStatus("RUNNING").createdAt(NOW).version(3L)
                .containers(Container.builder().name("web").exitCode(0).networkBindings(List.of()).build()).build();
        var service = Service.builder().serviceArn("arn:s").desiredCount(2)
                .deployments(Deployment.builder().id("ecs-svc/1").createdAt(NOW).build()).build();
        var instance = ContainerInstance.builder().containerInstanceArn("arn:i").agentConnected(true).registeredAt(NOW)
                .registeredResources(Resource.builder().name("CPU").type("INTEGER").integerValue(2048).build()).build();
        var definition = TaskDefinition.builder().family("web").revision(12).status("ACTIVE").registeredAt(NOW)
                .volumes(List.of()).compatibilitiesWithStrings("EC2", "FARGATE")
                .containerDefinitions(ContainerDefinition.builder().name("web").essential(true).environment(List.of())
                        .logConfiguration(log -> log.logDriver("awslogs").options(Map.of("awslogs-group", "g")))
                        .healthCheck(check -> check.command("CMD", "true").interval(30)).build()).build();
        return Stream.of(
                new ClusterRow(Cluster.builder().clusterArn("arn:c").tags(Tag.builder().key("k").value("").build())
                        .build()),
                new TaskRow(task, "arn:i", "arn:s", "ecs-svc/1", "10.0.0.2", true),
                new ServiceRow(service, List.of(ServiceEvent.builder().id("e").message("m").createdAt(NOW).build()), 3,
                        NOW, true, "token"),
                new CapacityProviderRow(CapacityProvider.builder().name("cp").status("ACTIVE").build(),
                        AutoScalingGroupProvider.builder().autoScalingGroupArn("g").build()),
                new Absence("arn:i", NOW),
                new InterruptionNotice("arn:i", NOW),
                new TaskSetRow(TaskSet.builder().taskSetArn("arn:t/ecs-svc/1").scale(scale -> scale.value(12.5)
                        .unit("PERCENT")).createdAt(NOW).tags(List.of()).build(), 2, NOW, "token", "print"),
                new ServiceDeploymentRow(ServiceDeployment.builder().serviceDeploymentArn("arn:d/1").serviceArn("arn:s")
                        .createdAt(NOW).status("IN_PROGRESS").build(), true, NOW, Instant.EPOCH, NOW, 300),
                new ShiftRow("arn:s", "arn:d/1", new Sides("ecs-svc/2", "ecs-svc/1", 1),
                        DeploymentConfiguration.builder().strategy("CANARY").canaryConfiguration(canary ->
                                canary.canaryPercent(0.1).canaryBakeTimeInMinutes(10)).lifecycleHooks(
                                DeploymentLifecycleHook.builder().hookTargetArn("http://h")
                                        .hookDetails(Document.mapBuilder().putNumber("n", 1.5).build()).build())
                                .build(),
                        new Progress(Stage.PRODUCTION_TRAFFIC_SHIFT, 1, true, NOW, Instant.EPOCH, true, "because"),
                        List.of(new Route("arn:p", "", "arn:b", "arn:g")),
                        List.of(new HookRun("ecs-lambda-1", "e", DeploymentLifecycleHookTargetType.AWS_LAMBDA,
                                "http://h", DeploymentLifecycleHookStatus.IN_PROGRESS, NOW,
                                DeploymentLifecycleHookAction.ROLLBACK, "{}", 1, NOW, "why")),
                        new Throttle(2, NOW)),
                new ServiceRevisionRow(ServiceRevision.builder().serviceRevisionArn("arn:r").containerImages(List.of())
                        .createdAt(NOW).build()),
                new InstanceRow(instance, "arn:c", true, "10.0.0.0/20", "token"),
                new InstanceLoad("arn:i", "arn:c", "cp", "us-east-1a", true, 2, 256, 768, 512, 1024,
                        new TreeSet<>(List.of(80, 443)), new TreeSet<>(List.of(53)),
                        new TreeSet<>(List.of("GPU-0")), 7),
                new RebalancingRow("arn:s", "ecs-svc/1", 3),
                ExpressRows.service(NOW),
                ExpressRows.gateway(NOW),
                new UnsentRow("arn:t", NOW, NOW.plusMillis(5), 7),
                new ProtectionRow("arn:t", "arn:s", NOW),
                new TokenRow("key", "print", List.of("arn:t"), NOW),
                new TaskDefinitionRow(definition, List.of(Tag.builder().key("k").value("v").build())),
                new DaemonTaskDefinitionRow(DaemonTaskDefinition.builder().family("agent").revision(3).registeredAt(NOW)
                        .containerDefinitions(DaemonContainerDefinition.builder().name("a").image("i").cpu(0).build())
                        .build(), List.of(Tag.builder().key("k").value("v").build())),
                new FamilyRow("000000000000/us-east-1/web", "web", 12),
                new AccountSettingRow("000000000000", "us-east-1", "containerInsights", "", "enhanced"));
    }

    @ParameterizedTest
    @MethodSource("rows")
    void comesBackAsItWas(Object row) {
        assertThat(again(row.getClass(), row)).isEqualTo(row);
    }

    private static <R> R again(Class<R> type, Object row) {
        var form = SdkForms.rows().of(type);
        var batch = new BatchWriter();
        batch.put("table", "key", form, type.cast(row));
        var reader = new BatchReader(batch.take());
        return reader.row(reader.entries().getFirst(), form);
    }
}
