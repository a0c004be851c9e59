package dev.landfall.app.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.ecs.model.AssignPublicIp;
import software.amazon.awssdk.services.ecs.model.CapacityProviderStrategyItem;
import software.amazon.awssdk.services.ecs.model.ClusterContainsServicesException;
import software.amazon.awssdk.services.ecs.model.ClusterContainsTasksException;
import software.amazon.awssdk.services.ecs.model.DesiredStatus;
import software.amazon.awssdk.services.ecs.model.LaunchType;
import software.amazon.awssdk.services.ecs.model.NetworkConfiguration;
import software.amazon.awssdk.services.ecs.model.Task;
import software.amazon.awssdk.services.ecs.model.TaskStopCode;

/** What people learn ECS by, step by step, as the documents have it: from an empty machine to an empty machine. */
class WalkThroughTest {
    private static final String CLUSTER = "production-cluster";

    private static final NetworkConfiguration NETWORK = NetworkConfiguration.builder()
            .awsvpcConfiguration(v -> v.subnets("subnet-12345", "subnet-67890").securityGroups("sg-12345")
                    .assignPublicIp(AssignPublicIp.ENABLED))
            .build();

    @BeforeAll
    static void image() {
        WebImage.ensure();
    }

    @Test
    void aWebServiceFromClusterToNothing() {
        try (var up = Landfall.up("walk-through")) {
            var ecs = up.ecs();
            var services = new Services(ecs, CLUSTER);
            makeCluster(ecs);
            registerDefinitions(ecs);
            createService(up, services);
            assertTasksAnswer(services);
            scaleOut(up, services);
            rollOut(up, services);
            runOneTask(up, services);
            deleteEverything(up, services);
            assertStoppedInOrder(services);
            up.down("--stop-tasks");
            assertThat(up.footprint().containers()).isEmpty();
            assertThat(up.footprint().networks()).isEmpty();
        }
    }

    private static void makeCluster(EcsClient ecs) {
        var made = ecs.createCluster(r -> r.clusterName(CLUSTER).capacityProviders("EC2", "FARGATE")
                .defaultCapacityProviderStrategy(CapacityProviderStrategyItem.builder()
                        .capacityProvider("FARGATE").weight(1).base(0).build())).cluster();
        assertThat(made.status()).isEqualTo("ACTIVE");
        assertThat(made.capacityProviders()).containsExactly("EC2", "FARGATE");
        assertThat(ecs.listClusters().clusterArns()).contains(made.clusterArn());
        assertThat(ecs.describeClusters(r -> r.clusters(CLUSTER)).clusters()).singleElement().satisfies(cluster ->
                assertThat(cluster.defaultCapacityProviderStrategy()).singleElement().satisfies(item -> {
                    assertThat(item.capacityProvider()).isEqualTo("FARGATE");
                    assertThat(item.weight()).isEqualTo(1);
                }));
    }

    private static void registerDefinitions(EcsClient ecs) {
        assertThat(ecs.registerTaskDefinition(Documents.taskDefinition("web-app.json")).taskDefinition())
                .satisfies(web -> assertThat(web.taskDefinitionArn()).endsWith(":task-definition/web-app:1"));
        assertThat(ecs.registerTaskDefinition(Documents.taskDefinition("my-task.json")).taskDefinition())
                .satisfies(mine -> assertThat(mine.compatibilitiesAsStrings()).containsExactly("EXTERNAL", "EC2"));
        assertThat(ecs.registerTaskDefinition(Documents.taskDefinition("complex-app.json")).taskDefinition())
                .satisfies(complex -> {
                    var app = complex.containerDefinitions().getFirst();
                    assertThat(app.secrets().getFirst().valueFrom())
                            .isEqualTo("arn:aws:ssm:region:account:parameter/db/password");
                    assertThat(app.healthCheck().startPeriod()).isEqualTo(60);
                    assertThat(complex.volumes().getFirst().efsVolumeConfiguration().fileSystemId())
                            .isEqualTo("fs-12345678");
                });
        assertThat(ecs.listTaskDefinitions(r -> r.familyPrefix("web-app")).taskDefinitionArns()).hasSize(1);
        ecs.registerTaskDefinition(Documents.taskDefinition("web-app.json").toBuilder().cpu("512").memory("1024")
                .build());
    }

    private static void createService(Landfall up, Services services) {
        var made = services.ecs().createService(r -> r.cluster(CLUSTER).serviceName("web-service")
                .taskDefinition("web-app:1").desiredCount(2).launchType(LaunchType.FARGATE)
                .networkConfiguration(NETWORK)).service();
        assertThat(made.status()).isEqualTo("ACTIVE");
        assertThat(made.schedulingStrategyAsString()).isEqualTo("REPLICA");
        services.ecs().waiter().waitUntilServicesStable(
                r -> r.cluster(CLUSTER).services("web-service"), Waiting::often);
        up.await("two tasks run", () -> services.assertSteadyAtOnce("web-service"));
        services.assertSameAs(up.footprint());
        assertThat(services.ecs().listServices(r -> r.cluster(CLUSTER)).serviceArns())
                .containsExactly(made.serviceArn());
        assertThat(services.service("web-service").events().getFirst().message())
                .isEqualTo("(service web-service) has reached a steady state.");
    }

    /** Each task has an address of its own, which answers from here. */
    private static void assertTasksAnswer(Services services) {
        List<Task> tasks = services.running();
        var addresses = new TreeSet<String>();
        for (Task task : tasks) {
            var attachment = task.attachments().getFirst();
            assertThat(attachment.type()).isEqualTo("ElasticNetworkInterface");
            assertThat(attachment.status()).isEqualTo("ATTACHED");
            assertThat(task.containers().getFirst().networkInterfaces().getFirst().privateIpv4Address())
                    .isEqualTo(Services.address(task));
            assertThat(task.containerInstanceArn()).isNull();
            assertThat(task.platformVersion()).isEqualTo("1.4.0");
            assertThat(Services.get(Services.address(task), 80)).isEqualTo(WebImage.PAGE);
            addresses.add(Services.address(task));
        }
        assertThat(addresses).hasSameSizeAs(tasks);
    }

    private static void scaleOut(Landfall up, Services services) {
        var before = services.arns();
        services.ecs().updateService(r -> r.cluster(CLUSTER).service("web-service").desiredCount(5));
        up.await("five tasks run", () -> services.assertSteadyAtOnce("web-service"));
        assertThat(services.arns()).hasSize(5).containsAll(before);
    }

    /** With the default bounds, 100 % and 200 %, all five run throughout, and at most ten. */
    private static void rollOut(Landfall up, Services services) {
        var before = services.arns();
        services.ecs().updateService(r -> r.cluster(CLUSTER).service("web-service").taskDefinition("web-app:2"));
        up.await("the new revision runs", () -> {
            var service = services.service("web-service");
            if (service.runningCount() < 5 || service.runningCount() + service.pendingCount() > 10) {
                throw new IllegalStateException("out of bounds: " + service);
            }
            services.assertSteadyAtOnce("web-service");
        });
        assertThat(services.arns()).hasSize(5).doesNotContainAnyElementsOf(before);
        assertTasksAnswer(services);
        up.await("the old tasks' containers stop", () -> services.assertSameAs(up.footprint()));
        assertThat(services.tasks(DesiredStatus.STOPPED)).hasSize(5).allSatisfy(task -> {
            assertThat(task.stopCode()).isEqualTo(TaskStopCode.SERVICE_SCHEDULER_INITIATED);
            assertThat(task.stoppedReason()).startsWith("Scaling activity initiated by (deployment ecs-svc/");
        });
    }

    private static void runOneTask(Landfall up, Services services) {
        var answer = services.ecs().runTask(r -> r.cluster(CLUSTER).taskDefinition("web-app:1")
                .launchType(LaunchType.FARGATE).networkConfiguration(NETWORK).startedBy("a person"));
        assertThat(answer.failures()).isEmpty();
        String arn = answer.tasks().getFirst().taskArn();
        up.await("it runs", () -> assertThat(services.task(arn).lastStatus()).isEqualTo("RUNNING"));
        assertThat(services.task(arn).group()).isEqualTo("family:web-app");
        services.ecs().stopTask(r -> r.cluster(CLUSTER).task(arn).reason("Manual stop"));
        up.await("it stops", () -> assertThat(services.task(arn).lastStatus()).isEqualTo("STOPPED"));
        Task stopped = services.task(arn);
        assertThat(stopped.stopCode()).isEqualTo(TaskStopCode.USER_INITIATED);
        assertThat(stopped.stoppedReason()).isEqualTo("Manual stop");
        assertThat(stopped.containers().getFirst().exitCode()).isZero();
        assertThat(stopped.stoppedAt()).isAfterOrEqualTo(stopped.stoppingAt());
        assertThat(stopped.attachments().getFirst().status()).isEqualTo("DELETED");
        services.assertSteadyAtOnce("web-service");
    }

    private static void deleteEverything(Landfall up, Services services) {
        EcsClient ecs = services.ecs();
        assertThatThrownBy(() -> ecs.deleteCluster(r -> r.cluster(CLUSTER)))
                .isInstanceOf(ClusterContainsServicesException.class);
        ecs.deleteService(r -> r.cluster(CLUSTER).service("web-service").force(true));
        ecs.waiter().waitUntilServicesInactive(r -> r.cluster(CLUSTER).services("web-service"), Waiting::often);
        // The engine tells of a container's end a moment before its own list shows it.
        up.await("no container runs", () -> assertThat(up.footprint().running()).isEmpty());
        String arn = ecs.runTask(r -> r.cluster(CLUSTER).taskDefinition("web-app").networkConfiguration(NETWORK))
                .tasks().getFirst().taskArn();
        assertThatThrownBy(() -> ecs.deleteCluster(r -> r.cluster(CLUSTER)))
                .isInstanceOf(ClusterContainsTasksException.class);
        ecs.stopTask(r -> r.cluster(CLUSTER).task(arn));
        ecs.waiter().waitUntilTasksStopped(r -> r.cluster(CLUSTER).tasks(arn), Waiting::often);
        assertThat(ecs.deleteCluster(r -> r.cluster(CLUSTER)).cluster().status()).isEqualTo("INACTIVE");
    }

    /** Ten tasks of the service and two of nobody; every container that had started ended by its own will. */
    private static void assertStoppedInOrder(Services services) {
        var stopped = services.ecs().createCluster(r -> r.clusterName(CLUSTER)).cluster();
        assertThat(stopped.runningTasksCount()).isZero();
        assertThat(services.tasks(DesiredStatus.RUNNING)).isEmpty();
        assertThat(services.tasks(DesiredStatus.STOPPED)).hasSize(12).allSatisfy(task -> {
            assertThat(task.lastStatus()).isEqualTo("STOPPED");
            assertThat(task.containers()).allSatisfy(container -> {
                assertThat(container.lastStatus()).isEqualTo("STOPPED");
                assertThat(container.exitCode()).isIn(null, 0);
            });
        });
        services.ecs().deleteCluster(r -> r.cluster(CLUSTER));
    }
}
