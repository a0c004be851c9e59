package dev.landfall.ecs.shift;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.landfall.ecs.World;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.services.ecs.model.AdvancedConfiguration;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.ElasticLoadBalancingV2Exception;

/** How shifts find and change the rules of listeners, and what they make of rules that are not as they should be. */
@SuppressWarnings("unchecked") // the SDK takes several consumers as a generic array
class ShiftRoutesTest {
    private static final String LISTENER =
            "arn:aws:elasticloadbalancing:eu-central-1:123456789012:listener/net/web/1/2";
    private static final String TEST_LISTENER =
            "arn:aws:elasticloadbalancing:eu-central-1:123456789012:listener/net/web/1/3";

    private final ShiftWorld on = new ShiftWorld();
    private final World world = on.world;

    private void create(Consumer<AdvancedConfiguration.Builder> change) {
        var advanced = on.balancer().advancedConfiguration().toBuilder();
        change.accept(advanced);
        on.create(each -> { }, request -> request.loadBalancers(on.balancer().toBuilder()
                .advancedConfiguration(advanced.build()).build()));
    }

    static Stream<Arguments> invalid() {
        return Stream.of(
                invalid("no such rule", on -> on.elb.deleteRule(ShiftWorld.TEST),
                        on -> ". One or more rules not found"),
                invalid("both groups get traffic",
                        on -> on.elb.rule(ShiftWorld.PRODUCTION, Map.of(on.one, 1, on.two, 1)),
                        on -> ". productionListenerRule " + ShiftWorld.PRODUCTION + " should have exactly one target "
                                + "group serving traffic but found 2 target groups which are serving traffic"),
                invalid("another group gets traffic", on -> on.elb.rule(ShiftWorld.PRODUCTION,
                                Map.of(on.one, 0, on.two, 0, "arn:other", 1)),
                        on -> ". Production listener rule is forwarding traffic to unexpected target group arn:other. "
                                + "Expected traffic to be forwarded to either targetGroupArn: " + on.one
                                + " or alternateTargetGroupArn: " + on.two),
                invalid("a group that no rule names", on -> {
                    on.elb.rule(ShiftWorld.PRODUCTION, Map.of(on.one, 1));
                    on.elb.rule(ShiftWorld.TEST, Map.of(on.one, 1));
                }, on -> ": Target group " + on.two
                        + " is not associated with either productionListenerRule or testListenerRule."));
    }

    private interface Reason {
        String of(ShiftWorld on);
    }

    private static Arguments invalid(String name, Consumer<ShiftWorld> rules, Reason reason) {
        return Arguments.of(name, rules, reason);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("invalid")
    void rulesThatAreNotAsTheyShouldBeFailTheDeployment(String name, Consumer<ShiftWorld> rules, Reason reason) {
        rules.accept(on);
        on.create(each -> { });
        on.finish();
        assertThat(on.deployment().statusAsString()).as("there is nothing to go back to").isEqualTo("ROLLBACK_FAILED");
        assertThat(world.events("svc")).anyMatch(each -> each.endsWith("deployment failed: Service deployment rolled "
                + "back because of invalid networking configuration" + reason.of(on)));
        assertThat(world.live("svc")).isEmpty();
    }

    @Test
    void withoutATestRuleBothGroupsMustBeInTheOther() {
        on.elb.rule(ShiftWorld.PRODUCTION, Map.of(on.one, 1));
        create(advanced -> advanced.testListenerRule(null));
        on.finish();
        assertThat(world.events("svc")).anyMatch(each -> each.endsWith("invalid networking configuration. For "
                + "Application LoadBalancer, testListenerRule is required when productionListenerRule is not "
                + "associated with both targetGroup and alternateTargetGroup"));
        on.elb.rule(ShiftWorld.PRODUCTION, Map.of(on.one, 1, on.two, 0));
        on.deploy("web:2");
        on.finish();
        assertThat(on.deployment().statusAsString()).isEqualTo("SUCCESSFUL");
        assertThat(on.deployment().targetServiceRevision().requestedTestTrafficWeight()).isNull();
        assertThat(on.deployment().targetServiceRevision().requestedProductionTrafficWeight()).isEqualTo(100);
    }

    @Test
    void aRuleThatGoesAwayMeanwhileRollsBack() {
        on.created(each -> { });
        on.deploy("web:2");
        on.until(Stage.POST_SCALE_UP);
        on.elb.deleteRule(ShiftWorld.TEST);
        on.finish();
        assertThat(on.deployment().statusAsString()).isEqualTo("ROLLBACK_SUCCESSFUL");
        assertThat(on.deployment().statusReason()).isEqualTo("Service deployment rolled back because "
                + "TEST_TRAFFIC_SHIFT lifecycle hook(s) failed. One or more rules not found");
        assertThat(on.running()).containsExactly("web:1");
    }

    @Test
    void aChangeThatIsRefusedRollsBack() {
        on.created(each -> { });
        on.deploy("web:2");
        on.elb.refuseRule(ShiftWorld.PRODUCTION);
        on.finish();
        assertThat(on.deployment().statusAsString()).isEqualTo("ROLLBACK_SUCCESSFUL");
        assertThat(on.deployment().statusReason()).isEqualTo("Service deployment rolled back because "
                + "PRODUCTION_TRAFFIC_SHIFT lifecycle hook(s) failed. It is not to be");
    }

    @Test
    void whatElseARuleDoesStays() {
        on.created(each -> { });
        assertThat(on.elb.actions(ShiftWorld.PRODUCTION)).singleElement().satisfies(action ->
                assertThat(action.forwardConfig().targetGroupStickinessConfig().enabled()).isFalse());
    }

    @Test
    void trafficThatSomebodyMovedIsMovedBackBeforeGreenIsThere() {
        on.created(each -> { });
        on.guard = false;
        on.elb.rule(ShiftWorld.PRODUCTION, Map.of(on.one, 70, on.two, 30));
        on.deploy("web:2");
        on.until(Stage.SCALE_UP);
        assertThat(on.elb.weights(ShiftWorld.PRODUCTION)).isEqualTo(Map.of(on.one, 0, on.two, 100));
        on.guard = true;
        on.finish();
        assertThat(on.deployment().statusAsString()).isEqualTo("SUCCESSFUL");
    }

    @Test
    void theDefaultRuleIsChangedWithItsListener() {
        String rule = ShiftWorld.PRODUCTION.replace("/production", "/default");
        on.elb.rule(rule, Map.of(on.one, 1, on.two, 0));
        create(advanced -> advanced.productionListenerRule(rule));
        on.finish();
        assertThat(on.deployment().statusAsString()).isEqualTo("SUCCESSFUL");
        assertThat(on.elb.weights(rule)).isEqualTo(Map.of(on.one, 0, on.two, 100));
    }

    @Test
    void theListenersOfANetworkLoadBalancerTakeTurns() {
        on.elb.rule(LISTENER, Map.of(on.one, 1));
        on.elb.rule(TEST_LISTENER, Map.of(on.two, 1));
        on.production = LISTENER;
        create(advanced -> advanced.productionListenerRule(LISTENER).testListenerRule(TEST_LISTENER));
        on.finish();
        assertThat(on.elb.weights(LISTENER)).as("both stay in use").isEqualTo(Map.of(on.one, 0, on.two, 100));
        assertThat(on.elb.weights(TEST_LISTENER)).isEqualTo(Map.of(on.one, 0, on.two, 100));
        on.guard = true;
        world.updateService(request -> request.taskDefinition("web:2")
                .deploymentConfiguration(each -> each.bakeTimeInMinutes(5)));
        on.until(Stage.BAKE_TIME);
        on.stop("ROLLBACK");
        on.finish();
        assertThat(on.elb.weights(LISTENER)).isEqualTo(Map.of(on.one, 0, on.two, 100));
        on.deploy("web:3");
        on.settle();
        on.pass(Duration.ofMinutes(5));
        on.finish();
        assertThat(on.elb.weights(LISTENER)).isEqualTo(Map.of(on.one, 100, on.two, 0));
        assertThat(on.elb.weights(TEST_LISTENER)).isEqualTo(Map.of(on.one, 100, on.two, 0));
        assertThat(on.running()).containsExactly("web:3");
    }

    @Test
    void aNetworkLoadBalancerTakesItsShareStepByStep() {
        on.elb.rule(LISTENER, Map.of(on.one, 1));
        on.production = LISTENER;
        on.create(each -> each.strategy("CANARY").canaryConfiguration(canary -> canary.canaryPercent(0.1)),
                request -> request.loadBalancers(on.balancer().toBuilder().advancedConfiguration(advanced -> advanced
                        .alternateTargetGroupArn(on.two).productionListenerRule(LISTENER).roleArn("arn:role"))
                        .build()));
        on.until(Stage.SCALE_UP);
        assertThat(on.elb.weights(LISTENER)).as("green's group is checked from now on")
                .isEqualTo(Map.of(on.one, 100, on.two, 0));
        on.finish();
        assertThat(on.elb.weights(LISTENER)).as("nobody else has any tasks")
                .isEqualTo(Map.of(on.one, 0, on.two, 100));
        on.guard = true;
        on.deploy("web:2");
        on.settle();
        assertThat(on.elb.weights(LISTENER)).isEqualTo(Map.of(on.one, 1, on.two, 999));
        on.pass(Duration.ofMinutes(10));
        on.finish();
        assertThat(on.elb.weights(LISTENER)).isEqualTo(Map.of(on.one, 100, on.two, 0));
        world.updateService(request -> request.taskDefinition("web:3").deploymentConfiguration(each -> each
                .strategy("LINEAR").linearConfiguration(linear -> linear.stepPercent(50.0).stepBakeTimeInMinutes(1))));
        on.settle();
        assertThat(on.elb.weights(LISTENER)).isEqualTo(Map.of(on.one, 50, on.two, 50));
        on.stop("ROLLBACK");
        on.finish();
        assertThat(on.elb.weights(LISTENER)).isEqualTo(Map.of(on.one, 100, on.two, 0));
        assertThat(on.running()).containsExactly("web:2");
    }

    @Test
    void nothingGoesOnBeforeDataPlanesDoAsTheyAreTold() {
        on.created(each -> { });
        on.deploy("web:2");
        on.until(Stage.PRODUCTION_TRAFFIC_SHIFT);
        var looks = new TrafficLooks(on.decisions, on.elb, on.elb);
        assertThat(looks.look(ShiftWorld.SERVICE)).as("when to look again").contains(Duration.ofSeconds(1));
        assertThat(on.elb.weights(ShiftWorld.PRODUCTION)).isEqualTo(Map.of(on.one, 100, on.two, 0));
        assertThat(on.elb.carried(ShiftWorld.PRODUCTION)).isEqualTo(Map.of(on.one, 0, on.two, 100));
        assertThat(looks.look(ShiftWorld.SERVICE)).contains(Duration.ofSeconds(1));
        assertThat(on.shift().orElseThrow().trafficSettled()).isFalse();
        on.elb.arrive();
        assertThat(looks.look(ShiftWorld.SERVICE)).isEmpty();
        assertThat(on.shift().orElseThrow().trafficSettled()).isTrue();
    }

    @Test
    void aLoadBalancerThatDoesNotAnswerIsWaitedFor() {
        on.created(each -> { });
        on.deploy("web:2");
        on.until(Stage.POST_SCALE_UP);
        world.reconcile("svc");
        assertThat(on.shift().orElseThrow().stage()).isEqualTo(Stage.TEST_TRAFFIC_SHIFT);
        on.guard = false;
        on.elb.broken("broken");
        var looks = new TrafficLooks(on.decisions, on.elb, on.elb);
        assertThatThrownBy(() -> looks.look(ShiftWorld.SERVICE))
                .isInstanceOf(ElasticLoadBalancingV2Exception.class);
        assertThat(on.shift().orElseThrow().progress().refusal()).isEmpty();
        on.elb.broken("mended");
        on.guard = true;
        on.finish();
        assertThat(on.deployment().statusAsString()).isEqualTo("SUCCESSFUL");
    }

    @Test
    void aDeploymentThatTakesAMonthRollsBack() {
        on.created(each -> { });
        world.updateService(request -> request.taskDefinition("web:2").deploymentConfiguration(each ->
                each.strategy("LINEAR").linearConfiguration(linear ->
                        linear.stepPercent(3.0).stepBakeTimeInMinutes(1_440))));
        on.settle();
        for (int days = 0; days < 29; days++) {
            on.pass(Duration.ofDays(1));
        }
        assertThat(on.shift().orElseThrow().stage()).isEqualTo(Stage.PRODUCTION_TRAFFIC_SHIFT);
        on.pass(Duration.ofDays(1));
        on.finish();
        assertThat(on.deployment().statusReason())
                .isEqualTo("Service deployment rolled back because the service deployment timed out.");
        assertThat(on.running()).containsExactly("web:1");
    }

    @Test
    void aStageThatTakesADayRollsBack() {
        on.created(each -> { });
        on.failing.add("web:2");
        on.deploy("web:2");
        on.settle();
        on.pass(Duration.ofHours(24));
        on.finish();
        assertThat(on.deployment().statusAsString()).isEqualTo("ROLLBACK_SUCCESSFUL");
        assertThat(on.deployment().statusReason())
                .isEqualTo("Service deployment rolled back because the SCALE_UP lifecycle stage timed out.");
        assertThat(List.of("web:1")).isEqualTo(on.running());
    }
}
