package dev.landfall.ecs.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.landfall.ecs.World;
import dev.landfall.protocol.Message;
import dev.landfall.protocol.Message.ManifestTask;
import dev.landfall.protocol.TaskPayload;
import dev.landfall.testkit.Await;
import dev.landfall.wire.Call;
import dev.landfall.wire.SocketEndpoint;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.retries.api.BackoffStrategy;
import software.amazon.awssdk.services.ecs.model.DeploymentRolloutState;
import software.amazon.awssdk.services.ecs.model.HealthStatus;
import software.amazon.awssdk.services.ecs.model.Service;
import software.amazon.awssdk.services.ecs.model.Task;
import software.amazon.awssdk.services.ecs.waiters.EcsWaiter;

/** The whole service on a writer, with agents at its sockets: what users and agents see over time, and over a crash. */
@SuppressWarnings("unchecked") // the SDK takes several consumers as a generic array
class ControlPlaneTest {
    private LiveEcs live;

    @BeforeEach
    void start() throws Exception {
        live = new LiveEcs();
        for (int i = 0; i < 2; i++) {
            live.ecs().registerTaskDefinition(request -> request.family("web").containerDefinitions(
                    World.container("app").toBuilder().healthCheck(check -> check.command("CMD", "true")).build()));
        }
        live.ecs().registerTaskDefinition(request ->
                request.family("plain").containerDefinitions(World.container("app")));
    }

    @AfterEach
    void close() {
        live.close();
    }

    private EcsWaiter waiter() {
        return EcsWaiter.builder().client(live.ecs()).overrideConfiguration(each -> each.maxAttempts(2_000)
                .backoffStrategyV2(BackoffStrategy.fixedDelayWithoutJitter(Duration.ofMillis(10)))
                .waitTimeout(LiveEcs.DEADLINE)).build();
    }

    private void create(String definition, int count) {
        live.ecs().createService(request -> request.serviceName("svc").taskDefinition(definition).desiredCount(count));
    }

    private List<String> tasks() {
        return live.ecs().listTasks(request -> request.serviceName("svc")).taskArns();
    }

    private Task task(String arn) {
        return live.ecs().describeTasks(request -> request.tasks(arn)).tasks().getFirst();
    }

    private void awaitTask(String arn, String description, Predicate<Task> wanted) {
        Await.value(description, LiveEcs.DEADLINE, () -> task(arn), wanted);
    }

    private <M extends Message> Stream<M> received(Class<M> type) {
        return live.agent().received().stream().filter(type::isInstance).map(type::cast);
    }

    @Test
    void aServiceIsStableThenInactiveAsTheWaitersSeeIt() {
        create("plain", 3);
        waiter().waitUntilServicesStable(request -> request.services("svc"));
        Await.until("the rollout is complete", LiveEcs.DEADLINE, () ->
                live.service().deployments().getFirst().rolloutState() == DeploymentRolloutState.COMPLETED);
        waiter().waitUntilTasksRunning(request -> request.tasks(tasks()));

        List<String> tasks = tasks();
        live.ecs().deleteService(request -> request.service("svc").force(true));
        waiter().waitUntilServicesInactive(request -> request.services("svc"));
        waiter().waitUntilTasksStopped(request -> request.tasks(tasks));
        assertThat(task(tasks.getFirst()).stoppedReason())
                .startsWith("Scaling activity initiated by (deployment ecs-svc/");
    }

    @Test
    void anUpdateIsStableOnlyOnceTheOldTasksAreGone() {
        create("plain", 2);
        waiter().waitUntilServicesStable(request -> request.services("svc"));
        List<String> old = tasks();
        live.ecs().updateService(request -> request.service("svc").forceNewDeployment(true));
        waiter().waitUntilServicesStable(request -> request.services("svc"));

        assertThat(tasks()).hasSize(2).doesNotContainAnyElementsOf(old);
        assertThat(live.service().deployments()).hasSize(1);
    }

    @Test
    void aTaskIsToldWithAllItNeeds() {
        live.ecs().runTask(request -> request.taskDefinition("web").overrides(overrides ->
                overrides.containerOverrides(each ->
                each.name("app").command("run").environment(pair -> pair.name("A").value("b")))));
        TaskPayload told = Await.value("a payload", LiveEcs.DEADLINE,
                () -> received(Message.PayloadMessage.class).flatMap(each -> each.tasks().stream()).toList(),
                each -> !each.isEmpty()).getFirst();

        assertThat(told.family()).isEqualTo("web");
        assertThat(told.version()).isEqualTo("2");
        assertThat(told.networkMode()).isEqualTo("bridge");
        assertThat(told.containers()).singleElement().satisfies(container -> {
            assertThat(container.command()).containsExactly("run");
            assertThat(container.environment()).containsEntry("A", "b")
                    .containsEntry("AWS_EXECUTION_ENV", "AWS_ECS_EC2");
            assertThat(container.cpu()).isEqualTo(100);
            assertThat(container.memory()).isEqualTo(64);
            assertThat(container.healthCheckType()).isEqualTo("docker");
            assertThat(container.dockerConfig().config()).contains("\"Healthcheck\"");
        });
    }

    @Test
    void healthOverTelemetryMakesATaskHealthyThenReplacesIt() throws Exception {
        create("web", 1);
        String first = Await.value("a task", LiveEcs.DEADLINE, this::tasks, each -> each.size() == 1).getFirst();
        awaitTask(first, "running", task -> task.lastStatus().equals("RUNNING"));
        assertThat(live.service().deployments().getFirst().rolloutState())
                .isEqualTo(DeploymentRolloutState.IN_PROGRESS);
        live.agent().publishHealth(first, "HEALTHY");
        awaitTask(first, "healthy", task -> task.healthStatus() == HealthStatus.HEALTHY);
        Await.until("the rollout is complete", LiveEcs.DEADLINE, () ->
                live.service().deployments().getFirst().rolloutState() == DeploymentRolloutState.COMPLETED);

        live.agent().publishHealth(first, "nonsense");
        assertThat(task(first).healthStatus()).isEqualTo(HealthStatus.HEALTHY);
        live.agent().publishHealth("arn:of:nothing", "HEALTHY");
        live.agent().publishHealth(first, "UNHEALTHY");
        String second = Await.value("a replacement", LiveEcs.DEADLINE, this::tasks,
                each -> each.stream().anyMatch(arn -> !arn.equals(first))).stream()
                .filter(arn -> !arn.equals(first)).findFirst().orElseThrow();
        awaitTask(second, "running", task -> task.lastStatus().equals("RUNNING"));
        live.agent().publishHealth(second, "HEALTHY");
        awaitTask(first, "stopped", task -> task.lastStatus().equals("STOPPED"));
        assertThat(task(first).stoppedReason()).isEqualTo("Task failed container health checks");
    }

    @Test
    void whatAnAgentDidNotAcknowledgeItIsToldAgainWhenItComesBack() throws Exception {
        live.agent().silence();
        create("plain", 2);
        Await.until("payloads were sent", LiveEcs.DEADLINE, () ->
                received(Message.PayloadMessage.class).mapToLong(each -> each.tasks().size()).sum() == 2);
        live.agent().disconnect();
        Await.until("it counts as disconnected", LiveEcs.DEADLINE, () -> !connected());
        assertThat(tasks()).hasSize(2).allSatisfy(arn -> assertThat(task(arn).lastStatus()).isEqualTo("PENDING"));
        assertThat(live.ecs().runTask(request -> request.taskDefinition("plain")).failures().getFirst().reason())
                .isEqualTo("AGENT");

        live.agent().speak();
        live.agent().connect(live.ecs());
        waiter().waitUntilServicesStable(request -> request.services("svc"));
        assertThat(connected()).isTrue();
    }

    private boolean connected() {
        return live.ecs().describeContainerInstances(request -> request.containerInstances(live.agent().arn()))
                .containerInstances().getFirst().agentConnected();
    }

    @Test
    void anAgentThatComesAndGoesQuicklyIsKnownAsItIsLast() throws Exception {
        for (int i = 0; i < 30; i++) {
            live.agent().disconnect();
            live.agent().connect(live.ecs());
        }
        Await.until("it is connected", LiveEcs.DEADLINE, this::connected);
        live.agent().connect(live.ecs()); // a second connection ends the first
        create("plain", 1);
        waiter().waitUntilServicesStable(request -> request.services("svc"));
        assertThat(connected()).isTrue();
    }

    @Test
    void theManifestNamesWhatShouldRunAndOnlyTheRestMayStop() throws Exception {
        create("plain", 1);
        waiter().waitUntilServicesStable(request -> request.services("svc"));
        String mine = tasks().getFirst();
        live.agent().disconnect();
        live.agent().connect(live.ecs());
        Await.until("a manifest with the task", LiveEcs.DEADLINE, () -> received(Message.TaskManifestMessage.class)
                .anyMatch(each -> each.tasks().stream().map(ManifestTask::taskArn).toList().equals(List.of(mine))));
        List<Long> order = Stream.concat(received(Message.TaskManifestMessage.class).map(each -> each.timeline()),
                received(Message.PayloadMessage.class).map(each -> each.seqNum())).toList();
        assertThat(order).doesNotHaveDuplicates();

        live.agent().askWhetherToStop(mine, World.ARN + "task/default/00000000000000000000000000000000");
        Message.TaskStopVerificationAck answer = Await.value("an answer", LiveEcs.DEADLINE,
                () -> received(Message.TaskStopVerificationAck.class).toList(), each -> !each.isEmpty()).getFirst();
        assertThat(answer.messageId()).isEqualTo("question");
        assertThat(answer.stopTasks()).extracting(ManifestTask::taskArn)
                .containsExactly(World.ARN + "task/default/00000000000000000000000000000000");
    }

    @Test
    void aRolloutGoesOnAfterACrash() throws Exception {
        create("plain", 4);
        waiter().waitUntilServicesStable(request -> request.services("svc"));
        List<String> old = tasks();
        live.agent().stopReporting();
        live.ecs().updateService(request -> request.service("svc").taskDefinition("web:1"));
        Await.until("the new tasks are placed", LiveEcs.DEADLINE, () -> tasks().size() == 8);
        live.crash();
        assertThat(live.service().deployments()).hasSize(2);

        live.ecs().updateService(request -> request.service("svc").taskDefinition("plain"));
        live.agent().speak();
        live.agent().connect(live.ecs());
        waiter().waitUntilServicesStable(request -> request.services("svc"));
        assertThat(tasks()).hasSize(4).doesNotContainAnyElementsOf(old);
    }

    @Test
    void tasksThatRanThroughACrashRunOn() throws Exception {
        create("plain", 3);
        waiter().waitUntilServicesStable(request -> request.services("svc"));
        List<String> before = tasks();
        live.crash();
        live.agent().connect(live.ecs());
        assertThat(tasks()).isEqualTo(before);
        live.agent().exits(before.getFirst(), 1);
        Await.until("a replacement", LiveEcs.DEADLINE, () ->
                !tasks().contains(before.getFirst()) && tasks().size() == 3);
        waiter().waitUntilServicesStable(request -> request.services("svc"));
        assertThat(tasks()).containsAll(before.subList(1, 3));
    }

    @Test
    void onlyRegisteredInstancesConnect() {
        for (SocketEndpoint endpoint : live.ecs().sockets()) {
            for (Map<String, String> query : List.of(Map.<String, String>of(),
                    Map.of("containerInstanceArn", "arn:x", "containerInstance", "arn:x"))) {
                assertThatThrownBy(() -> endpoint.open(new SocketEndpoint.Request(query, Call.current())))
                        .isInstanceOfSatisfying(SocketEndpoint.Refused.class, refused ->
                                assertThat(refused.status()).isEqualTo(400));
            }
        }
        live.ecs().deregisterContainerInstance(request -> request.containerInstance(live.agent().arn()).force(true));
        assertThatThrownBy(() -> live.agent().connect(live.ecs())).isInstanceOf(SocketEndpoint.Refused.class);
    }

    @Test
    void anInstanceThatIsDeregisteredIsLeftAlone() {
        live.ecs().deregisterContainerInstance(request -> request.containerInstance(live.agent().arn()).force(true));
        Await.until("its connection is closed", LiveEcs.DEADLINE, () -> !live.agent().connected());
    }
}
