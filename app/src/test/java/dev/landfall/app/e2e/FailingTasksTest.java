package dev.landfall.app.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.ecs.model.DesiredStatus;
import software.amazon.awssdk.services.ecs.model.LaunchType;
import software.amazon.awssdk.services.ecs.model.ServiceEvent;
import software.amazon.awssdk.services.ecs.model.Task;
import software.amazon.awssdk.services.ecs.model.TaskStopCode;

/** Containers die and images are missing; services make up for the one and say the other. */
class FailingTasksTest {
    private static final String CLUSTER = "failing";

    @BeforeAll
    static void image() {
        WebImage.ensure();
    }

    @Test
    void servicesReplaceWhatDiesAndSayWhatIsMissing() {
        try (var up = Landfall.up("failing")) {
            up.ecs().createCluster(r -> r.clusterName(CLUSTER));
            var services = new Services(up.ecs(), CLUSTER);
            up.ecs().registerTaskDefinition(Documents.taskDefinition("web-app.json"));
            up.ecs().registerTaskDefinition(Documents.taskDefinition("web-app.json", WebImage.MISSING).toBuilder()
                    .family("missing").build());
            up.ecs().createService(r -> r.cluster(CLUSTER).serviceName("missing").taskDefinition("missing")
                    .desiredCount(2).launchType(LaunchType.FARGATE));
            up.ecs().createService(r -> r.cluster(CLUSTER).serviceName("web").taskDefinition("web-app")
                    .desiredCount(2).launchType(LaunchType.FARGATE));
            up.await("the web service runs", () -> services.assertSteady("web"));
            killedContainerIsReplaced(up, services);
            missingImageIsTold(up, services);
        }
    }

    private static void killedContainerIsReplaced(Landfall up, Services services) {
        Map<String, String> before = services.runtimeIds();
        String victim = before.keySet().iterator().next();
        String task = before.get(victim);
        up.footprint().kill(victim);

        up.await("another task runs in its place", () -> {
            assertThat(services.arns()).doesNotContain(task);
            services.assertSteady("web");
            services.assertSameAs(up.footprint());
        });
        Task dead = services.task(task);
        assertThat(dead.lastStatus()).isEqualTo("STOPPED");
        assertThat(dead.stopCode()).isEqualTo(TaskStopCode.ESSENTIAL_CONTAINER_EXITED);
        assertThat(dead.stoppedReason()).isEqualTo("Essential container in task exited");
        assertThat(dead.containers().getFirst().exitCode()).isEqualTo(137);
        assertThat(services.runtimeIds()).containsKey(before.keySet().stream()
                .filter(id -> !id.equals(victim)).findFirst().orElseThrow());
    }

    private static void missingImageIsTold(Landfall up, Services services) {
        up.await("the service says why it cannot start tasks", () ->
                assertThat(services.service("missing").events()).extracting(ServiceEvent::message).anySatisfy(message ->
                        assertThat(message).startsWith("(service missing) was unable to place a task. Reason: "
                                + "CannotPullContainerError: ").contains("connection refused")));
        up.await("it is slow to try again", () ->
                assertThat(services.service("missing").events()).extracting(ServiceEvent::message).anySatisfy(message ->
                        assertThat(message).contains("is unable to consistently start tasks successfully")));
        List<Task> failed = services.tasks(DesiredStatus.STOPPED).stream()
                .filter(task -> task.group().equals("service:missing")).toList();
        assertThat(failed).isNotEmpty().allSatisfy(task -> {
            assertThat(task.stopCode()).isEqualTo(TaskStopCode.TASK_FAILED_TO_START);
            assertThat(task.stoppedReason()).startsWith("CannotPullContainerError: ");
            assertThat(task.startedAt()).isNull();
            assertThat(task.containers().getFirst().exitCode()).isNull();
            assertThat(task.containers().getFirst().reason()).startsWith("CannotPullContainerError: ");
        });
        // Four rounds of two, the last of which began at once; more would be spinning.
        assertThat(failed.size()).isLessThanOrEqualTo(10);
        var service = services.service("missing");
        assertThat(service.runningCount()).isZero();
        assertThat(service.deployments().getFirst().failedTasks()).isGreaterThanOrEqualTo(4);
    }
}
