package dev.landfall.ecs.event;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.landfall.ecs.Ecs;
import dev.landfall.ecs.EcsTables;
import dev.landfall.ecs.Surroundings;
import dev.landfall.ecs.MemoryJournal;
import dev.landfall.ecs.World;
import dev.landfall.ecs.instance.AgentConnection;
import dev.landfall.state.Writer;
import dev.landfall.testkit.Await;
import dev.landfall.wire.Call;
import dev.landfall.wire.SdkForms;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.ecs.model.ContainerStateChange;
import software.amazon.awssdk.services.eventbridge.model.PutEventsRequestEntry;

/** The sender over a real writer: every change reaches EventBridge, whatever happens in between. */
class EventSenderTest {
    private static final Duration DEADLINE = Duration.ofSeconds(20);

    private MemoryJournal journal = new MemoryJournal();
    private RecordingBridge bridge = new RecordingBridge();
    private Writer writer;
    private Ecs ecs;

    @BeforeEach
    void start() {
        open();
        ecs.createCluster(request -> request.clusterName("default"));
        ecs.registerTaskDefinition(request -> request.family("web").containerDefinitions(World.container("app")));
        ecs.registerContainerInstance(World.instanceRequest(100_000, "default").build());
    }

    @AfterEach
    void close() {
        ecs.close();
        writer.close();
    }

    private void open() {
        writer = new Writer(journal, EcsTables.ALL, SdkForms.rows(), Clock.systemUTC(),
                () -> UUID.randomUUID().toString().replace("-", ""));
        ecs = new Ecs(writer, () -> URI.create("http://localhost:4566"), Surroundings.NONE.with(bridge));
    }

    /** The instance's agent is not connected in these tests: it takes tasks once it says that it is. */
    private String runTask() {
        String instance = ecs.listContainerInstances(request -> { }).containerInstanceArns().getFirst();
        writer.submit((image, context) -> AgentConnection.decide(image, instance, true, context));
        var response = ecs.runTask(request -> request.taskDefinition("web"));
        assertThat(response.failures()).isEmpty();
        return response.tasks().getFirst().taskArn();
    }

    /** Until it follows the commits, the sender goes by the marks, which tell the newest state only. */
    private void awaitFollowing() {
        Await.until("the start is told", DEADLINE, () -> !bridge.entries().isEmpty());
    }

    private void report(String task, String status) {
        ecs.submitTaskStateChange(request -> request.cluster("default").task(task).status(status));
    }

    private List<String> statuses(String task) {
        return bridge.entries().stream().filter(entry -> entry.resources().contains(task))
                .map(entry -> detail(entry).path("lastStatus").textValue() + "/"
                        + detail(entry).path("desiredStatus").textValue())
                .toList();
    }

    private static JsonNode detail(PutEventsRequestEntry entry) {
        try {
            return new ObjectMapper().readTree(entry.detail());
        } catch (JsonProcessingException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void everyStateIsToldOnceAndInOrder() {
        awaitFollowing();
        String task = runTask();
        report(task, "RUNNING");
        ecs.stopTask(request -> request.task(task));
        report(task, "STOPPED");
        Await.untilPasses("all is told", DEADLINE, () -> assertThat(statuses(task)).containsExactly(
                "PENDING/RUNNING", "RUNNING/RUNNING", "RUNNING/STOPPED", "STOPPED/STOPPED"));
        Await.until("nothing is marked any more", DEADLINE, () -> writer.image().size(EcsTables.UNSENT) == 0);
        assertThat(bridge.calls()).allSatisfy(call -> {
            assertThat(call.accountId()).isEqualTo(Call.DEFAULT_ACCOUNT);
            assertThat(call.region()).isEqualTo(Call.DEFAULT_REGION);
        });
        assertThat(bridge.entries()).allSatisfy(entry -> {
            assertThat(entry.source()).isEqualTo("aws.ecs");
            assertThat(entry.resources()).hasSize(1);
            assertThat(entry.time()).isNotNull();
        });
    }

    @Test
    void whatWasNotToldBeforeACrashIsToldAfterIt() {
        String stopped = runTask();
        String running = runTask();
        Await.until("both tasks are told of", DEADLINE, () -> !statuses(running).isEmpty());
        Await.until("nothing is marked any more", DEADLINE, () -> writer.image().size(EcsTables.UNSENT) == 0);
        bridge.leave();
        report(stopped, "RUNNING");
        report(stopped, "STOPPED");
        report(running, "RUNNING");
        ecs.createService(request -> request.serviceName("svc").taskDefinition("web").desiredCount(0));

        journal = journal.afterCrash();
        ecs.close();
        writer.close();
        bridge = new RecordingBridge();
        open();
        Await.untilPasses("the newest states are told", DEADLINE, () -> {
            assertThat(statuses(stopped)).containsExactly("STOPPED/STOPPED");
            assertThat(statuses(running)).containsExactly("RUNNING/RUNNING");
            assertThat(bridge.entries()).anySatisfy(entry -> {
                assertThat(entry.detailType()).isEqualTo("ECS Deployment State Change");
                assertThat(detail(entry).path("eventName").textValue()).isEqualTo("SERVICE_DEPLOYMENT_IN_PROGRESS");
            });
        });
        Await.until("nothing is marked any more", DEADLINE, () -> writer.image().size(EcsTables.UNSENT) == 0);
    }

    @Test
    void whileEventBridgeIsAwayNothingIsLost() {
        awaitFollowing();
        bridge.leave();
        String task = runTask();
        report(task, "RUNNING");
        bridge.comeBack();
        Await.untilPasses("both states are told", DEADLINE, () ->
                assertThat(statuses(task)).containsExactly("PENDING/RUNNING", "RUNNING/RUNNING"));
    }

    @Test
    void aBacklogEndsWithTheNewestStates() {
        bridge.leave();
        String task = runTask();
        for (int i = 0; i < 300; i++) { // more commits than the sender lets wait
            String digest = "sha256:" + i;
            ecs.submitTaskStateChange(request -> request.cluster("default").task(task)
                    .containers(ContainerStateChange.builder().containerName("app").imageDigest(digest).build()));
        }
        report(task, "RUNNING");
        report(task, "STOPPED");
        bridge.comeBack();
        Await.untilPasses("the last state is told", DEADLINE, () ->
                assertThat(statuses(task)).isNotEmpty().last().isEqualTo("STOPPED/STOPPED"));
        Await.until("nothing is marked any more", DEADLINE, () -> writer.image().size(EcsTables.UNSENT) == 0);
        var versions = bridge.entries().stream().filter(entry -> entry.resources().contains(task))
                .map(entry -> detail(entry).path("version").intValue()).toList();
        assertThat(versions).isSorted().hasSizeLessThan(303);
    }

    @Test
    void aRefusedEntryIsToldBeforeWhatFollowsIt() {
        awaitFollowing();
        bridge.refuseOnce(entry -> entry.detailType().equals(EcsEvent.TASK));
        String task = runTask();
        report(task, "RUNNING");
        Await.untilPasses("both states are told", DEADLINE, () -> assertThat(statuses(task))
                .startsWith("PENDING/RUNNING").endsWith("RUNNING/RUNNING"));
    }

    @Test
    void withoutAnyoneToTellNothingIsMarked() {
        ecs.close();
        writer.close();
        writer = new Writer(new MemoryJournal(), EcsTables.ALL, SdkForms.rows(), Clock.systemUTC(),
                () -> UUID.randomUUID().toString().replace("-", ""));
        ecs = new Ecs(writer, () -> URI.create("http://localhost:4566"));
        ecs.createCluster(request -> request.clusterName("default"));
        ecs.registerTaskDefinition(request -> request.family("web").containerDefinitions(World.container("app")));
        ecs.registerContainerInstance(World.instanceRequest(100_000, "default").build());
        runTask();
        assertThat(writer.image().size(EcsTables.UNSENT)).isZero();
    }
}
