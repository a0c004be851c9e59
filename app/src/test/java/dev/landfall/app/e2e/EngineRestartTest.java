package dev.landfall.app.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.ecs.model.DesiredStatus;
import software.amazon.awssdk.services.ecs.model.LaunchType;
import software.amazon.awssdk.services.ecs.model.TaskStopCode;

/** Docker Engine itself stops, and every container with it; services are whole again when it is back. */
@Tag("engine-restart")
class EngineRestartTest {
    private static final String CLUSTER = "engine";

    @Test
    void servicesOutliveTheEngine() {
        assumeTrue(OwnEngine.possible(), "starting an engine takes root, dockerd, docker and ip");
        WebImage.ensure();
        try (var engine = OwnEngine.started()) {
            engine.load(WebImage.NAME);
            try (var up = Landfall.up("engine-restart", Map.of("DOCKER_HOST", engine.host()))) {
                var services = new Services(up.ecs(), CLUSTER);
                engine.leaves("lf-" + up.footprint().agentId());
                up.ecs().createCluster(r -> r.clusterName(CLUSTER));
                up.ecs().registerTaskDefinition(Documents.taskDefinition("web-app.json"));
                up.ecs().createService(r -> r.cluster(CLUSTER).serviceName("web").taskDefinition("web-app")
                        .desiredCount(2).launchType(LaunchType.FARGATE));
                up.await("two tasks run", () -> services.assertSteady("web"));
                services.assertSameAs(up.footprint());

                engine.stop();
                engine.start();
                assertWholeAgain(up, services);

            }
        }
    }

    /** None of the tasks before runs any more, and two others do. */
    private static void assertWholeAgain(Landfall up, Services services) {
        up.await("other tasks run", () -> {
            services.assertSteady("web");
            services.assertSameAs(up.footprint());
            assertThat(services.running()).allSatisfy(task ->
                    assertThat(Services.get(Services.address(task), 80)).isEqualTo(WebImage.PAGE));
        });
        assertThat(services.tasks(DesiredStatus.STOPPED)).hasSizeGreaterThanOrEqualTo(2).allSatisfy(task -> {
            assertThat(task.lastStatus()).isEqualTo("STOPPED");
            assertThat(task.stopCode())
                    .isIn(TaskStopCode.ESSENTIAL_CONTAINER_EXITED, TaskStopCode.TASK_FAILED_TO_START);
        });
    }
}
