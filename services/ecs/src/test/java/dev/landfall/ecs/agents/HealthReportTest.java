package dev.landfall.ecs.agents;

import static org.assertj.core.api.Assertions.assertThat;

import dev.landfall.ecs.World;
import dev.landfall.protocol.Message.ContainerHealth;
import dev.landfall.protocol.Message.TaskHealth;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.services.ecs.model.Container;
import software.amazon.awssdk.services.ecs.model.ContainerDefinition;
import software.amazon.awssdk.services.ecs.model.HealthCheck;
import software.amazon.awssdk.services.ecs.model.HealthStatus;

class HealthReportTest {
    private final World world = new World();
    private String task;

    /** Two essential containers with a check, one without, and one with a check that is not essential. */
    @BeforeEach
    void aTask() {
        world.instance(1024);
        world.definition(request -> request.containerDefinitions(checked("a"), checked("b"), World.container("plain"),
                checked("extra").toBuilder().essential(false).build()));
        task = world.runTask(request -> { }).tasks().getFirst().taskArn();
        world.running(task);
    }

    private static ContainerDefinition checked(String name) {
        return World.container(name).toBuilder()
                .healthCheck(HealthCheck.builder().command("CMD", "true").build()).build();
    }

    @ParameterizedTest
    @CsvSource({
        "HEALTHY, HEALTHY, HEALTHY, HEALTHY",
        "HEALTHY, HEALTHY, UNHEALTHY, HEALTHY",
        "HEALTHY, UNKNOWN, HEALTHY, UNKNOWN",
        "HEALTHY, UNHEALTHY, HEALTHY, UNHEALTHY",
        "UNKNOWN, UNHEALTHY, HEALTHY, UNHEALTHY",
        "UNKNOWN, UNKNOWN, HEALTHY, UNKNOWN",
    })
    void aTaskIsAsHealthyAsItsEssentialContainers(String a, String b, String extra, HealthStatus expected) {
        report(health("a", a), health("b", b), health("extra", extra));

        assertThat(world.task(task).task().healthStatus()).isEqualTo(expected);
        assertThat(world.task(task).task().containers()).extracting(Container::healthStatusAsString)
                .containsExactly(a, b, "UNKNOWN", extra);
    }

    /** Found by the simulator, seed 580: telemetry may overtake the report that the task runs. */
    @Test
    void aTaskThatIsUnhealthyBeforeItIsKnownToRunIsPending() {
        world.createService(request -> request.desiredCount(1));
        world.reconcile("svc");
        task = world.live("svc").getFirst().arn();
        report(health("a", "UNHEALTHY"));

        assertThat(world.service("svc").pendingCount()).isEqualTo(1);
        assertThat(world.service("svc").runningCount()).isZero();

        world.running(task);
        assertThat(world.task(task).unhealthy()).isTrue();
        assertThat(world.service("svc").runningCount()).isEqualTo(1);
    }

    @Test
    void aReportThatSaysNothingNewIsNotWritten() {
        report(health("a", "HEALTHY"));
        var before = world.task(task);
        report(health("a", "HEALTHY"));

        assertThat(world.task(task)).isEqualTo(before);
    }

    @Test
    void whatMakesNoSenseIsLeftOut() {
        var before = world.task(task);
        report(health("a", "SPLENDID"), health("plain", "HEALTHY"), health("ghost", "UNHEALTHY"), null,
                health(null, null));
        world.apply(HealthReport.decide(world.image(), Arrays.asList(null,
                new TaskHealth(null, "", "", "", List.of()), new TaskHealth(task, "", "", "", null),
                new TaskHealth("arn:of:nothing", "", "", "", List.of(health("a", "UNHEALTHY"))))));

        assertThat(world.task(task)).isEqualTo(before);
    }

    @Test
    void aStoppedTaskKeepsTheHealthItHad() {
        world.exited(task, 0);
        var before = world.task(task);
        report(health("a", "UNHEALTHY"));

        assertThat(world.task(task)).isEqualTo(before);
    }

    private void report(ContainerHealth... containers) {
        world.apply(HealthReport.decide(world.image(),
                List.of(new TaskHealth(task, "", "", "", Arrays.asList(containers)))));
    }

    private static ContainerHealth health(String container, String status) {
        return new ContainerHealth(container, status, 0, null);
    }
}
