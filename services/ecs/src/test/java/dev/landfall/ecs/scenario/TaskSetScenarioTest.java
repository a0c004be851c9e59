package dev.landfall.ecs.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.landfall.ecs.Ecs;
import dev.landfall.ecs.EcsTables;
import dev.landfall.ecs.MemoryJournal;
import dev.landfall.ecs.World;
import dev.landfall.state.Writer;
import dev.landfall.testkit.Await;
import dev.landfall.wire.SdkForms;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.ecs.model.DeploymentControllerType;
import software.amazon.awssdk.services.ecs.model.Service;
import software.amazon.awssdk.services.ecs.model.StabilityStatus;
import software.amazon.awssdk.services.ecs.model.TaskSet;

/** Somebody's own deployment controller: blue and green task sets on a running service, through kills and crashes. */
@SuppressWarnings("unchecked") // the SDK takes several consumers as a generic array
class TaskSetScenarioTest {
    private static final Duration DEADLINE = Duration.ofSeconds(20);

    private MemoryJournal journal = new MemoryJournal();
    private Writer writer;
    private Ecs ecs;
    private FakeAgent agent;

    @BeforeEach
    void start() throws Exception {
        open();
        ecs.createCluster(request -> request.clusterName("default"));
        ecs.registerTaskDefinition(request -> request.family("web").containerDefinitions(World.container("app")));
        ecs.registerTaskDefinition(request -> request.family("web").containerDefinitions(World.container("app")));
        agent = new FakeAgent(ecs, 10_000);
        agent.connect(ecs);
        ecs.createService(request -> request.serviceName("svc").desiredCount(4)
                .deploymentController(each -> each.type(DeploymentControllerType.EXTERNAL)));
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
    private void crash() throws Exception {
        journal = journal.afterCrash();
        ecs.close();
        writer.close();
        open();
        agent.connect(ecs);
    }

    private Service service() {
        return ecs.describeServices(request -> request.services("svc")).services().getFirst();
    }

    private String create(String definition, double scale) {
        return ecs.createTaskSet(request -> request.cluster("default").service("svc").taskDefinition(definition)
                .scale(each -> each.value(scale))).taskSet().id();
    }

    private void scale(String id, double scale) {
        ecs.updateTaskSet(request -> request.cluster("default").service("svc").taskSet(id)
                .scale(each -> each.value(scale)));
    }

    private void primary(String id) {
        ecs.updateServicePrimaryTaskSet(request -> request.cluster("default").service("svc").primaryTaskSet(id));
    }

    private void delete(String id) {
        ecs.deleteTaskSet(request -> request.cluster("default").service("svc").taskSet(id).force(true));
    }

    private TaskSet awaitSteady(String id, int tasks) {
        return Await.value(id + " is steady with " + tasks, DEADLINE, () -> ecs.describeTaskSets(request -> request
                .cluster("default").service("svc").taskSets(id)).taskSets().getFirst(),
                set -> set.stabilityStatus() == StabilityStatus.STEADY_STATE && set.runningCount() == tasks);
    }

    private List<String> tasks(String id) {
        return ecs.listTasks(request -> request.startedBy(id)).taskArns();
    }

    @Test
    void blueGivesWayToGreen() {
        String blue = create("web:1", 100);
        primary(blue);
        awaitSteady(blue, 4);
        List<String> blues = tasks(blue);
        assertThat(blues).hasSize(4);

        String green = create("web:2", 25);
        awaitSteady(green, 1);
        scale(green, 100);
        awaitSteady(green, 4);
        assertThat(tasks(blue)).isEqualTo(blues);
        primary(green);
        delete(blue);
        Await.until("blue is gone", DEADLINE, () -> service().taskSets().size() == 1);

        Service service = service();
        assertThat(service.runningCount()).isEqualTo(4);
        assertThat(service.deployments()).isEmpty();
        assertThat(service.taskDefinition()).endsWith("web:2");
        assertThat(ecs.describeTasks(request -> request.tasks(blues)).tasks())
                .allMatch(task -> task.lastStatus().equals("STOPPED"));
    }

    @Test
    void killedTasksAreReplacedInTheirSet() {
        String blue = create("web:1", 50);
        String green = create("web:2", 50);
        awaitSteady(blue, 2);
        awaitSteady(green, 2);
        List<String> greens = tasks(green);
        String killed = tasks(blue).getFirst();
        agent.exits(killed, 137);

        Await.until("a replacement", DEADLINE, () -> tasks(blue).size() == 2 && !tasks(blue).contains(killed));
        awaitSteady(blue, 2);
        assertThat(tasks(green)).isEqualTo(greens);
    }

    @Test
    void aDeploymentGoesOnAfterACrash() throws Exception {
        String blue = create("web:1", 100);
        primary(blue);
        awaitSteady(blue, 4);
        List<String> blues = tasks(blue);
        agent.stopReporting();
        String green = create("web:2", 100);
        Await.until("green is placed", DEADLINE, () -> tasks(green).size() == 4);
        crash();
        assertThat(tasks(blue)).isEqualTo(blues);

        agent.disconnect();
        agent.speak();
        agent.connect(ecs);
        awaitSteady(green, 4);
        primary(green);
        delete(blue);
        crash();
        Await.until("blue is gone", DEADLINE, () -> service().taskSets().size() == 1);
        assertThat(service().taskSets().getFirst().id()).isEqualTo(green);
        ecs.deleteService(request -> request.service("svc").force(true));
        Await.until("the service is gone", DEADLINE, () -> service().status().equals("INACTIVE"));
        assertThat(tasks(green)).isEmpty();
    }
}
