package dev.landfall.ecs.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.landfall.ecs.World;
import dev.landfall.testkit.Await;
import java.util.List;
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
    private LiveEcs live;

    @BeforeEach
    void start() throws Exception {
        live = new LiveEcs();
        live.ecs().registerTaskDefinition(request ->
                request.family("web").containerDefinitions(World.container("app")));
        live.ecs().registerTaskDefinition(request ->
                request.family("web").containerDefinitions(World.container("app")));
        live.ecs().createService(request -> request.serviceName("svc").desiredCount(4)
                .deploymentController(each -> each.type(DeploymentControllerType.EXTERNAL)));
    }

    @AfterEach
    void close() {
        live.close();
    }

    private void crash() throws Exception {
        live.crash();
        live.agent().connect(live.ecs());
    }

    private String create(String definition, double scale) {
        return live.ecs().createTaskSet(request -> request.cluster("default").service("svc").taskDefinition(definition)
                .scale(each -> each.value(scale))).taskSet().id();
    }

    private void scale(String id, double scale) {
        live.ecs().updateTaskSet(request -> request.cluster("default").service("svc").taskSet(id)
                .scale(each -> each.value(scale)));
    }

    private void primary(String id) {
        live.ecs().updateServicePrimaryTaskSet(request -> request.cluster("default").service("svc").primaryTaskSet(id));
    }

    private void delete(String id) {
        live.ecs().deleteTaskSet(request -> request.cluster("default").service("svc").taskSet(id).force(true));
    }

    private TaskSet awaitSteady(String id, int tasks) {
        return Await.value(id + " is steady with " + tasks, LiveEcs.DEADLINE, () ->
                live.ecs().describeTaskSets(request -> request.cluster("default").service("svc").taskSets(id))
                        .taskSets().getFirst(),
                set -> set.stabilityStatus() == StabilityStatus.STEADY_STATE && set.runningCount() == tasks);
    }

    private List<String> tasks(String id) {
        return live.ecs().listTasks(request -> request.startedBy(id)).taskArns();
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
        Await.until("blue is gone", LiveEcs.DEADLINE, () -> live.service().taskSets().size() == 1);

        Service service = live.service();
        assertThat(service.runningCount()).isEqualTo(4);
        assertThat(service.deployments()).isEmpty();
        assertThat(service.taskDefinition()).endsWith("web:2");
        assertThat(live.ecs().describeTasks(request -> request.tasks(blues)).tasks())
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
        live.agent().exits(killed, 137);

        Await.until("a replacement", LiveEcs.DEADLINE, () -> tasks(blue).size() == 2 && !tasks(blue).contains(killed));
        awaitSteady(blue, 2);
        assertThat(tasks(green)).isEqualTo(greens);
    }

    @Test
    void aDeploymentGoesOnAfterACrash() throws Exception {
        String blue = create("web:1", 100);
        primary(blue);
        awaitSteady(blue, 4);
        List<String> blues = tasks(blue);
        live.agent().stopReporting();
        String green = create("web:2", 100);
        Await.until("green is placed", LiveEcs.DEADLINE, () -> tasks(green).size() == 4);
        crash();
        assertThat(tasks(blue)).isEqualTo(blues);

        live.agent().disconnect();
        live.agent().speak();
        live.agent().connect(live.ecs());
        awaitSteady(green, 4);
        primary(green);
        delete(blue);
        crash();
        Await.until("blue is gone", LiveEcs.DEADLINE, () -> live.service().taskSets().size() == 1);
        assertThat(live.service().taskSets().getFirst().id()).isEqualTo(green);
        live.ecs().deleteService(request -> request.service("svc").force(true));
        Await.until("the service is gone", LiveEcs.DEADLINE, () -> live.service().status().equals("INACTIVE"));
        assertThat(tasks(green)).isEmpty();
    }
}
