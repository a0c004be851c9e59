package dev.landfall.ecs.taskset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.landfall.ecs.EcsTables;
import dev.landfall.ecs.World;
import dev.landfall.ecs.protection.UpdateTaskProtection;
import dev.landfall.ecs.service.ReconcileService;
import dev.landfall.ecs.task.TaskRow;
import dev.landfall.ecs.taskdef.DeleteTaskDefinitions;
import dev.landfall.ecs.taskdef.DeregisterTaskDefinition;
import dev.landfall.ecs.taskdef.UnusedTaskDefinitions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.ecs.model.DeleteTaskDefinitionsRequest;
import software.amazon.awssdk.services.ecs.model.DeregisterTaskDefinitionRequest;
import software.amazon.awssdk.services.ecs.model.HealthStatus;
import software.amazon.awssdk.services.ecs.model.LaunchType;
import software.amazon.awssdk.services.ecs.model.PropagateTags;
import software.amazon.awssdk.services.ecs.model.ResourceInUseException;
import software.amazon.awssdk.services.ecs.model.Service;
import software.amazon.awssdk.services.ecs.model.StabilityStatus;
import software.amazon.awssdk.services.ecs.model.Tag;
import software.amazon.awssdk.services.ecs.model.Task;
import software.amazon.awssdk.services.ecs.model.TaskSet;
import software.amazon.awssdk.services.ecs.model.TaskStopCode;
import software.amazon.awssdk.services.ecs.model.UpdateTaskProtectionRequest;

/** What the scheduler makes of task sets over time, with agents that obey, fail, or are silent. */
@SuppressWarnings("unchecked") // the SDK takes several consumers as a generic array
class TaskSetRolloutTest {
    private TaskSetWorld sets = new TaskSetWorld(3);
    private World world = sets.world;

    private List<TaskRow> live(TaskSet set) {
        return world.live("svc").stream().filter(task -> task.deploymentId().equals(set.id())).toList();
    }

    @Test
    void aTaskSetComesToItsShareAndSaysSo() {
        world.instance(1024);
        TaskSet set = sets.create("web:1", 50);
        world.reconcile("svc");
        Task task = world.live("svc").getFirst().task();
        assertThat(task.group()).isEqualTo("service:svc");
        assertThat(task.startedBy()).isEqualTo(set.id());
        assertThat(sets.taskSet(set.id()).pendingCount()).isEqualTo(2);
        assertThat(sets.taskSet(set.id()).stabilityStatus()).isEqualTo(StabilityStatus.STABILIZING);
        world.pass(Duration.ofSeconds(5));

        Service service = sets.settle();
        assertThat(service.runningCount()).isEqualTo(2);
        assertThat(service.pendingCount()).isZero();
        assertThat(service.deployments()).isEmpty();
        assertThat(service.taskSets()).singleElement().satisfies(each -> {
            assertThat(each.computedDesiredCount()).isEqualTo(2);
            assertThat(each.runningCount()).isEqualTo(2);
            assertThat(each.pendingCount()).isZero();
            assertThat(each.stabilityStatus()).isEqualTo(StabilityStatus.STEADY_STATE);
            assertThat(each.stabilityStatusAt()).isEqualTo(world.now());
        });
        assertThat(service.events()).extracting(event -> event.message().replaceAll("[0-9a-f]{32}", "ID"))
                .containsExactly(
                        "(service svc) has reached a steady state.",
                        "(service svc, taskSet " + set.id() + ") updated state to STEADY_STATE.",
                        "(service svc, taskSet " + set.id() + ") has started 2 tasks: (task ID) (task ID).",
                        "(service svc) updated computedDesiredCount for taskSet " + set.id() + " to 2.");
    }

    @Test
    void aTaskSetWithoutAShareIsSteadyAtOnce() {
        TaskSet set = sets.create("web:1", 0);
        sets.settle();

        assertThat(sets.taskSet(set.id()).stabilityStatus()).isEqualTo(StabilityStatus.STEADY_STATE);
        assertThat(world.service("svc").events()).extracting(event -> event.message()).containsExactly(
                "(service svc) has reached a steady state.",
                "(service svc, taskSet " + set.id() + ") updated state to STEADY_STATE.");
        assertThat(ReconcileService.decide(world.image(), World.serviceArn("svc"), world.context()).writes()).isEmpty();
    }

    @Test
    void blueGivesWayToGreen() {
        world.instance(100_000);
        TaskSet blue = sets.create("web:1", 100);
        sets.primary(blue.id());
        sets.settle();
        List<TaskRow> blues = live(blue);

        TaskSet green = sets.create("web:2", 10);
        sets.settle();
        assertThat(live(green)).hasSize(1);
        assertThat(live(blue)).isEqualTo(blues);
        sets.scale(green.id(), 100);
        sets.settle();
        assertThat(live(green)).hasSize(3).allMatch(task -> task.task().taskDefinitionArn().endsWith("web:2"));
        assertThat(world.service("svc").runningCount()).isEqualTo(6);

        sets.primary(green.id());
        sets.delete(request -> request.taskSet(blue.id()).force(true));
        world.reconcile("svc");
        assertThat(live(blue)).isEmpty();
        assertThat(sets.taskSet(blue.id()).status()).isEqualTo("DRAINING");
        assertThat(sets.taskSet(blue.id()).computedDesiredCount()).isZero();
        assertThat(sets.taskSet(blue.id()).stabilityStatus()).isEqualTo(StabilityStatus.STABILIZING);
        assertThat(world.service("svc").taskSets()).hasSize(2);

        Service service = sets.settle();
        assertThat(service.taskSets()).singleElement().satisfies(set -> {
            assertThat(set.id()).isEqualTo(green.id());
            assertThat(set.status()).isEqualTo("PRIMARY");
        });
        assertThat(service.runningCount()).isEqualTo(3);
        assertThat(service.taskDefinition()).endsWith("web:2");
        assertThat(world.image().all(EcsTables.TASKS)).filteredOn(TaskRow::stopped).hasSize(3).allSatisfy(row -> {
            assertThat(row.task().stopCode()).isEqualTo(TaskStopCode.SERVICE_SCHEDULER_INITIATED);
            assertThat(row.task().stoppedReason()).endsWith(blue.id() + ")");
        });
        assertThat(world.events("svc").getFirst()).isEqualTo("has reached a steady state.");
    }

    @Test
    void everySetFollowsTheServicesDesiredCount() {
        world.instance(100_000);
        TaskSet whole = sets.create("web:1", 100);
        TaskSet third = sets.create("web:2", 34);
        sets.settle();
        assertThat(live(third)).hasSize(2);

        world.updateService(request -> request.desiredCount(10));
        assertThat(sets.taskSets()).extracting(TaskSet::stabilityStatus).containsOnly(StabilityStatus.STABILIZING);
        sets.settle();
        assertThat(live(whole)).hasSize(10);
        assertThat(live(third)).hasSize(4);
        world.updateService(request -> request.desiredCount(11));
        assertThat(sets.taskSet(third.id()).stabilityStatus()).isEqualTo(StabilityStatus.STEADY_STATE);
        world.updateService(request -> request.desiredCount(0));
        sets.settle();
        assertThat(world.live("svc")).isEmpty();
        assertThat(sets.taskSets()).extracting(TaskSet::computedDesiredCount).containsOnly(0);
        assertThat(sets.taskSets()).extracting(TaskSet::stabilityStatus).containsOnly(StabilityStatus.STEADY_STATE);
    }

    @Test
    void aTaskThatEndedIsReplacedInItsOwnSet() {
        world.instance(100_000);
        TaskSet blue = sets.create("web:1", 100);
        TaskSet green = sets.create("web:2", 100);
        sets.settle();
        world.pass(Duration.ofMinutes(1));
        world.exited(live(green).getFirst().arn(), 1);
        List<TaskRow> blues = live(blue);
        world.reconcile("svc");

        assertThat(live(green)).hasSize(3);
        assertThat(live(blue)).isEqualTo(blues);
        assertThat(sets.taskSet(green.id()).stabilityStatus()).isEqualTo(StabilityStatus.STABILIZING);
        assertThat(sets.taskSet(blue.id()).stabilityStatus()).isEqualTo(StabilityStatus.STEADY_STATE);
        sets.settle();
        assertThat(sets.taskSet(green.id()).stabilityStatus()).isEqualTo(StabilityStatus.STEADY_STATE);
    }

    @Test
    void aSetIsSteadyOnlyWhenItsTasksAreHealthy() {
        world.instance(100_000);
        world.definition(request -> request.family("checked").containerDefinitions(World.container("app").toBuilder()
                .healthCheck(check -> check.command("CMD", "true")).build()));
        TaskSet set = sets.create("checked", 34);
        world.reconcile("svc");
        for (TaskRow task : live(set)) {
            world.running(task.arn());
        }
        world.reconcile("svc");
        assertThat(sets.taskSet(set.id()).runningCount()).isEqualTo(2);
        assertThat(sets.taskSet(set.id()).stabilityStatus()).isEqualTo(StabilityStatus.STABILIZING);
        live(set).forEach(task -> world.health(task.arn(), HealthStatus.HEALTHY));
        world.reconcile("svc");
        assertThat(sets.taskSet(set.id()).stabilityStatus()).isEqualTo(StabilityStatus.STEADY_STATE);

        String sick = live(set).getFirst().arn();
        world.health(sick, HealthStatus.UNHEALTHY);
        world.reconcile("svc");
        assertThat(sets.taskSet(set.id()).stabilityStatus()).isEqualTo(StabilityStatus.STABILIZING);
        assertThat(live(set)).as("a replacement first").hasSize(3);
        for (TaskRow task : live(set)) {
            if (!task.running()) {
                world.running(task.arn());
                world.health(task.arn(), HealthStatus.HEALTHY);
            }
        }
        world.reconcile("svc");
        assertThat(live(set)).hasSize(2).noneMatch(task -> task.arn().equals(sick));
        assertThat(world.task(sick).task().stoppedReason()).isEqualTo("Task failed container health checks");
        assertThat(sets.taskSet(set.id()).stabilityStatus()).isEqualTo(StabilityStatus.STEADY_STATE);
    }

    @Test
    void anUnhealthyTaskHasTheServicesGracePeriod() {
        world.instance(100_000);
        world.definition(request -> request.family("checked").containerDefinitions(World.container("app").toBuilder()
                .healthCheck(check -> check.command("CMD", "true")).build()));
        world.updateService(request -> request.healthCheckGracePeriodSeconds(60).desiredCount(1));
        TaskSet set = sets.create("checked", 100);
        world.reconcile("svc");
        String task = live(set).getFirst().arn();
        world.running(task);
        world.health(task, HealthStatus.UNHEALTHY);
        world.pass(Duration.ofSeconds(20));
        assertThat(world.reconcile("svc")).hasValue(Duration.ofSeconds(40));
        assertThat(live(set)).hasSize(1);
        assertThat(sets.taskSet(set.id()).stabilityStatus()).isEqualTo(StabilityStatus.STABILIZING);
        world.pass(Duration.ofSeconds(40));
        world.reconcile("svc");
        assertThat(live(set)).as("a replacement").hasSize(2);
    }

    @Test
    void aFailingSetIsThrottledAlone() {
        world.instance(100_000);
        TaskSet blue = sets.create("web:1", 100);
        sets.settle();
        TaskSet green = sets.create("web:2", 10);
        Duration waited = Duration.ZERO;
        for (int i = 0; i < 20; i++) {
            var again = world.reconcile("svc");
            if (again.isPresent()) {
                waited = again.get();
                world.pass(waited);
                world.reconcile("svc");
            }
            world.report(live(green).getFirst().arn(), request -> request.status("STOPPED")
                    .reason("CannotPullContainerError: no"));
        }
        assertThat(waited).isEqualTo(Duration.ofMinutes(15));
        assertThat(world.events("svc")).contains("was unable to place a task. Reason: CannotPullContainerError: no.",
                "is unable to consistently start tasks successfully. For more information, see the Troubleshooting"
                        + " section of the Amazon ECS Developer Guide.");
        world.reconcile("svc");
        assertThat(live(green)).isEmpty();

        world.exited(live(blue).getFirst().arn(), 1);
        world.reconcile("svc");
        assertThat(live(blue)).as("the other set does not wait").hasSize(3);

        world.pass(Duration.ofMinutes(15));
        world.reconcile("svc");
        world.running(live(green).getFirst().arn());
        world.pass(Duration.ofMinutes(1));
        world.exited(live(green).getFirst().arn(), 0);
        assertThat(world.reconcile("svc")).as("one that ran is replaced at once").isEmpty();
        assertThat(live(green)).hasSize(1);
    }

    @Test
    void whatCannotBePlacedIsSaidAndTriedAgain() {
        sets.create("web:1", 100);
        assertThat(world.reconcile("svc")).isPresent();
        assertThat(world.events("svc").getFirst()).startsWith("was unable to place a task because no container "
                + "instance met all of its requirements.");
        world.instance(1024);
        assertThat(sets.settle().runningCount()).isEqualTo(3);
    }

    @Test
    void oneSetThatFindsNoRoomDoesNotStopTheOther() {
        world.definition(request -> request.family("huge")
                .containerDefinitions(World.container("app").toBuilder().memory(50_000).build()));
        world.instance(1024);
        TaskSet huge = sets.create("huge", 100);
        TaskSet small = sets.create("web:1", 100);
        assertThat(world.reconcile("svc")).isPresent();

        assertThat(live(huge)).isEmpty();
        assertThat(live(small)).hasSize(3);
    }

    @Test
    void protectedTasksHoldUpTheirSetButNotADeletedService() {
        world.instance(100_000);
        TaskSet set = sets.create("web:1", 100);
        sets.settle();
        String spared = live(set).getFirst().arn();
        world.decide((image, scope, context) -> UpdateTaskProtection.decide(image, UpdateTaskProtectionRequest.builder()
                .cluster("default").tasks(spared).protectionEnabled(true).expiresInMinutes(10).build(), scope,
                context));
        sets.scale(set.id(), 0);
        assertThat(world.reconcile("svc")).hasValue(Duration.ofMinutes(10));
        assertThat(live(set)).singleElement().satisfies(task -> assertThat(task.arn()).isEqualTo(spared));
        assertThat(sets.settle().taskSets().getFirst().stabilityStatus()).isEqualTo(StabilityStatus.STABILIZING);
        assertThat(world.events("svc")).contains("was unable to reach steady state because (taskSet " + set.id()
                + ") was unable to scale in due to (reason 1 tasks under protection)");
        sets.deleteService(true);
        assertThat(sets.settle().status()).isEqualTo("INACTIVE");
    }

    @Test
    void aDrainedInstanceIsLeftWithoutATaskLess() {
        String first = world.instance(1024);
        TaskSet set = sets.create("web:1", 100);
        sets.settle();
        world.status(first, "DRAINING");
        world.reconcile("svc");
        assertThat(sets.taskSet(set.id()).stabilityStatus()).isEqualTo(StabilityStatus.STABILIZING);
        assertThat(live(set)).as("nowhere else to go").hasSize(3);
        String second = world.instance(1024);
        world.reconcile("svc");
        assertThat(live(set)).hasSize(6); // the old ones wait for those that replace them

        assertThat(sets.settle().runningCount()).isEqualTo(3);
        assertThat(live(set)).allMatch(task -> task.instanceArn().equals(second));
        assertThat(sets.taskSet(set.id()).stabilityStatus()).isEqualTo(StabilityStatus.STEADY_STATE);
    }

    @Test
    void tasksOfAnInstanceTakenAwayAreReplaced() {
        String gone = world.instance(1024);
        sets.create("web:1", 100);
        sets.settle();
        world.instance(1024);
        world.deregister(gone);

        assertThat(sets.settle().runningCount()).isEqualTo(3);
    }

    @Test
    void aDeletedServiceTakesItsTaskSetsWithIt() {
        world.instance(100_000);
        TaskSet blue = sets.create("web:1", 100);
        sets.primary(blue.id());
        sets.create("web:2", 50);
        sets.settle();
        assertThat(sets.deleteService(true).status()).isEqualTo("DRAINING");
        world.reconcile("svc");
        assertThat(world.live("svc")).isEmpty();
        assertThat(world.service("svc").status()).isEqualTo("DRAINING");
        assertThat(sets.taskSets()).hasSize(2).extracting(TaskSet::status).containsOnly("DRAINING");

        assertThat(sets.settle().status()).isEqualTo("INACTIVE");
        assertThat(world.image().all(EcsTables.TASK_SETS)).isEmpty();
        assertThat(sets.external(request -> request.desiredCount(1)).taskSets()).isEmpty();
        sets.create("web:2", 100);
        assertThat(sets.settle().runningCount()).isEqualTo(1);
    }

    @Test
    void aServiceWithoutTasksIsGoneAtOnce() {
        sets.create("web:1", 0);
        sets.deleteService(true);
        world.reconcile("svc");
        assertThat(world.service("svc").status()).isEqualTo("INACTIVE");
    }

    @Test
    void tasksCarryTheServicesTagsAndRunOnTheSetsCapacity() {
        world.managedInstance(10_000);
        world.fargateDefinition("net");
        sets.external(request -> request.serviceName("tagged").desiredCount(4).tags(tag -> tag.key("k").value("v"))
                .propagateTags(PropagateTags.SERVICE).enableECSManagedTags(true));
        sets.create(request -> request.service("tagged").taskDefinition("net").scale(scale -> scale.value(100.0))
                .capacityProviderStrategy(item -> item.capacityProvider("FARGATE").base(1).weight(1),
                        item -> item.capacityProvider("FARGATE_SPOT").weight(2)));
        world.settle("tagged");

        assertThat(world.live("tagged")).hasSize(4).allSatisfy(row -> {
            assertThat(row.task().launchType()).isEqualTo(LaunchType.FARGATE);
            assertThat(row.task().tags()).extracting(Tag::key)
                    .containsExactly("k", "aws:ecs:clusterName", "aws:ecs:serviceName");
        });
        assertThat(world.live("tagged")).extracting(row -> row.task().capacityProviderName())
                .containsExactlyInAnyOrder("FARGATE", "FARGATE", "FARGATE_SPOT", "FARGATE_SPOT");
    }

    @Test
    void aProviderStaysWhileATaskSetUsesIt() {
        world.capacityProviders("FARGATE", "FARGATE_SPOT");
        world.fargateDefinition("net");
        TaskSet set = sets.create(request -> request.taskDefinition("net")
                .capacityProviderStrategy(item -> item.capacityProvider("FARGATE_SPOT").weight(1)));
        assertThatThrownBy(() -> world.capacityProviders("FARGATE")).isInstanceOf(ResourceInUseException.class);
        sets.delete(request -> request.taskSet(set.id()));
        sets.settle();
        world.capacityProviders("FARGATE");
    }

    @Test
    void aDefinitionStaysWhileATaskSetUsesIt() {
        TaskSet set = sets.create("web:1", 0);
        world.decide((image, scope, context) -> DeregisterTaskDefinition.decide(image,
                DeregisterTaskDefinitionRequest.builder().taskDefinition("web:1").build(), scope, context));
        world.decide((image, scope, context) -> DeleteTaskDefinitions.decide(image,
                DeleteTaskDefinitionsRequest.builder().taskDefinitions("web:1").build(), scope, context));
        assertThat(UnusedTaskDefinitions.find(world.image())).isEmpty();
        sets.delete(request -> request.taskSet(set.id()));
        sets.settle();
        assertThat(UnusedTaskDefinitions.find(world.image())).hasSize(1);
    }

    /** Whatever happens to a service, once the storm is over each set comes to what was wanted of it last. */
    @Property(tries = 60)
    void comesToRestAfterAnyStorm(@ForAll long seed) {
        sets = new TaskSetWorld(3);
        world = sets.world;
        var random = new Random(seed);
        world.instance(10_000);
        world.instance(10_000);
        for (int i = 0; i < 60; i++) {
            happen(random);
        }
        int desired = random.nextInt(6);
        world.updateService(request -> request.desiredCount(desired));
        world.pass(Duration.ofHours(1));
        Service service = sets.settle();

        int expected = 0;
        for (TaskSet set : service.taskSets()) {
            int share = (int) Math.ceil(set.scale().value() * desired / 100);
            assertThat(set.runningCount()).as("seed %d, %s", seed, set).isEqualTo(share);
            assertThat(set.computedDesiredCount()).as("seed %d", seed).isEqualTo(share);
            assertThat(set.status()).as("seed %d", seed).isNotEqualTo("DRAINING");
            assertThat(set.stabilityStatus()).as("seed %d", seed).isEqualTo(StabilityStatus.STEADY_STATE);
            expected += share;
        }
        assertThat(service.runningCount()).as("seed %d", seed).isEqualTo(expected);
    }

    private void happen(Random random) {
        Optional<TaskRow> any = world.anyTask(random);
        List<TaskSet> all = sets.taskSets();
        List<TaskSet> open = all.stream().filter(each -> !each.status().equals("DRAINING")).toList();
        Optional<TaskSet> set = open.isEmpty() ? Optional.empty() : Optional.of(open.get(random.nextInt(open.size())));
        double scale = 25 * random.nextInt(5);
        world.pass(Duration.ofSeconds(random.nextInt(20)));
        switch (random.nextInt(10)) {
            case 0 -> world.updateService(request -> request.desiredCount(random.nextInt(6)));
            case 1 -> {
                if (all.size() < 5) {
                    sets.create("web:" + (1 + random.nextInt(2)), scale);
                }
            }
            case 2 -> set.ifPresent(one -> sets.scale(one.id(), scale));
            case 3 -> set.ifPresent(one -> sets.primary(one.id()));
            case 4 -> set.filter(one -> random.nextInt(3) == 0)
                    .ifPresent(one -> sets.delete(request -> request.taskSet(one.id()).force(true)));
            case 5, 6 -> any.ifPresent(task -> world.running(task.arn()));
            case 7 -> any.ifPresent(task -> world.exited(task.arn(), random.nextInt(2)));
            default -> world.reconcile("svc");
        }
    }
}
