package dev.landfall.ecs.balance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.landfall.ecs.EcsEffect;
import dev.landfall.ecs.EcsTables;
import dev.landfall.ecs.World;
import dev.landfall.ecs.agents.AcsConversation;
import dev.landfall.ecs.agents.Payloads;
import dev.landfall.ecs.task.ForgetTasks;
import dev.landfall.ecs.task.StopTask;
import dev.landfall.ecs.task.TaskRow;
import dev.landfall.protocol.Message;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.ecs.model.LoadBalancer;
import software.amazon.awssdk.services.ecs.model.NetworkMode;
import software.amazon.awssdk.services.ecs.model.ServiceEvent;
import software.amazon.awssdk.services.ecs.model.StopTaskRequest;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.ElasticLoadBalancingV2Exception;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetHealthStateEnum;

/** That a target group has the targets of the tasks that run, and what becomes of tasks by their targets' health. */
@SuppressWarnings("unchecked") // the SDK takes several consumers as a generic array
class TargetLooksTest {
    private final BalancedWorld on = new BalancedWorld();
    private final World world = on.world;
    private final VirtualElb elb = on.elb;

    private void healthy() {
        elb.all(on.group, TargetHealthStateEnum.HEALTHY);
        on.look();
    }

    private String inGroup() {
        return " in (target-group " + on.group + ")";
    }

    private void stop(TaskRow task) {
        var request = StopTaskRequest.builder().task(task.arn()).build();
        world.decide((image, scope, context) -> StopTask.decide(image, request, scope, context));
    }

    @Test
    void aTaskIsRegisteredWhenItRunsAndCountsWhenItsTargetIsHealthy() {
        on.service(2, request -> { });
        on.look();
        assertThat(elb.states(on.group)).as("nothing runs yet").isEmpty();
        on.run();
        assertThat(elb.states(on.group)).hasSize(2)
                .containsKeys(on.live().stream().map(task -> task.address() + ":80").toArray(String[]::new));
        assertThat(world.events("svc")).contains("registered 2 targets" + inGroup())
                .doesNotContain("has reached a steady state.");
        assertThat(on.healthy()).isZero();
        assertThat(world.service("svc").runningCount()).isEqualTo(2);

        healthy();
        assertThat(on.healthy()).isEqualTo(2);
        assertThat(world.events("svc")).contains("has reached a steady state.");
        assertThat(elb.calls()).allSatisfy(call -> {
            assertThat(call.accountId()).isEqualTo(World.SCOPE.accountId());
            assertThat(call.region()).isEqualTo(World.SCOPE.region());
        });
    }

    @Test
    void aTaskIsDrainedBeforeItsAgentHearsThatItIsToStop() {
        on.service(1, request -> { });
        on.run();
        healthy();
        TaskRow task = on.live().getFirst();
        world.updateService(request -> request.desiredCount(0));
        world.takeEffects();
        on.look();
        assertThat(world.task(task.arn()).task().desiredStatus()).isEqualTo("STOPPED");
        assertThat(world.task(task.arn()).task().lastStatus()).isEqualTo("DEACTIVATING");
        assertThat(elb.states(on.group)).containsExactly(Map.entry(task.address() + ":80", "draining"));
        String id = task.arn().substring(task.arn().lastIndexOf('/') + 1);
        assertThat(world.service("svc").events()).extracting(ServiceEvent::message).containsSubsequence(
                "(service svc, taskSet " + task.deploymentId() + ") has begun draining connections on 1 tasks.",
                "(service svc) deregistered 1 targets" + inGroup(),
                "(service svc) has stopped 1 running tasks: (task " + id + ").");

        world.pass(BalancedWorld.DELAY.minusSeconds(1));
        on.look();
        assertThat(world.task(task.arn()).held()).isTrue();
        assertThat(world.takeEffects()).as("the agent has heard nothing").isEmpty();

        world.pass(Duration.ofSeconds(1));
        on.look();
        assertThat(world.task(task.arn()).task().lastStatus()).isEqualTo("STOPPING");
        assertThat(world.takeEffects()).containsExactly(new EcsEffect.Deliver(task.instanceArn(), task.arn()));
        world.exited(task.arn(), 0);
        on.look();
        assertThat(world.task(task.arn()).stopped()).isTrue();
    }

    @Test
    void aTaskThatIsStoppedByHandIsDrainedAsWell() {
        on.service(1, request -> { });
        on.run();
        healthy();
        TaskRow task = on.live().getFirst();
        stop(task);
        assertThat(world.task(task.arn()).held()).isTrue();
        on.run();
        assertThat(elb.states(on.group)).containsEntry(task.address() + ":80", "draining").hasSize(2);
    }

    @Test
    void targetsOfTasksThatDieAreDeregistered() {
        on.service(1, request -> { });
        on.run();
        healthy();
        TaskRow task = on.live().getFirst();
        world.exited(task.arn(), 137);
        looked();
        assertThat(elb.states(on.group)).containsEntry(task.address() + ":80", "draining");
        world.pass(BalancedWorld.DELAY);
        looked();
        assertThat(elb.states(on.group)).doesNotContainValue("draining");
        assertThat(world.task(task.arn()).targeted()).isFalse();
    }

    private void looked() {
        on.looks.look(on.group);
    }

    /** The load balancer did what it was asked, and nobody noted it. */
    @Test
    void whatWasRegisteredBeforeACrashIsNotLost() {
        on.service(1, request -> { });
        world.reconcile("svc");
        TaskRow task = on.live().getFirst();
        world.running(task.arn());
        elb.registerTargets(request -> request.targetGroupArn(on.group)
                .targets(target -> target.id(task.address()).port(80)));
        world.exited(task.arn(), 1);
        assertThat(world.task(task.arn()).targets()).extracting(TaskTarget::state)
                .containsExactly(TargetState.WAITING);
        assertThat(on.looks.all()).containsExactly(on.group);
        looked();
        assertThat(elb.states(on.group)).containsEntry(task.address() + ":80", "draining");
        world.pass(Duration.ofHours(2));
        world.apply(ForgetTasks.decide(world.image(), world.context()));
        assertThat(world.image().get(EcsTables.TASKS, task.arn())).as("not yet seen to be gone").isPresent();
        looked();
        world.apply(ForgetTasks.decide(world.image(), world.context()));
        assertThat(world.image().get(EcsTables.TASKS, task.arn())).isEmpty();
    }

    @Test
    void whatDrainedDuringACrashIsStopped() {
        on.service(1, request -> { });
        on.run();
        healthy();
        TaskRow task = on.live().getFirst();
        stop(task);
        elb.deregisterTargets(request -> request.targetGroupArn(on.group)
                .targets(target -> target.id(task.address()).port(80)));
        world.pass(BalancedWorld.DELAY);
        looked();
        assertThat(world.task(task.arn()).task().lastStatus()).isEqualTo("STOPPING");
    }

    @Test
    void aTargetThatSomebodyTookAwayComesBackAndOthersStay() {
        on.service(1, request -> { });
        on.run();
        healthy();
        TaskRow task = on.live().getFirst();
        elb.registerTargets(request -> request.targetGroupArn(on.group)
                .targets(target -> target.id("10.1.1.1").port(1)));
        elb.deregisterTargets(request -> request.targetGroupArn(on.group)
                .targets(target -> target.id(task.address()).port(80)));
        on.look();
        assertThat(elb.states(on.group)).containsOnlyKeys("10.1.1.1:1", task.address() + ":80")
                .containsEntry(task.address() + ":80", "initial").containsEntry("10.1.1.1:1", "initial");
    }

    @Test
    void anUnhealthyTargetsTaskIsReplacedAfterTheGracePeriod() {
        on.service(1, request -> request.healthCheckGracePeriodSeconds(60));
        on.run();
        TaskRow sick = on.live().getFirst();
        elb.all(on.group, TargetHealthStateEnum.UNHEALTHY);
        on.look();
        assertThat(on.live()).as("it has time").extracting(TaskRow::arn).containsExactly(sick.arn());
        world.pass(Duration.ofSeconds(61));
        on.run();
        elb.one(on.group, fresh(sick).address(), TargetHealthStateEnum.HEALTHY);
        on.look();

        assertThat(on.live()).extracting(TaskRow::arn).containsExactly(fresh(sick).arn());
        assertThat(world.task(sick.arn()).task().stoppedReason())
                .isEqualTo("Task failed ELB health checks" + inGroup());
        assertThat(world.events("svc")).contains("(port 80) is unhealthy" + inGroup() + " due to (reason "
                + VirtualElb.DESCRIPTION + ")");
    }

    private TaskRow fresh(TaskRow old) {
        return on.live().stream().filter(task -> !task.arn().equals(old.arn())).findFirst().orElseThrow();
    }

    @Test
    void aRollingUpdateNeverGoesBelowTheMinimumOfHealthyTargets() {
        on.service(4, request -> request.deploymentConfiguration(it ->
                it.minimumHealthyPercent(75).maximumPercent(125)));
        on.run();
        healthy();
        world.updateService(request -> request.taskDefinition("web:2"));
        for (int round = 0; round < 40 && !done(); round++) {
            on.run();
            assertThat(serving()).as("round %d", round).isGreaterThanOrEqualTo(3);
            if (round % 3 == 2) {
                elb.all(on.group, TargetHealthStateEnum.HEALTHY);
            }
            world.pass(Duration.ofSeconds(1));
            on.look();
            assertThat(serving()).as("round %d", round).isGreaterThanOrEqualTo(3);
        }
        assertThat(done()).isTrue();
        assertThat(on.live()).allMatch(task -> task.task().taskDefinitionArn().endsWith("web:2"));
    }

    private long serving() {
        return elb.states(on.group).values().stream().filter("healthy"::equals).count();
    }

    private boolean done() {
        return world.service("svc").deployments().size() == 1
                && world.service("svc").deployments().getFirst().rolloutStateAsString().equals("COMPLETED");
    }

    @Test
    void oneTargetThatIsRefusedDoesNotKeepOutTheOthers() {
        on.service(2, request -> { });
        world.reconcile("svc");
        TaskRow refused = on.live().getFirst();
        elb.refuse(refused.address());
        on.run();
        assertThat(elb.states(on.group)).hasSize(1).doesNotContainKey(refused.address() + ":80");
        assertThat(world.events("svc")).contains("registered 1 targets" + inGroup(),
                "failed to register targets" + inGroup() + " with (error No such target)");
        elb.refuse("");
        on.look();
        assertThat(elb.states(on.group)).hasSize(2);
    }

    @Test
    void tasksOfADeletedTargetGroupCanStop() {
        on.service(1, request -> { });
        on.run();
        healthy();
        TaskRow task = on.live().getFirst();
        elb.delete(on.group);
        stop(task);
        looked();
        assertThat(world.task(task.arn()).task().lastStatus()).isEqualTo("STOPPING");
    }

    @Test
    void aLoadBalancerThatFailsChangesNothing() {
        on.service(1, request -> { });
        on.run();
        healthy();
        List<TaskRow> before = on.live();
        elb.broken("broken");
        assertThatThrownBy(this::looked).isInstanceOf(ElasticLoadBalancingV2Exception.class);
        elb.broken("mended");
        assertThat(on.live()).isEqualTo(before);
        elb.all(on.group, TargetHealthStateEnum.INITIAL);
        on.look();
        assertThat(on.healthy()).as("it has not been said to be unhealthy").isEqualTo(1);
    }

    @Test
    void aHeldTaskGoesOnForAnAgentThatComesBack() {
        on.service(1, request -> { });
        on.run();
        healthy();
        TaskRow task = on.live().getFirst();
        stop(task);
        looked();
        assertThat(manifest(task)).isEqualTo("RUNNING");
        assertThat(conversation(task).payload(List.of(task.arn()))).isEmpty();
        world.pass(BalancedWorld.DELAY);
        looked();
        assertThat(manifest(task)).isEqualTo("STOPPED");
        assertThat(conversation(task).payload(List.of(task.arn()))).isPresent();
    }

    private AcsConversation conversation(TaskRow task) {
        return new AcsConversation(on.decisions, task.instanceArn(), new AcsConversation.Numbers(
                world.context().ids(), () -> 1, world::now, () -> 1), new Payloads());
    }

    private String manifest(TaskRow task) {
        return conversation(task).greeting().messages().stream()
                .filter(Message.TaskManifestMessage.class::isInstance).map(Message.TaskManifestMessage.class::cast)
                .flatMap(message -> message.tasks().stream()).filter(each -> each.taskArn().equals(task.arn()))
                .map(Message.ManifestTask::desiredStatus).findFirst().orElseThrow();
    }

    @Test
    void tasksWithoutAnAddressAreAPortOfTheirInstance() {
        String ports = elb.group("ports", "instance", "arn:lb");
        world.targetGroups(elb.known());
        String instance = world.instance(1024);
        for (NetworkMode mode : List.of(NetworkMode.BRIDGE, NetworkMode.HOST)) {
            world.definition(request -> request.family(mode.toString()).networkMode(mode)
                    .containerDefinitions(World.container("app").toBuilder()
                            .portMappings(port -> port.containerPort(8080)).build()));
            world.createService(request -> request.serviceName(mode.toString()).desiredCount(1)
                    .taskDefinition(mode.toString())
                    .loadBalancers(it -> it.targetGroupArn(ports).containerName("app").containerPort(8080)));
            world.reconcile(mode.toString());
        }
        TaskRow bridge = world.live("bridge").getFirst();
        world.report(bridge.arn(), request -> request.status("RUNNING").containers(change -> change
                .containerName("app").status("RUNNING")
                .networkBindings(it -> it.containerPort(8080).hostPort(32_768).protocol("tcp").bindIP("0.0.0.0"))));
        world.running(world.live("host").getFirst().arn());
        on.looks.look(ports);
        String id = world.image().get(EcsTables.INSTANCES, instance).orElseThrow().instance().ec2InstanceId();
        assertThat(elb.states(ports)).containsOnlyKeys(id + ":32768", id + ":8080");

        elb.all(ports, TargetHealthStateEnum.UNHEALTHY);
        on.looks.look(ports);
        world.reconcile("bridge");
        world.running(world.live("bridge").getLast().arn());
        stop(world.task(bridge.arn()));
        on.looks.look(ports);
        assertThat(elb.states(ports)).containsEntry(id + ":32768", "draining");
    }

    @Test
    void aDeploymentThatFailsGoesBackToTheLoadBalancersThatWereThere() {
        String other = elb.group("other", "ip", "arn:lb");
        world.targetGroups(elb.known());
        on.service(1, request -> request.deploymentConfiguration(it ->
                it.deploymentCircuitBreaker(breaker -> breaker.enable(true).rollback(true))));
        on.run();
        healthy();
        world.pass(Duration.ofSeconds(10));
        on.look();
        List<LoadBalancer> before = world.service("svc").loadBalancers();
        world.updateService(request -> request.taskDefinition("web:2").loadBalancers(
                it -> it.targetGroupArn(other).containerName("app").containerPort(80)));
        for (int round = 0; round < 20 && world.service("svc").taskDefinition().endsWith("web:2"); round++) {
            world.reconcile("svc");
            on.starting().forEach(task -> {
                world.running(task.arn());
                world.exited(task.arn(), 1);
            });
            world.pass(Duration.ofMinutes(1));
        }
        world.reconcile("svc");
        assertThat(world.service("svc").taskDefinition()).endsWith("web:1");
        assertThat(world.service("svc").loadBalancers()).isEqualTo(before);
    }

    @Test
    void aTargetThatAnotherTaskHasTakenOverStays() {
        String ports = elb.group("ports", "instance", "arn:lb");
        world.targetGroups(elb.known());
        world.instance(1024);
        world.definition(request -> request.family("host").networkMode(NetworkMode.HOST)
                .containerDefinitions(World.container("app").toBuilder()
                        .portMappings(port -> port.containerPort(8080)).build()));
        world.createService(request -> request.desiredCount(1).taskDefinition("host")
                .loadBalancers(it -> it.targetGroupArn(ports).containerName("app").containerPort(8080)));
        world.reconcile("svc");
        TaskRow first = on.live().getFirst();
        world.running(first.arn());
        on.looks.look(ports);
        world.pass(Duration.ofMinutes(1));
        world.exited(first.arn(), 1);
        world.reconcile("svc");
        world.running(on.live().getFirst().arn());
        elb.all(ports, TargetHealthStateEnum.HEALTHY);
        on.looks.look(ports);
        assertThat(elb.states(ports)).hasSize(1).containsValue("healthy");
        assertThat(on.healthy()).isEqualTo(1);
        assertThat(world.task(first.arn()).targeted()).isFalse();
    }
}
