package dev.landfall.app.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.dockerjava.api.model.Container;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.ecs.model.DesiredStatus;
import software.amazon.awssdk.services.ecs.model.LaunchType;
import software.amazon.awssdk.services.ecs.model.Task;

/** The whole of Landfall dies in the middle of its work, and comes back on the same data. */
class RecoveryTest {
    private static final String CLUSTER = "recovery";

    @BeforeAll
    static void image() {
        WebImage.ensure();
    }

    @Test
    void aRolloutGoesOnAfterKillNine() {
        try (var up = Landfall.up("recovery")) {
            var services = new Services(up.ecs(), CLUSTER);
            up.ecs().createCluster(r -> r.clusterName(CLUSTER));
            up.ecs().registerTaskDefinition(Documents.taskDefinition("web-app.json"));
            up.ecs().registerTaskDefinition(Documents.taskDefinition("web-app.json"));
            up.ecs().createService(r -> r.cluster(CLUSTER).serviceName("other").taskDefinition("web-app:1")
                    .desiredCount(2).launchType(LaunchType.FARGATE));
            up.ecs().createService(r -> r.cluster(CLUSTER).serviceName("rolling").taskDefinition("web-app:1")
                    .desiredCount(3).launchType(LaunchType.FARGATE)
                    .deploymentConfiguration(d -> d.minimumHealthyPercent(60).maximumPercent(130)));
            up.await("both services run", () -> {
                services.assertSteadyAtOnce("other");
                services.assertSteadyAtOnce("rolling");
            });
            Map<String, String> untouched = of(services, "service:other");
            assertThat(untouched).hasSize(2);

            up.ecs().updateService(r -> r.cluster(CLUSTER).service("rolling").taskDefinition("web-app:2"));
            up.await("the first new task is on its way", () -> assertThat(tasksOf(services, ":2")).isNotEmpty());
            up.kill();
            assertThat(up.footprint().running().keySet()).containsAll(untouched.keySet());
            up.start();

            up.await("the rollout is over", () -> services.assertSteadyAtOnce("rolling"));
            up.await("the engine and the API agree", () -> services.assertSameAs(up.footprint()));
            assertThat(of(services, "service:other")).isEqualTo(untouched);
            services.assertSteadyAtOnce("other");
            assertThat(services.running()).allSatisfy(task ->
                    assertThat(Services.get(Services.address(task), 80)).isEqualTo(WebImage.PAGE));
            assertNothingLeaked(up);
        }
    }

    /** No pause container runs but those that a running container is in, and the warm ones. */
    private static void assertNothingLeaked(Landfall up) {
        int warm = 2;
        up.await("every pause container has its use", () -> {
            List<Container> running = up.footprint().containers().stream()
                    .filter(container -> container.getState().equals("running")).toList();
            List<String> joined = running.stream()
                    .map(container -> container.getHostConfig().getNetworkMode())
                    .filter(mode -> mode.startsWith("container:"))
                    .map(mode -> mode.substring("container:".length())).toList();
            assertThat(running).filteredOn(container -> container.getImage().startsWith("landfall/pause"))
                    .filteredOn(container -> !joined.contains(container.getId()))
                    .hasSizeLessThanOrEqualTo(warm);
        });
    }

    private static List<Task> tasksOf(Services services, String revision) {
        return services.tasks(DesiredStatus.RUNNING).stream()
                .filter(task -> task.taskDefinitionArn().endsWith(revision)).toList();
    }

    private static Map<String, String> of(Services services, String group) {
        var ids = new TreeMap<>(services.runtimeIds());
        var arns = services.running().stream().filter(task -> task.group().equals(group)).map(Task::taskArn).toList();
        ids.values().retainAll(arns);
        return ids;
    }
}
