package dev.landfall.app.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.ecs.model.CapacityProviderStrategyItem;
import software.amazon.awssdk.services.ecs.model.ContainerInstance;
import software.amazon.awssdk.services.ecs.model.ContainerInstanceStatus;
import software.amazon.awssdk.services.ecs.model.LaunchType;
import software.amazon.awssdk.services.ecs.model.NetworkMode;
import software.amazon.awssdk.services.ecs.model.RegisterTaskDefinitionRequest;
import software.amazon.awssdk.services.ecs.model.Task;
import software.amazon.awssdk.services.ecs.model.TaskStopCode;

/** Capacity that goes away: by an interruption, on purpose, or without a word. */
class CapacityTest {
    private static final String CLUSTER = "capacity";

    @BeforeAll
    static void image() {
        WebImage.ensure();
    }

    @Test
    void anInterruptedSpotTaskIsReplaced() {
        try (var up = Landfall.up("spot")) {
            up.ecs().createCluster(r -> r.clusterName(CLUSTER).capacityProviders("FARGATE", "FARGATE_SPOT"));
            var services = new Services(up.ecs(), CLUSTER);
            up.ecs().registerTaskDefinition(Documents.taskDefinition("web-app.json"));
            up.ecs().createService(r -> r.cluster(CLUSTER).serviceName("web").taskDefinition("web-app").desiredCount(3)
                    .capacityProviderStrategy(item("FARGATE", 1, 1), item("FARGATE_SPOT", 3, 0)));
            up.await("the service runs", () -> services.assertSteady("web"));
            assertThat(services.running()).extracting(Task::capacityProviderName)
                    .containsExactlyInAnyOrder("FARGATE", "FARGATE_SPOT", "FARGATE_SPOT");
            Set<String> before = services.arns();

            up.run("interrupt", "--cluster", CLUSTER, "--count", "1");
            up.await("another task runs in its place", () -> {
                assertThat(services.arns()).isNotEqualTo(before);
                services.assertSteady("web");
                services.assertSameAs(up.footprint());
            });
            assertThat(services.running()).extracting(Task::capacityProviderName)
                    .containsExactlyInAnyOrder("FARGATE", "FARGATE_SPOT", "FARGATE_SPOT");
            String victim = before.stream().filter(arn -> !services.arns().contains(arn)).findFirst().orElseThrow();
            up.await("it has stopped", () ->
                    assertThat(services.task(victim).lastStatus()).isEqualTo("STOPPED"));
            Task interrupted = services.task(victim);
            assertThat(interrupted.capacityProviderName()).isEqualTo("FARGATE_SPOT");
            assertThat(interrupted.stopCode()).isEqualTo(TaskStopCode.SPOT_INTERRUPTION);
            assertThat(interrupted.stoppedReason()).isEqualTo("Your Spot Task was interrupted.");
            assertThat(interrupted.containers().getFirst().exitCode()).as("it heard SIGTERM").isZero();
        }
    }

    @Test
    void aDrainedInstanceHandsItsTasksOverAndASpotInstanceEnds() {
        try (var server = Landfall.server("drain-server", "--spot-warning", "1s")) {
            server.ecs().createCluster(r -> r.clusterName(CLUSTER));
            try (var one = Landfall.agent("drain-one", server, "--cluster", CLUSTER, "--spot");
                    var two = Landfall.agent("drain-two", server, "--cluster", CLUSTER)) {
                var services = new Services(server.ecs(), CLUSTER);
                server.ecs().registerTaskDefinition(bridged());
                server.ecs().createService(r -> r.cluster(CLUSTER).serviceName("web").taskDefinition("web")
                        .desiredCount(4).launchType(LaunchType.EC2));
                server.await("four tasks run", () -> services.assertSteady("web"));
                assertThat(one.footprint().running()).hasSize(2);
                String spot = instances(services).stream().filter(instance -> instance.attributes().stream()
                                .anyMatch(attribute -> attribute.name().equals("landfall.capacity-option")))
                        .findFirst().orElseThrow().containerInstanceArn();
                server.ecs().updateContainerInstancesState(r -> r.cluster(CLUSTER).containerInstances(spot)
                        .status(ContainerInstanceStatus.DRAINING));
                server.await("the other runs all", () -> {
                    services.assertSteady("web");
                    assertThat(two.footprint().running()).hasSize(4);
                });
                server.await("nothing runs on the drained one", () ->
                        assertThat(one.footprint().running()).isEmpty());

                server.ecs().updateContainerInstancesState(r -> r.cluster(CLUSTER).containerInstances(spot)
                        .status(ContainerInstanceStatus.ACTIVE));
                String alone = server.ecs().startTask(r -> r.cluster(CLUSTER).taskDefinition("web")
                        .containerInstances(spot)).tasks().getFirst().taskArn();
                server.await("a task of no service runs", () ->
                        assertThat(services.task(alone).lastStatus()).isEqualTo("RUNNING"));
                server.run("interrupt", "--container-instance", spot);
                server.await("the instance has ended, and another has come", () ->
                        assertThat(instances(services)).hasSize(2).noneMatch(instance ->
                                instance.containerInstanceArn().equals(spot) || !instance.agentConnected()));
                assertThat(services.task(alone).stopCode()).isEqualTo(TaskStopCode.TERMINATION_NOTICE);
                assertThat(services.task(alone).stoppedReason()).startsWith("Host EC2 (instance i-");
                server.await("its containers have too", () -> {
                    assertThat(one.footprint().running()).isEmpty();
                    services.assertSteady("web");
                });
            }
        }
    }

    @Test
    void tasksOfAManagedAgentThatIsGoneAreReplacedWhereThatIsWanted() {
        try (var server = Landfall.server("lost-server", "--replace-lost-tasks-after", "1s")) {
            server.ecs().createCluster(r -> r.clusterName(CLUSTER));
            var services = new Services(server.ecs(), CLUSTER);
            server.ecs().registerTaskDefinition(Documents.taskDefinition("web-app.json"));
            try (var one = Landfall.agent("lost-one", server, "--managed")) {
                server.ecs().createService(r -> r.cluster(CLUSTER).serviceName("web").taskDefinition("web-app")
                        .desiredCount(2).launchType(LaunchType.FARGATE));
                server.await("the service runs", () -> services.assertSteady("web"));
                Map<String, String> lost = services.runtimeIds();
                one.kill();
                try (var two = Landfall.agent("lost-two", server, "--managed")) {
                    server.await("the other agent runs it", () -> {
                        services.assertSteady("web");
                        services.assertSameAs(two.footprint());
                    });
                    assertThat(one.footprint().running()).as("nobody is there to stop them").isEqualTo(lost);
                    one.start();
                    server.await("who comes back stops what was replaced", () ->
                            assertThat(one.footprint().running()).isEmpty());
                    services.assertSteady("web");
                    services.assertSameAs(one.footprint(), two.footprint());
                }
            }
        }
    }

    private static CapacityProviderStrategyItem item(String provider, int weight, int base) {
        return CapacityProviderStrategyItem.builder().capacityProvider(provider).weight(weight).base(base).build();
    }

    private static RegisterTaskDefinitionRequest bridged() {
        var request = Documents.taskDefinition("my-task.json");
        var container = request.containerDefinitions().getFirst().toBuilder().cpu(10).memory(32)
                .portMappings(List.of()).build();
        return request.toBuilder().family("web").networkMode(NetworkMode.BRIDGE).containerDefinitions(container)
                .build();
    }

    private static List<ContainerInstance> instances(Services services) {
        var arns = services.ecs().listContainerInstances(r -> r.cluster(CLUSTER)).containerInstanceArns();
        return services.ecs().describeContainerInstances(r -> r.cluster(CLUSTER).containerInstances(arns))
                .containerInstances();
    }
}
