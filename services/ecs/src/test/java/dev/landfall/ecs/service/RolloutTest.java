package dev.landfall.ecs.service;

import static org.assertj.core.api.Assertions.assertThat;

import dev.landfall.ecs.EcsTables;
import dev.landfall.ecs.World;
import dev.landfall.ecs.task.TaskRow;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.ecs.model.DeploymentRolloutState;
import software.amazon.awssdk.services.ecs.model.PropagateTags;
import software.amazon.awssdk.services.ecs.model.Service;
import software.amazon.awssdk.services.ecs.model.Tag;
import software.amazon.awssdk.services.ecs.model.Task;
import software.amazon.awssdk.services.ecs.model.TaskStopCode;

/** What the scheduler makes of services over time, with agents that obey, fail, or are silent. */
@SuppressWarnings("unchecked") // the SDK takes several consumers as a generic array
class RolloutTest {
    private World world = new World();

    @BeforeEach
    void definitions() {
        world.definition("web");
        world.definition("web");
    }

    @Test
    void aServiceComesToSteadyStateAndSaysSoOnce() {
        world.instance(1024);
        world.createService(request -> request.taskDefinition("web:1").tags(tag -> tag.key("k").value("v"))
                .propagateTags(PropagateTags.SERVICE).enableECSManagedTags(true));
        world.reconcile("svc");
        Task task = world.live("svc").getFirst().task();
        assertThat(task.group()).isEqualTo("service:svc");
        assertThat(task.startedBy()).isEqualTo(world.service("svc").deployments().getFirst().id());
        assertThat(task.tags()).extracting(Tag::key).containsExactly("k", "aws:ecs:clusterName", "aws:ecs:serviceName");

        Service service = world.settle("svc");
        assertThat(service.runningCount()).isEqualTo(2);
        assertThat(service.pendingCount()).isZero();
        assertThat(service.deployments().getFirst().rolloutState()).isEqualTo(DeploymentRolloutState.COMPLETED);
        assertThat(service.deployments().getFirst().runningCount()).isEqualTo(2);
        List<String> events = world.events("svc");
        assertThat(events).hasSize(3);
        assertThat(events.get(0)).isEqualTo("has reached a steady state.");
        assertThat(events.get(1)).matches("\\(deployment ecs-svc/[0-9]{19}\\) deployment completed.");
        assertThat(events.get(2)).matches("has started 2 tasks: \\(task [0-9a-f]{32}\\) \\(task [0-9a-f]{32}\\).");
        assertThat(world.service("svc").events()).allMatch(event -> event.message().startsWith("(service svc) "));
    }

    @Test
    void aTaskThatEndedIsReplacedAtOnce() {
        world.instance(1024);
        world.createService(request -> request.taskDefinition("web:1"));
        world.settle("svc");
        world.pass(Duration.ofMinutes(1));
        String ended = world.live("svc").getFirst().arn();
        world.exited(ended, 1);

        assertThat(world.reconcile("svc")).isEmpty();
        assertThat(world.live("svc")).hasSize(2).noneMatch(task -> task.arn().equals(ended));
        assertThat(world.settle("svc").runningCount()).isEqualTo(2);
        assertThat(world.events("svc").getFirst()).isEqualTo("has reached a steady state.");
    }

    @Test
    void aRolloutKeepsWithinItsBoundsAndLeavesOneDeployment() {
        world.instance(100_000);
        world.createService(request -> request.taskDefinition("web:1").desiredCount(4)
                .deploymentConfiguration(each -> each.minimumHealthyPercent(50).maximumPercent(150)));
        world.settle("svc");
        Service updated = world.updateService(request -> request.taskDefinition("web:2"));
        world.reconcile("svc");

        assertThat(world.live("svc")).hasSize(6); // 4 new ones beside 2 of 4 old ones
        assertThat(world.live("svc")).filteredOn(task -> task.deploymentId().equals(
                updated.deployments().getFirst().id())).hasSize(4);
        Service service = world.settle("svc");
        assertThat(service.deployments()).singleElement().satisfies(deployment -> {
            assertThat(deployment.taskDefinition()).endsWith("web:2");
            assertThat(deployment.rolloutState()).isEqualTo(DeploymentRolloutState.COMPLETED);
        });
        assertThat(world.live("svc")).hasSize(4).allMatch(task -> task.task().taskDefinitionArn().endsWith("web:2"));
        assertThat(world.image().all(EcsTables.TASKS)).filteredOn(TaskRow::stopped).hasSize(4).allSatisfy(row -> {
            assertThat(row.task().stopCode()).isEqualTo(TaskStopCode.SERVICE_SCHEDULER_INITIATED);
            assertThat(row.task().stoppedReason()).isEqualTo(
                    "Scaling activity initiated by (deployment " + updated.deployments().getFirst().id() + ")");
        });
        assertThat(world.events("svc")).anyMatch(event -> event.matches("has stopped [0-9] running tasks: \\(task .*"));
    }

    @Test
    void aRolloutOnARolloutEndsWithTheNewest() {
        world.instance(100_000);
        world.createService(request -> request.taskDefinition("web:1").desiredCount(3));
        world.settle("svc");
        world.updateService(request -> request.taskDefinition("web:2"));
        world.reconcile("svc");
        world.updateService(request -> request.taskDefinition("web:1"));
        world.reconcile("svc");
        world.updateService(request -> request.desiredCount(5));
        assertThat(world.service("svc").deployments()).hasSize(3);

        Service service = world.settle("svc");
        assertThat(service.deployments()).hasSize(1);
        assertThat(world.live("svc")).hasSize(5).allMatch(task -> task.task().taskDefinitionArn().endsWith("web:1"));
    }

    @Test
    void aServiceIsScaledDownToNothingAndUpAgain() {
        world.instance(100_000);
        world.createService(request -> request.taskDefinition("web:1").desiredCount(3));
        world.settle("svc");
        world.updateService(request -> request.desiredCount(0));
        assertThat(world.settle("svc").runningCount()).isZero();
        world.updateService(request -> request.desiredCount(2));
        assertThat(world.settle("svc").runningCount()).isEqualTo(2);
    }

    @Test
    void whatCannotBePlacedIsSaidOnceAndTriedAgain() {
        assertThat(unplaced()).isEqualTo("was unable to place a task because no container instance met all of its"
                + " requirements. Reason: No Container Instances were found in your cluster. For more information, see"
                + " the Troubleshooting section of the Amazon ECS Developer Guide.");
        String instance = world.instance(70);
        world.reconcile("svc");
        world.reconcile("svc");
        assertThat(world.live("svc")).hasSize(1);
        assertThat(world.events("svc")).filteredOn(event -> event.contains("requirements. The closest matching"
                + " (container-instance " + instance.substring(instance.lastIndexOf('/') + 1)
                + ") has insufficient memory available.")).hasSize(1);
        world.instance(70);
        assertThat(world.settle("svc").runningCount()).isEqualTo(2);
    }

    @Test
    void whatHoldsForLongIsSaidAgainAfterSixHours() {
        unplaced();
        world.pass(Duration.ofHours(5));
        world.reconcile("svc");
        assertThat(world.events("svc")).hasSize(1);
        world.pass(Duration.ofHours(1));
        world.reconcile("svc");
        assertThat(world.events("svc")).hasSize(2);
    }

    private String unplaced() {
        world.createService(request -> request.taskDefinition("web:1"));
        assertThat(world.reconcile("svc")).isPresent();
        world.pass(Duration.ofSeconds(15));
        assertThat(world.reconcile("svc")).isPresent();
        assertThat(world.events("svc")).hasSize(1);
        return world.events("svc").getFirst();
    }

    @Test
    void tasksThatNeverStartAreStartedEverMoreSlowly() {
        world.instance(100_000);
        world.createService(request -> request.taskDefinition("web:1").desiredCount(1));
        Duration waited = Duration.ZERO;
        int started = 0;
        for (int i = 0; i < 40; i++) {
            var again = world.reconcile("svc");
            if (again.isPresent()) {
                waited = again.get();
                world.pass(waited);
                world.reconcile("svc");
            }
            started++;
            world.report(world.live("svc").getFirst().arn(), request -> request.status("STOPPED")
                    .reason("CannotPullContainerError: no"));
        }
        assertThat(started).isEqualTo(40);
        assertThat(waited).isEqualTo(Duration.ofMinutes(15));
        assertThat(world.service("svc").deployments().getFirst().failedTasks()).isEqualTo(40);
        assertThat(world.events("svc")).filteredOn(event -> event.startsWith("was unable to place a task. Reason: "))
                .hasSizeLessThan(15); // six hours apart, not one for each of the forty
        assertThat(world.events("svc")).contains("was unable to place a task. Reason: CannotPullContainerError: no.",
                "is unable to consistently start tasks successfully. For more information, see the Troubleshooting"
                        + " section of the Amazon ECS Developer Guide.");
        world.updateService(request -> request.taskDefinition("web:2"));
        assertThat(world.reconcile("svc")).isEmpty();
        assertThat(world.live("svc")).hasSize(1);
    }

    @Test
    void aHundredEventsAreKept() {
        world.instance(100_000);
        world.createService(request -> request.taskDefinition("web:1").desiredCount(0));
        for (int i = 1; i <= 60; i++) {
            int count = i % 2;
            world.updateService(request -> request.desiredCount(count));
            world.settle("svc");
        }
        assertThat(world.events("svc")).hasSize(100);
        assertThat(world.service("svc").events().getFirst().createdAt()).isEqualTo(world.now());
    }

    @Test
    void aDrainedInstanceIsLeftWithoutATaskLess() {
        String first = world.instance(1024);
        world.createService(request -> request.taskDefinition("web:1"));
        world.settle("svc");
        String second = world.instance(1024);
        world.status(first, "DRAINING");
        world.reconcile("svc");
        assertThat(world.live("svc")).hasSize(4); // the old ones wait for those that replace them

        assertThat(world.settle("svc").runningCount()).isEqualTo(2);
        assertThat(world.live("svc")).allMatch(task -> task.instanceArn().equals(second));
        assertThat(world.events("svc").getFirst()).isEqualTo("has reached a steady state.");
    }

    @Test
    void aDrainedInstanceKeepsItsTasksWhileThereIsNoOther() {
        String only = world.instance(1024);
        world.createService(request -> request.taskDefinition("web:1"));
        world.settle("svc");
        world.status(only, "DRAINING");
        world.reconcile("svc");

        assertThat(world.live("svc")).hasSize(2).allMatch(task -> task.task().lastStatus().equals("RUNNING"));
    }

    @Test
    void tasksOfAnInstanceTakenAwayAreReplaced() {
        String gone = world.instance(1024);
        world.createService(request -> request.taskDefinition("web:1"));
        world.settle("svc");
        world.instance(1024);
        world.deregister(gone);

        assertThat(world.settle("svc").runningCount()).isEqualTo(2);
    }

    /** Whatever happens to a service, once the storm is over it comes to what was wanted last. */
    @Property(tries = 60)
    void comesToRestAfterAnyStorm(@ForAll long seed) {
        world = new World();
        definitions();
        var random = new Random(seed);
        world.instance(10_000);
        world.instance(10_000);
        world.createService(request -> request.taskDefinition("web:1"));
        for (int i = 0; i < 40; i++) {
            happen(random);
        }
        int desired = random.nextInt(6);
        world.updateService(request -> request.desiredCount(desired));
        world.pass(Duration.ofHours(1));
        Service service = world.settle("svc");

        assertThat(service.runningCount()).as("seed %d", seed).isEqualTo(desired);
        assertThat(service.deployments()).as("seed %d", seed).hasSize(1);
        assertThat(world.events("svc").getFirst()).isEqualTo("has reached a steady state.");
    }

    private void happen(Random random) {
        Optional<TaskRow> any = world.anyTask(random);
        world.pass(Duration.ofSeconds(random.nextInt(20)));
        switch (random.nextInt(8)) {
            case 0 -> world.updateService(request -> request.taskDefinition("web:" + (1 + random.nextInt(2))));
            case 1 -> world.updateService(request -> request.desiredCount(random.nextInt(6)));
            case 2 -> world.updateService(request -> request.forceNewDeployment(true));
            case 3 -> world.reconcile("svc");
            case 4, 5 -> any.ifPresent(task -> world.running(task.arn()));
            case 6 -> any.ifPresent(task -> world.exited(task.arn(), random.nextInt(2)));
            default -> world.reconcile("svc");
        }
    }
}
