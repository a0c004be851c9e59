package dev.landfall.ecs.shift;

import static org.assertj.core.api.Assertions.assertThat;

import dev.landfall.ecs.World;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.ecs.model.ContinueServiceDeploymentRequest;
import software.amazon.awssdk.services.ecs.model.DeploymentLifecycleHook;
import software.amazon.awssdk.services.ecs.model.DeploymentLifecycleHookDetail;

/** Lifecycle hooks of rolling updates, which shift no traffic. */
@SuppressWarnings("unchecked") // the SDK takes several consumers as a generic array
class RollingHooksTest {
    private static final String BECAUSE = "Service deployment rolled back because ";

    private final ShiftWorld on = new ShiftWorld();
    private final World world = on.world;

    private static DeploymentLifecycleHook pausing(String... stages) {
        return DeploymentLifecycleHook.builder().targetType("PAUSE").lifecycleStagesWithStrings(stages)
                .timeoutConfiguration(timeout -> timeout.timeoutInMinutes(10)).build();
    }

    private static DeploymentLifecycleHook calling(String... stages) {
        return DeploymentLifecycleHook.builder().hookTargetArn("http://hooks.test/check")
                .lifecycleStagesWithStrings(stages).build();
    }

    /** A service of two tasks that has come to rest, and is updated by rolling updates with those hooks. */
    private void deploy(DeploymentLifecycleHook... hooks) {
        on.create(each -> each.strategy("ROLLING"), request -> request.desiredCount(2)
                .loadBalancers(it -> it.targetGroupArn(on.one).containerName("app").containerPort(80)));
        on.finish();
        assertThat(on.deployment().statusAsString()).isEqualTo("SUCCESSFUL");
        on.guard = true;
        world.updateService(request -> request.taskDefinition("web:2").deploymentConfiguration(each ->
                each.lifecycleHooks(hooks)));
    }

    private DeploymentLifecycleHookDetail waiting(String stage) {
        on.settle();
        assertThat(on.deployment().lifecycleStageAsString()).isEqualTo(stage);
        DeploymentLifecycleHookDetail hook = on.deployment().lifecycleHookDetails().getFirst();
        assertThat(hook.statusAsString()).isEqualTo("AWAITING_ACTION");
        return hook;
    }

    private void go(DeploymentLifecycleHookDetail hook, String action) {
        var request = ContinueServiceDeploymentRequest.builder().hookId(hook.hookId()).action(action)
                .serviceDeploymentArn(world.service("svc").currentServiceDeployment()).build();
        world.decide((image, scope, context) -> ContinueServiceDeployment.decide(image, request, scope));
    }

    @Test
    void aPauseBeforeTheFirstTaskIsReplaced() {
        deploy(pausing("PRE_SCALE_UP"));
        DeploymentLifecycleHookDetail hook = waiting("PRE_SCALE_UP");
        assertThat(on.running()).containsExactly("web:1");
        world.exited(world.live("svc").getFirst().arn(), 1);
        on.settle();
        assertThat(world.live("svc")).as("what ends is replaced by its like").hasSize(2);
        assertThat(on.running()).containsExactly("web:1");
        go(hook, "CONTINUE");
        on.finish();
        assertThat(on.deployment().statusAsString()).isEqualTo("SUCCESSFUL");
        assertThat(on.running()).containsExactly("web:2");
        assertThat(on.shift()).isEmpty();
    }

    @Test
    void aPauseAfterTheLastTaskIsReplaced() {
        deploy(pausing("POST_SCALE_UP"));
        on.settle();
        on.pass(ShiftWorld.DELAY.plusSeconds(1));
        DeploymentLifecycleHookDetail hook = waiting("POST_SCALE_UP");
        assertThat(on.running()).containsExactly("web:2");
        assertThat(on.deployment().statusAsString()).isEqualTo("IN_PROGRESS");
        world.updateService(request -> request.desiredCount(3));
        on.settle();
        assertThat(world.live("svc")).as("it can be scaled meanwhile").hasSize(3);
        go(hook, "CONTINUE");
        on.finish();
        assertThat(on.deployment().statusAsString()).isEqualTo("SUCCESSFUL");
        assertThat(on.shift()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"PRE_SCALE_UP", "POST_SCALE_UP"})
    void whatIsRolledBackAtAPauseGoesBackAsARollingUpdateDoes(String stage) {
        deploy(pausing(stage));
        on.settle();
        on.pass(ShiftWorld.DELAY.plusSeconds(1));
        go(waiting(stage), "ROLLBACK");
        on.finish();
        assertThat(on.deployment().statusAsString()).isEqualTo("ROLLBACK_SUCCESSFUL");
        assertThat(on.deployment().statusReason()).isEqualTo(BECAUSE + stage + " pause hook was rolled back.");
        assertThat(on.running()).containsExactly("web:1");
        assertThat(on.shift()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"PRE_SCALE_UP", "POST_SCALE_UP"})
    void aPauseThatNobodyEndsRollsBack(String stage) {
        deploy(pausing(stage));
        on.settle();
        on.pass(ShiftWorld.DELAY.plusSeconds(1));
        waiting(stage);
        on.pass(Duration.ofMinutes(10));
        on.finish();
        assertThat(on.deployment().statusReason()).isEqualTo(BECAUSE + stage + " pause hook timed out.");
        assertThat(on.running()).containsExactly("web:1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"PRE_SCALE_UP", "POST_SCALE_UP"})
    void aDeploymentThatIsStoppedAtAPauseStandsAsItIs(String stage) {
        deploy(pausing(stage));
        on.settle();
        on.pass(ShiftWorld.DELAY.plusSeconds(1));
        waiting(stage);
        List<String> running = on.running();
        on.stop("ABORT");
        on.settle();
        assertThat(on.deployment().statusAsString()).isEqualTo("STOPPED");
        assertThat(on.running()).isEqualTo(running);
        on.deploy("web:3");
        on.settle();
        on.pass(ShiftWorld.DELAY.plusSeconds(1));
        go(waiting(stage), "CONTINUE");
        on.finish();
        assertThat(on.deployment().statusAsString()).isEqualTo("SUCCESSFUL");
        assertThat(on.running()).containsExactly("web:3");
    }

    @Test
    void targetsAreCalledAtBothEnds() {
        deploy(calling("PRE_SCALE_UP", "POST_SCALE_UP"));
        on.finish();
        assertThat(on.payloads).hasSize(2);
        assertThat(on.payloads.getFirst()).contains("\"lifecycleStage\":\"PRE_SCALE_UP\"");
        assertThat(on.payloads.getLast()).contains("\"lifecycleStage\":\"POST_SCALE_UP\"");
        assertThat(on.deployment().statusAsString()).isEqualTo("SUCCESSFUL");
    }

    @Test
    void hooksOfTrafficAreNotCalled() {
        deploy(calling("TEST_TRAFFIC_SHIFT", "PRODUCTION_TRAFFIC_SHIFT"));
        on.finish();
        assertThat(on.payloads).isEmpty();
        assertThat(on.deployment().statusAsString()).isEqualTo("SUCCESSFUL");
    }

    @Test
    void aDeploymentOverAnUnfinishedOneBeginsWithWhatIsComplete() {
        deploy(pausing("POST_SCALE_UP"));
        on.settle();
        on.pass(ShiftWorld.DELAY.plusSeconds(1));
        waiting("POST_SCALE_UP");
        on.stages.clear();
        on.deploy("web:3");
        on.settle();
        on.pass(ShiftWorld.DELAY.plusSeconds(1));
        go(waiting("POST_SCALE_UP"), "CONTINUE");
        on.finish();
        assertThat(on.deployment().statusAsString()).isEqualTo("SUCCESSFUL");
        assertThat(on.running()).containsExactly("web:3");
    }

    @Test
    void aControlPlaneThatDiesAtAnyDecisionComesToTheSame() {
        for (int at = 0; at < 60; at++) {
            for (boolean afterwards : new boolean[] {false, true}) {
                var each = new RollingHooksTest();
                each.deploy(calling("PRE_SCALE_UP", "POST_SCALE_UP"));
                each.on.decisions.countAnew();
                each.on.decisions.crashes(at, afterwards);
                each.on.finish();
                assertThat(each.on.deployment().statusAsString()).as("dies at %d", at).isEqualTo("SUCCESSFUL");
                assertThat(Stream.of(each.on.running()).flatMap(List::stream)).containsExactly("web:2");
            }
        }
    }
}
