package dev.landfall.ecs.service;

import static org.assertj.core.api.Assertions.assertThat;

import dev.landfall.ecs.World;
import dev.landfall.ecs.task.TaskRow;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.ecs.model.DeploymentRolloutState;
import software.amazon.awssdk.services.ecs.model.HealthStatus;

/** What services say of themselves, and how they take their tasks' health. */
class ServiceEventsTest {
    private final World world = new World();

    @BeforeEach
    void definitions() {
        world.instance(100_000);
        world.definition("web");
        world.definition(request -> request.family("checked").containerDefinitions(World.container("app").toBuilder()
                .healthCheck(check -> check.command("CMD", "true")).build()));
    }

    /** A service whose tasks run and pass their health checks. */
    private void healthy(int graceSeconds) {
        world.createService(request -> request.taskDefinition("checked").desiredCount(2)
                .healthCheckGracePeriodSeconds(graceSeconds));
        world.settle("svc");
        world.live("svc").forEach(task -> world.health(task.arn(), HealthStatus.HEALTHY));
        world.settle("svc");
    }

    @Test
    void theSteadyStateIsSaidAgainEverySixHours() {
        world.createService(request -> request.taskDefinition("web:1"));
        world.settle("svc");
        assertThat(world.events("svc").getFirst()).isEqualTo("has reached a steady state.");
        int before = world.events("svc").size();
        world.pass(Duration.ofHours(6).minusSeconds(1));
        world.reconcile("svc");
        assertThat(world.events("svc")).hasSize(before);
        world.pass(Duration.ofSeconds(1));
        world.reconcile("svc");
        assertThat(world.events("svc")).hasSize(before + 1).startsWith("has reached a steady state.");
        world.reconcile("svc");
        assertThat(world.events("svc")).hasSize(before + 1);
    }

    @Test
    void anUnhealthyTaskIsReplacedBeforeItIsStopped() {
        healthy(0);
        String sick = world.live("svc").getFirst().arn();
        world.health(sick, HealthStatus.UNHEALTHY);
        world.reconcile("svc");
        assertThat(world.live("svc")).hasSize(3).extracting(TaskRow::arn).contains(sick);
        assertThat(world.events("svc").getFirst()).matches("has started 1 tasks: \\(task [0-9a-f]{32}\\)\\."
                + " Amazon ECS replaced 1 tasks due to an unhealthy status\\.");

        world.live("svc").forEach(task -> {
            if (!task.running()) {
                world.running(task.arn());
                world.health(task.arn(), HealthStatus.HEALTHY);
            }
        });
        world.reconcile("svc");
        assertThat(world.live("svc")).hasSize(2).extracting(TaskRow::arn).doesNotContain(sick);
        String id = sick.substring(sick.lastIndexOf('/') + 1);
        assertThat(world.events("svc")).containsSubsequence("has stopped 1 running tasks: (task " + id + ").",
                "(task " + id + ") failed container health checks.");
        assertThat(world.task(sick).task().stoppedReason()).isEqualTo("Task failed container health checks");
    }

    @Test
    void withinTheGracePeriodHealthChecksDoNotCount() {
        healthy(60);
        String sick = world.live("svc").getFirst().arn();
        world.pass(Duration.ofSeconds(20));
        world.health(sick, HealthStatus.UNHEALTHY);
        assertThat(world.reconcile("svc")).hasValue(Duration.ofSeconds(40));
        assertThat(world.live("svc")).hasSize(2);
        assertThat(world.task(sick).task().healthStatus()).isEqualTo(HealthStatus.UNHEALTHY);
        world.pass(Duration.ofSeconds(40));
        world.reconcile("svc");
        assertThat(world.live("svc")).as("its time is up").hasSize(3);
    }

    @Test
    void aTaskThatRecoversWithinItsGracePeriodIsLeftAlone() {
        healthy(60);
        List<String> before = world.live("svc").stream().map(TaskRow::arn).toList();
        world.pass(Duration.ofSeconds(20));
        world.health(before.getFirst(), HealthStatus.UNHEALTHY);
        world.reconcile("svc");
        world.health(before.getFirst(), HealthStatus.HEALTHY);
        world.pass(Duration.ofHours(1));
        world.settle("svc");
        assertThat(world.live("svc")).extracting(TaskRow::arn).containsExactlyElementsOf(before);
    }

    @Test
    void anExcessTaskInItsGracePeriodIsStoppedAsItIs() {
        healthy(60);
        world.live("svc").forEach(task -> world.health(task.arn(), HealthStatus.UNHEALTHY));
        world.updateService(request -> request.desiredCount(0));
        world.reconcile("svc");
        assertThat(world.live("svc")).isEmpty();
        world.settle("svc");
        assertThat(world.service("svc").deployments().getFirst().rolloutState())
                .isEqualTo(DeploymentRolloutState.COMPLETED);
    }

    @Test
    void aFamilyWithoutARevisionIsItsNewest() {
        world.createService(request -> request.taskDefinition("web:1"));
        world.definition("web");
        assertThat(world.updateService(request -> request.taskDefinition("web")).taskDefinition()).endsWith("/web:2");
    }

    @Test
    void whatDoesNotTouchTheTasksBeginsNoDeployment() {
        world.createService(request -> request.taskDefinition("web:1"));
        String id = world.settle("svc").deployments().getFirst().id();
        world.updateService(request -> request.taskDefinition("web:1").desiredCount(3).propagateTags("SERVICE")
                .enableECSManagedTags(true).enableExecuteCommand(true).healthCheckGracePeriodSeconds(5)
                .placementStrategy(List.of()).placementConstraints(List.of()).availabilityZoneRebalancing("DISABLED")
                .deploymentConfiguration(each -> each.maximumPercent(150)));
        assertThat(world.settle("svc").deployments()).singleElement()
                .satisfies(deployment -> assertThat(deployment.id()).isEqualTo(id));
    }
}
