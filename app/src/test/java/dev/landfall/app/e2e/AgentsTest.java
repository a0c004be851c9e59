package dev.landfall.app.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.landfall.testkit.FreePorts;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.ecs.model.ClusterContainsContainerInstancesException;
import software.amazon.awssdk.services.ecs.model.ContainerInstance;
import software.amazon.awssdk.services.ecs.model.DesiredStatus;
import software.amazon.awssdk.services.ecs.model.LaunchType;
import software.amazon.awssdk.services.ecs.model.NetworkMode;
import software.amazon.awssdk.services.ecs.model.PortMapping;
import software.amazon.awssdk.services.ecs.model.RegisterTaskDefinitionRequest;
import software.amazon.awssdk.services.ecs.model.RunTaskResponse;
import software.amazon.awssdk.services.ecs.model.Task;
import software.amazon.awssdk.services.ecs.model.TaskStopCode;

/** A server and two agents, each a process of its own, that die one after the other while the rest goes on. */
class AgentsTest {
    private static final String CLUSTER = "fleet";

    @BeforeAll
    static void image() {
        WebImage.ensure();
    }

    @Test
    void oneClusterOfTwoInstancesOutlivesItsProcesses() {
        try (var server = Landfall.server("fleet-server")) {
            server.ecs().createCluster(r -> r.clusterName(CLUSTER));
            try (var one = Landfall.agent("fleet-one", server, "--cluster", CLUSTER);
                    var two = Landfall.agent("fleet-two", server, "--cluster", CLUSTER)) {
                var services = new Services(server.ecs(), CLUSTER);
                eachRunsItsShare(server, services, one, two);
                taskWithAPortOfTheHost(server, services);
                killedAgentComesBack(server, services, one, two);
                killedServerLearnsTheTruth(server, services, one, two);
                deregisterEverything(server, services, one, two);
            }
        }
    }

    private static RegisterTaskDefinitionRequest bridged() {
        var request = Documents.taskDefinition("my-task.json");
        var container = request.containerDefinitions().getFirst().toBuilder().cpu(10).memory(32)
                .portMappings(onHostPort(0)).build();
        return request.toBuilder().family("web").networkMode(NetworkMode.BRIDGE).containerDefinitions(container)
                .build();
    }

    private static PortMapping onHostPort(int port) {
        return PortMapping.builder().containerPort(80).hostPort(port).build();
    }

    private static void eachRunsItsShare(Landfall server, Services services, Landfall one, Landfall two) {
        EcsClient ecs = services.ecs();
        assertThat(instances(services)).hasSize(2).allSatisfy(instance -> {
            assertThat(instance.status()).isEqualTo("ACTIVE");
            assertThat(instance.agentConnected()).isTrue();
        });
        ecs.registerTaskDefinition(bridged());
        ecs.registerTaskDefinition(bridged());
        ecs.createService(r -> r.cluster(CLUSTER).serviceName("web").taskDefinition("web:1").desiredCount(4)
                .launchType(LaunchType.EC2));
        server.await("four tasks run", () -> services.assertSteady("web"));
        services.assertSameAs(one.footprint(), two.footprint());
        assertThat(one.footprint().running()).hasSize(2);
        assertThat(two.footprint().running()).hasSize(2);
        assertThat(services.running()).allSatisfy(AgentsTest::assertAnswers);
        assertThat(instances(services)).extracting(ContainerInstance::runningTasksCount).containsExactly(2, 2);
    }

    private static void assertAnswers(Task task) {
        var bindings = task.containers().getFirst().networkBindings();
        assertThat(bindings).anySatisfy(binding -> {
            assertThat(binding.containerPort()).isEqualTo(80);
            assertThat(Services.get("127.0.0.1", binding.hostPort())).isEqualTo(WebImage.PAGE);
        });
    }

    /** Two instances on one machine: the second task of that port would find it taken, and is refused before. */
    private static void taskWithAPortOfTheHost(Landfall server, Services services) {
        int port = FreePorts.one();
        var request = Documents.taskDefinition("my-task.json");
        var container = request.containerDefinitions().getFirst().toBuilder()
                .portMappings(onHostPort(port)).build();
        services.ecs().registerTaskDefinition(request.toBuilder().containerDefinitions(container).build());
        RunTaskResponse answer = services.ecs().runTask(r -> r.cluster(CLUSTER).taskDefinition("my-task:1")
                .launchType(LaunchType.EC2));
        String arn = answer.tasks().getFirst().taskArn();
        server.await("it runs", () -> assertThat(services.task(arn).lastStatus()).isEqualTo("RUNNING"));
        assertThat(Services.get("127.0.0.1", port)).isEqualTo(WebImage.PAGE);
        String instance = services.task(arn).containerInstanceArn();
        var refused = services.ecs().startTask(r -> r.cluster(CLUSTER).taskDefinition("my-task:1")
                .containerInstances(instance));
        assertThat(refused.tasks()).isEmpty();
        assertThat(refused.failures()).singleElement().satisfies(failure -> {
            assertThat(failure.reason()).isEqualTo("RESOURCE:PORTS");
            assertThat(failure.arn()).isEqualTo(instance);
        });
        services.ecs().stopTask(r -> r.cluster(CLUSTER).task(arn));
        server.await("it stops", () -> assertThat(services.task(arn).lastStatus()).isEqualTo("STOPPED"));
    }

    private static void killedAgentComesBack(Landfall server, Services services, Landfall one, Landfall two) {
        services.ecs().updateService(r -> r.cluster(CLUSTER).service("web").taskDefinition("web:2")
                .deploymentConfiguration(d -> d.minimumHealthyPercent(50).maximumPercent(150)));
        server.await("the rollout has begun", () -> assertThat(services.tasks(DesiredStatus.RUNNING))
                .anySatisfy(task -> assertThat(task.taskDefinitionArn()).endsWith(":2")));
        one.kill();
        server.await("the server notices", () -> assertThat(instances(services))
                .filteredOn(ContainerInstance::agentConnected).hasSize(1));
        Map<String, String> kept = one.footprint().running();
        kept.values().removeIf(arn -> services.task(arn).taskDefinitionArn().endsWith(":1"));
        one.start();
        server.await("the rollout is over", () -> services.assertSteady("web"));
        server.await("the engine and the API agree", () ->
                services.assertSameAs(one.footprint(), two.footprint()));
        assertThat(services.runtimeIds()).containsAllEntriesOf(kept);
        assertThat(services.running()).allSatisfy(AgentsTest::assertAnswers);
        assertThat(instances(services)).hasSize(2);
    }

    /** Of four tasks two die while nobody is there to hear of it. */
    private static void killedServerLearnsTheTruth(Landfall server, Services services, Landfall one, Landfall two) {
        Map<String, String> before = services.runtimeIds();
        server.kill();
        var victims = new TreeMap<String, String>();
        for (Landfall agent : new Landfall[] {one, two}) {
            var running = agent.footprint().running();
            if (!running.isEmpty()) {
                String victim = running.keySet().iterator().next();
                victims.put(victim, running.get(victim));
                agent.footprint().kill(victim);
            }
        }
        var survivors = new TreeMap<>(before);
        survivors.keySet().removeAll(victims.keySet());
        server.start();
        server.await("the dead tasks are replaced", () -> {
            assertThat(services.arns()).doesNotContainAnyElementsOf(victims.values());
            services.assertSteady("web");
            services.assertSameAs(one.footprint(), two.footprint());
        });
        assertThat(services.runtimeIds()).containsAllEntriesOf(survivors);
        victims.values().forEach(arn -> {
            Task dead = services.task(arn);
            assertThat(dead.stopCode()).isEqualTo(TaskStopCode.ESSENTIAL_CONTAINER_EXITED);
            assertThat(dead.containers().getFirst().exitCode()).isEqualTo(137);
        });
    }

    private static void deregisterEverything(Landfall server, Services services, Landfall one, Landfall two) {
        EcsClient ecs = services.ecs();
        ecs.deleteService(r -> r.cluster(CLUSTER).service("web").force(true));
        ecs.waiter().waitUntilServicesInactive(r -> r.cluster(CLUSTER).services("web"), Waiting::often);
        // The engine tells of a container's end a moment before its own list shows it.
        server.await("nothing runs", () -> services.assertSameAs(one.footprint(), two.footprint()));
        assertThat(instances(services)).allSatisfy(instance -> {
            assertThat(instance.remainingResources()).isEqualTo(instance.registeredResources());
            assertThat(instance.runningTasksCount()).isZero();
        });
        assertThatThrownBy(() -> ecs.deleteCluster(r -> r.cluster(CLUSTER)))
                .isInstanceOf(ClusterContainsContainerInstancesException.class);
        one.down("--stop-tasks");
        two.down("--stop-tasks");
        server.await("both agents have gone", () -> assertThat(instances(services))
                .noneSatisfy(instance -> assertThat(instance.agentConnected()).isTrue()));
        instances(services).forEach(instance -> ecs.deregisterContainerInstance(
                r -> r.cluster(CLUSTER).containerInstance(instance.containerInstanceArn())));
        assertThat(ecs.deleteCluster(r -> r.cluster(CLUSTER)).cluster().status()).isEqualTo("INACTIVE");
        for (Landfall agent : new Landfall[] {one, two}) {
            assertThat(agent.footprint().containers()).isEmpty();
            assertThat(agent.footprint().networks()).isEmpty();
        }
    }

    private static List<ContainerInstance> instances(Services services) {
        var arns = services.ecs().listContainerInstances(r -> r.cluster(CLUSTER)).containerInstanceArns();
        return services.ecs().describeContainerInstances(r -> r.cluster(CLUSTER).containerInstances(arns))
                .containerInstances();
    }
}
