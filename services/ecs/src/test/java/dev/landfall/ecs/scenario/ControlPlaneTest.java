package dev.landfall.ecs.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.landfall.ecs.Ecs;
import dev.landfall.ecs.EcsTables;
import dev.landfall.ecs.MemoryJournal;
import dev.landfall.ecs.World;
import dev.landfall.protocol.Message;
import dev.landfall.protocol.Message.ManifestTask;
import dev.landfall.protocol.TaskPayload;
import dev.landfall.state.Writer;
import dev.landfall.testkit.Await;
import dev.landfall.wire.Call;
import dev.landfall.wire.SdkForms;
import dev.landfall.wire.SocketEndpoint;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
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
    private static final Duration DEADLINE = Duration.ofSeconds(20);

    private MemoryJournal journal = new MemoryJournal();
    private Writer writer;
    private Ecs ecs;
    private FakeAgent agent;

    @BeforeEach
    void start() throws Exception {
        open();
        ecs.createCluster(request -> request.clusterName("default"));
        for (int i = 0; i < 2; i++) {
            ecs.registerTaskDefinition(request -> request.family("web").containerDefinitions(World.container("app")
                    .toBuilder().healthCheck(check -> check.command("CMD", "true")).build()));
        }
        ecs.registerTaskDefinition(request -> request.family("plain").containerDefinitions(World.container("app")));
        agent = new FakeAgent(ecs, 10_000);
        agent.connect(ecs);
    }

    private void open() {
        writer = new Writer(journal, EcsTables.ALL, SdkForms.rows(), Clock.systemUTC(),
                () -> UUID.randomUUID().toString().replace("-", ""));
        ecs = new Ecs(writer, () -> URI.create("http://localhost:4566"));
    }

    @AfterEach
    void close() {
        ecs.close();
        agent.close();
        writer.close();
    }

    /** The process is gone between two commits; another begins with what was durable. */
    private void crash() {
        journal = journal.afterCrash();
        ecs.close();
        writer.close();
        open();
    }

    private EcsWaiter waiter() {
        return EcsWaiter.builder().client(ecs).overrideConfiguration(each -> each.maxAttempts(2_000)
                .backoffStrategyV2(BackoffStrategy.fixedDelayWithoutJitter(Duration.ofMillis(10)))
                .waitTimeout(DEADLINE)).build();
    }

    private Service service() {
        return ecs.describeServices(request -> request.services("svc")).services().getFirst();
    }

    private void create(String definition, int count) {
        ecs.createService(request -> request.serviceName("svc").taskDefinition(definition).desiredCount(count));
    }

    private List<String> tasks() {
        return ecs.listTasks(request -> request.serviceName("svc")).taskArns();
    }

    private Task task(String arn) {
        return ecs.describeTasks(request -> request.tasks(arn)).tasks().getFirst();
    }

    private void awaitTask(String arn, String description, Predicate<Task> wanted) {
        Await.value(description, DEADLINE, () -> task(arn), wanted);
    }

    private <M extends Message> Stream<M> received(Class<M> type) {
        return agent.received().stream().filter(type::isInstance).map(type::cast);
    }

    @Test
    void aServiceIsStableThenInactiveAsTheWaitersSeeIt() {
        create("plain", 3);
        waiter().waitUntilServicesStable(request -> request.services("svc"));
        Await.until("the rollout is complete", DEADLINE, () ->
                service().deployments().getFirst().rolloutState() == DeploymentRolloutState.COMPLETED);
        waiter().waitUntilTasksRunning(request -> request.tasks(tasks()));

        List<String> tasks = tasks();
        ecs.deleteService(request -> request.service("svc").force(true));
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
        ecs.updateService(request -> request.service("svc").forceNewDeployment(true));
        waiter().waitUntilServicesStable(request -> request.services("svc"));

        assertThat(tasks()).hasSize(2).doesNotContainAnyElementsOf(old);
        assertThat(service().deployments()).hasSize(1);
    }

    @Test
    void aTaskIsToldWithAllItNeeds() {
        ecs.runTask(request -> request.taskDefinition("web").overrides(overrides -> overrides.containerOverrides(each ->
                each.name("app").command("run").environment(pair -> pair.name("A").value("b")))));
        TaskPayload told = Await.value("a payload", DEADLINE,
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
        String first = Await.value("a task", DEADLINE, this::tasks, each -> each.size() == 1).getFirst();
        awaitTask(first, "running", task -> task.lastStatus().equals("RUNNING"));
        assertThat(service().deployments().getFirst().rolloutState()).isEqualTo(DeploymentRolloutState.IN_PROGRESS);
        agent.publishHealth(first, "HEALTHY");
        awaitTask(first, "healthy", task -> task.healthStatus() == HealthStatus.HEALTHY);
        Await.until("the rollout is complete", DEADLINE, () ->
                service().deployments().getFirst().rolloutState() == DeploymentRolloutState.COMPLETED);

        agent.publishHealth(first, "nonsense");
        assertThat(task(first).healthStatus()).isEqualTo(HealthStatus.HEALTHY);
        agent.publishHealth("arn:of:nothing", "HEALTHY");
        agent.publishHealth(first, "UNHEALTHY");
        String second = Await.value("a replacement", DEADLINE, this::tasks,
                each -> each.stream().anyMatch(arn -> !arn.equals(first))).stream()
                .filter(arn -> !arn.equals(first)).findFirst().orElseThrow();
        awaitTask(second, "running", task -> task.lastStatus().equals("RUNNING"));
        agent.publishHealth(second, "HEALTHY");
        awaitTask(first, "stopped", task -> task.lastStatus().equals("STOPPED"));
        assertThat(task(first).stoppedReason()).isEqualTo("Task failed container health checks");
    }

    @Test
    void whatAnAgentDidNotAcknowledgeItIsToldAgainWhenItComesBack() throws Exception {
        agent.silence();
        create("plain", 2);
        Await.until("payloads were sent", DEADLINE, () ->
                received(Message.PayloadMessage.class).mapToLong(each -> each.tasks().size()).sum() == 2);
        agent.disconnect();
        Await.until("it counts as disconnected", DEADLINE, () -> !connected());
        assertThat(tasks()).hasSize(2).allSatisfy(arn -> assertThat(task(arn).lastStatus()).isEqualTo("PENDING"));
        assertThat(ecs.runTask(request -> request.taskDefinition("plain")).failures().getFirst().reason())
                .isEqualTo("AGENT");

        agent.speak();
        agent.connect(ecs);
        waiter().waitUntilServicesStable(request -> request.services("svc"));
        assertThat(connected()).isTrue();
    }

    private boolean connected() {
        return ecs.describeContainerInstances(request -> request.containerInstances(agent.arn()))
                .containerInstances().getFirst().agentConnected();
    }

    @Test
    void anAgentThatComesAndGoesQuicklyIsKnownAsItIsLast() throws Exception {
        for (int i = 0; i < 30; i++) {
            agent.disconnect();
            agent.connect(ecs);
        }
        Await.until("it is connected", DEADLINE, this::connected);
        agent.connect(ecs); // a second connection ends the first
        create("plain", 1);
        waiter().waitUntilServicesStable(request -> request.services("svc"));
        assertThat(connected()).isTrue();
    }

    @Test
    void theManifestNamesWhatShouldRunAndOnlyTheRestMayStop() throws Exception {
        create("plain", 1);
        waiter().waitUntilServicesStable(request -> request.services("svc"));
        String mine = tasks().getFirst();
        agent.disconnect();
        agent.connect(ecs);
        Await.until("a manifest with the task", DEADLINE, () -> received(Message.TaskManifestMessage.class)
                .anyMatch(each -> each.tasks().stream().map(ManifestTask::taskArn).toList().equals(List.of(mine))));
        List<Long> order = Stream.concat(received(Message.TaskManifestMessage.class).map(each -> each.timeline()),
                received(Message.PayloadMessage.class).map(each -> each.seqNum())).toList();
        assertThat(order).doesNotHaveDuplicates();

        agent.askWhetherToStop(mine, World.ARN + "task/default/00000000000000000000000000000000");
        Message.TaskStopVerificationAck answer = Await.value("an answer", DEADLINE,
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
        agent.stopReporting();
        ecs.updateService(request -> request.service("svc").taskDefinition("web:1"));
        Await.until("the new tasks are placed", DEADLINE, () -> tasks().size() == 8);
        crash();
        assertThat(service().deployments()).hasSize(2);

        ecs.updateService(request -> request.service("svc").taskDefinition("plain"));
        agent.speak();
        agent.connect(ecs);
        waiter().waitUntilServicesStable(request -> request.services("svc"));
        assertThat(tasks()).hasSize(4).doesNotContainAnyElementsOf(old);
    }

    @Test
    void tasksThatRanThroughACrashRunOn() throws Exception {
        create("plain", 3);
        waiter().waitUntilServicesStable(request -> request.services("svc"));
        List<String> before = tasks();
        crash();
        agent.connect(ecs);
        assertThat(tasks()).isEqualTo(before);
        agent.exits(before.getFirst(), 1);
        Await.until("a replacement", DEADLINE, () -> !tasks().contains(before.getFirst()) && tasks().size() == 3);
        waiter().waitUntilServicesStable(request -> request.services("svc"));
        assertThat(tasks()).containsAll(before.subList(1, 3));
    }

    @Test
    void onlyRegisteredInstancesConnect() {
        for (SocketEndpoint endpoint : ecs.sockets()) {
            for (Map<String, String> query : List.of(Map.<String, String>of(),
                    Map.of("containerInstanceArn", "arn:x", "containerInstance", "arn:x"))) {
                assertThatThrownBy(() -> endpoint.open(new SocketEndpoint.Request(query, Call.current())))
                        .isInstanceOfSatisfying(SocketEndpoint.Refused.class, refused ->
                                assertThat(refused.status()).isEqualTo(400));
            }
        }
        ecs.deregisterContainerInstance(request -> request.containerInstance(agent.arn()).force(true));
        assertThatThrownBy(() -> agent.connect(ecs)).isInstanceOf(SocketEndpoint.Refused.class);
    }

    @Test
    void anInstanceThatIsDeregisteredIsLeftAlone() {
        ecs.deregisterContainerInstance(request -> request.containerInstance(agent.arn()).force(true));
        Await.until("its connection is closed", DEADLINE, () -> !agent.connected());
    }
}
