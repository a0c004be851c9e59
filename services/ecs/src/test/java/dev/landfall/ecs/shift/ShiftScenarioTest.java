package dev.landfall.ecs.shift;

import static org.assertj.core.api.Assertions.assertThat;

import dev.landfall.ecs.World;
import dev.landfall.ecs.deployment.AlarmState;
import dev.landfall.ecs.deployment.DescribeServiceRevisions;
import dev.landfall.ecs.deployment.ObserveAlarms;
import dev.landfall.ecs.deployment.ServiceDeployments;
import dev.landfall.ecs.protection.UpdateTaskProtection;
import dev.landfall.ecs.service.DeleteService;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.ecs.model.DeleteServiceRequest;
import software.amazon.awssdk.services.ecs.model.Deployment;
import software.amazon.awssdk.services.ecs.model.DescribeServiceRevisionsRequest;
import software.amazon.awssdk.services.ecs.model.ServiceDeployment;
import software.amazon.awssdk.services.ecs.model.UpdateTaskProtectionRequest;

/** Deployments that shift traffic, from their beginning to whatever end they come to. */
@SuppressWarnings("unchecked") // the SDK takes several consumers as a generic array
class ShiftScenarioTest {
    private static final List<String> ALL_AT_ONCE = List.of("PRE_SCALE_UP", "SCALE_UP", "POST_SCALE_UP",
            "TEST_TRAFFIC_SHIFT", "POST_TEST_TRAFFIC_SHIFT", "PRE_PRODUCTION_TRAFFIC_SHIFT",
            "PRODUCTION_TRAFFIC_SHIFT 1", "POST_PRODUCTION_TRAFFIC_SHIFT 1", "BAKE_TIME 1", "CLEAN_UP 1");

    private final ShiftWorld on = new ShiftWorld();
    private final World world = on.world;

    private Map<String, Integer> production() {
        return on.elb.weights(ShiftWorld.PRODUCTION);
    }

    @Test
    void theFirstDeploymentGoesWhereNoTrafficIsYet() {
        on.create(each -> each.bakeTimeInMinutes(0));
        on.finish();
        assertThat(on.stages).isEqualTo(ALL_AT_ONCE);
        assertThat(production()).isEqualTo(Map.of(on.one, 0, on.two, 100));
        assertThat(on.elb.weights(ShiftWorld.TEST)).as("which was so before").isEqualTo(Map.of(on.two, 1));
        assertThat(on.elb.states(on.two)).hasSize(2);
        assertThat(on.elb.states(on.one)).isEmpty();
        assertThat(on.deployment().statusAsString()).isEqualTo("SUCCESSFUL");
        assertThat(world.events("svc")).contains("has reached a steady state.");
    }

    @Test
    void greenIsScaledUpBesideBlueAndTakesItsPlace() {
        on.created(each -> each.bakeTimeInMinutes(5));
        on.deploy("web:2");
        on.until(Stage.POST_SCALE_UP);
        assertThat(on.running()).containsExactly("web:1", "web:2");
        assertThat(world.live("svc")).hasSize(4);
        assertThat(on.elb.states(on.one)).hasSize(2).containsValue("healthy");
        assertThat(production()).isEqualTo(Map.of(on.one, 0, on.two, 100));
        weights(0, 0);

        on.until(Stage.POST_TEST_TRAFFIC_SHIFT);
        assertThat(on.elb.weights(ShiftWorld.TEST)).isEqualTo(Map.of(on.one, 100, on.two, 0));
        weights(0, 100);

        on.until(Stage.BAKE_TIME);
        assertThat(production()).isEqualTo(Map.of(on.one, 100, on.two, 0));
        assertThat(on.deployment().lifecycleStageAsString()).isEqualTo("BAKE_TIME");
        weights(100, 100);
        on.settle();
        on.pass(Duration.ofSeconds(299));
        assertThat(on.shift().orElseThrow().stage()).isEqualTo(Stage.BAKE_TIME);
        assertThat(world.live("svc")).hasSize(4);

        on.pass(Duration.ofSeconds(1));
        assertThat(on.running()).containsExactly("web:2");
        assertThat(on.elb.states(on.two)).hasSize(2).containsValue("draining");
        assertThat(on.deployment().statusAsString()).isEqualTo("IN_PROGRESS");
        on.finish();
        assertThat(on.deployment().statusAsString()).isEqualTo("SUCCESSFUL");
        assertThat(on.deployment().lifecycleStageAsString()).isEqualTo("CLEAN_UP");
        assertThat(on.stages).isEqualTo(ALL_AT_ONCE);
        assertThat(world.service("svc").deployments()).hasSize(1);
        assertThat(on.shift()).isEmpty();
        assertThat(revision(world.service("svc").deployments().getFirst())).isEqualTo(on.one);
    }

    /** The target group that a revision says it is in. */
    private String revision(Deployment deployment) {
        String arn = ServiceDeployments.revisionArn(ShiftWorld.SERVICE, deployment);
        var request = DescribeServiceRevisionsRequest.builder().serviceRevisionArns(arn).build();
        return DescribeServiceRevisions.read(world.image(), request, World.SCOPE)
                .serviceRevisions().getFirst().resolvedConfiguration().loadBalancers().getFirst().targetGroupArn();
    }

    private void weights(double production, double test) {
        ServiceDeployment now = on.deployment();
        assertThat(now.targetServiceRevision().requestedProductionTrafficWeight()).isEqualTo(production);
        assertThat(now.targetServiceRevision().requestedTestTrafficWeight()).isEqualTo(test);
        assertThat(now.sourceServiceRevisions()).singleElement().satisfies(blue -> {
            assertThat(blue.requestedProductionTrafficWeight()).isEqualTo(100 - production);
            assertThat(blue.requestedTestTrafficWeight()).isEqualTo(100 - test);
            assertThat(blue.runningTaskCount()).isEqualTo(2);
        });
    }

    @Test
    void theGroupsTakeTurns() {
        on.created(each -> { });
        for (String definition : List.of("web:2", "web:3", "web:4")) {
            var before = production();
            on.deploy(definition);
            on.finish();
            assertThat(production()).isEqualTo(Map.of(on.one, before.get(on.two), on.two, before.get(on.one)));
            assertThat(on.running()).containsExactly(definition);
        }
    }

    @Test
    void aCanaryGetsALittleBeforeTheRest() {
        on.created(each -> each.strategy("CANARY").canaryConfiguration(canary ->
                canary.canaryPercent(12.5).canaryBakeTimeInMinutes(10)).bakeTimeInMinutes(1));
        on.deploy("web:2");
        on.settle();
        assertThat(production()).isEqualTo(Map.of(on.one, 125, on.two, 875));
        assertThat(on.deployment().lifecycleStageAsString()).isEqualTo("PRODUCTION_TRAFFIC_SHIFT");
        weights(12.5, 100);
        on.pass(Duration.ofSeconds(599));
        assertThat(production()).containsEntry(on.one, 125);
        on.pass(Duration.ofSeconds(1));
        assertThat(production()).isEqualTo(Map.of(on.one, 100, on.two, 0));
        assertThat(on.shift().orElseThrow().stage()).isEqualTo(Stage.BAKE_TIME);
        on.pass(Duration.ofMinutes(1));
        on.finish();
        assertThat(on.running()).containsExactly("web:2");
        assertThat(on.stages).contains("PRE_PRODUCTION_TRAFFIC_SHIFT", "PRODUCTION_TRAFFIC_SHIFT 1",
                "PRE_PRODUCTION_TRAFFIC_SHIFT 1", "PRODUCTION_TRAFFIC_SHIFT 2", "POST_PRODUCTION_TRAFFIC_SHIFT 2");
    }

    @ParameterizedTest
    @ValueSource(strings = {"CANARY", "LINEAR"})
    void theFirstRevisionGetsAllTrafficAtOnce(String strategy) {
        on.create(each -> each.strategy(strategy));
        on.settle();
        assertThat(production()).as("before any time has passed").isEqualTo(Map.of(on.one, 0, on.two, 100));
        on.finish();
        on.deploy("web:2");
        on.settle();
        assertThat(production()).as("the next one goes as configured")
                .isEqualTo(strategy.equals("CANARY") ? Map.of(on.one, 5, on.two, 95) : Map.of(on.one, 10, on.two, 90));
    }

    @Test
    void aLinearShiftGoesStepByStep() {
        on.created(each -> each.strategy("LINEAR").linearConfiguration(linear ->
                linear.stepPercent(30.0).stepBakeTimeInMinutes(2)));
        on.deploy("web:2");
        on.settle();
        for (int percent : List.of(30, 60, 90)) {
            assertThat(production()).isEqualTo(Map.of(on.one, percent, on.two, 100 - percent));
            on.pass(Duration.ofSeconds(119));
            assertThat(production()).containsEntry(on.one, percent);
            on.pass(Duration.ofSeconds(1));
        }
        assertThat(production()).isEqualTo(Map.of(on.one, 100, on.two, 0));
        assertThat(on.running()).as("the last step is followed by no step bake time").containsExactly("web:2");
        on.finish();
    }

    @ParameterizedTest
    @EnumSource(value = Stage.class, names = {"PRE_SCALE_UP", "SCALE_UP", "POST_SCALE_UP", "TEST_TRAFFIC_SHIFT",
        "POST_TEST_TRAFFIC_SHIFT", "PRE_PRODUCTION_TRAFFIC_SHIFT", "PRODUCTION_TRAFFIC_SHIFT",
        "POST_PRODUCTION_TRAFFIC_SHIFT", "BAKE_TIME"})
    void aRollbackGivesTheTrafficBackBeforeGreenGoes(Stage at) {
        on.created(each -> each.strategy("CANARY").bakeTimeInMinutes(5));
        String good = world.service("svc").deployments().getFirst().id();
        on.deploy("web:2");
        reach(at);
        on.stop("ROLLBACK");
        on.stages.clear();
        on.settle();
        assertThat(on.stages).containsSubsequence(
                "PRODUCTION_TRAFFIC_BACK", "TEST_TRAFFIC_BACK", "CLEAN_UP_BACK");
        assertThat(production()).containsEntry(on.two, 100);
        on.finish();
        ServiceDeployment over = on.deployment();
        assertThat(over.statusAsString()).isEqualTo("ROLLBACK_SUCCESSFUL");
        assertThat(over.statusReason())
                .isEqualTo("Service deployment rolled back because of a request to stop it.");
        assertThat(over.rollback().serviceRevisionArn()).endsWith(good.substring(good.indexOf('/')));
        assertThat(on.running()).containsExactly("web:1");
        assertThat(world.service("svc").deployments()).singleElement()
                .satisfies(each -> assertThat(each.id()).isEqualTo(good));
        assertThat(on.elb.states(on.one)).isEmpty();

        on.deploy("web:3");
        on.finish();
        assertThat(on.running()).containsExactly("web:3");
        assertThat(on.deployment().statusAsString()).isEqualTo("SUCCESSFUL");
    }

    private void reach(Stage at) {
        if (at.compareTo(Stage.PRODUCTION_TRAFFIC_SHIFT) > 0) {
            on.until(Stage.PRODUCTION_TRAFFIC_SHIFT);
            on.settle();
            world.pass(Duration.ofMinutes(10));
        }
        on.until(at);
    }

    @ParameterizedTest
    @EnumSource(value = Stage.class, names = {"PRE_SCALE_UP", "SCALE_UP", "POST_SCALE_UP", "TEST_TRAFFIC_SHIFT",
        "POST_TEST_TRAFFIC_SHIFT", "PRE_PRODUCTION_TRAFFIC_SHIFT", "PRODUCTION_TRAFFIC_SHIFT",
        "POST_PRODUCTION_TRAFFIC_SHIFT", "BAKE_TIME", "CLEAN_UP"})
    void aNewDeploymentBeginsWhereTheOneBeforeCanBeLeft(Stage at) {
        on.created(each -> each.strategy("CANARY").bakeTimeInMinutes(5));
        on.deploy("web:2");
        if (at == Stage.CLEAN_UP) {
            reach(Stage.BAKE_TIME);
            on.settle();
            world.pass(Duration.ofMinutes(5));
            on.until(at);
            on.turn();
        } else {
            reach(at);
        }
        on.stages.clear();
        on.deploy("web:3");
        on.finish();
        assertThat(on.running()).containsExactly("web:3");
        assertThat(on.deployment().statusAsString()).isEqualTo("SUCCESSFUL");
        assertThat(world.service("svc").deployments()).hasSize(1);
        boolean others = at.compareTo(Stage.SCALE_UP) > 0 && at != Stage.CLEAN_UP;
        assertThat(on.stages.getFirst()).isEqualTo(others ? "RECONCILE_SERVICE" : "PRE_SCALE_UP");
    }

    @ParameterizedTest
    @EnumSource(value = Stage.class, names = {"SCALE_UP", "POST_TEST_TRAFFIC_SHIFT", "PRODUCTION_TRAFFIC_SHIFT",
        "BAKE_TIME", "CLEAN_UP"})
    void anAbortLeavesEverythingAsItIs(Stage at) {
        on.created(each -> each.strategy("CANARY").bakeTimeInMinutes(5));
        on.deploy("web:2");
        if (at == Stage.CLEAN_UP) {
            reach(Stage.BAKE_TIME);
            on.settle();
            world.pass(Duration.ofMinutes(5));
            on.until(at);
        } else {
            reach(at);
            on.turn();
        }
        var before = production();
        on.stop("ABORT");
        on.finish();
        assertThat(on.deployment().statusAsString()).isEqualTo("STOPPED");
        assertThat(production()).isEqualTo(before);
        on.pass(Duration.ofHours(48));
        assertThat(production()).isEqualTo(before);

        on.deploy("web:3");
        on.finish();
        assertThat(on.running()).containsExactly("web:3");
        assertThat(on.deployment().statusAsString()).isEqualTo("SUCCESSFUL");
    }

    @Test
    void anAlarmRollsBackWhileItBakes() {
        on.create(each -> each.bakeTimeInMinutes(5).alarms(alarms ->
                alarms.alarmNames("errors").enable(true).rollback(true)), request -> { });
        observe(false);
        on.finish();
        on.guard = true;
        on.deploy("web:2");
        observe(false);
        on.until(Stage.BAKE_TIME);
        on.settle();
        observe(true);
        on.settle();
        assertThat(production()).isEqualTo(Map.of(on.one, 0, on.two, 100));
        on.finish();
        assertThat(on.deployment().statusAsString()).isEqualTo("ROLLBACK_SUCCESSFUL");
        assertThat(on.deployment().statusReason())
                .isEqualTo("Service deployment rolled back because of a CloudWatch alarm.");
        assertThat(on.running()).containsExactly("web:1");
    }

    private void observe(boolean alarm) {
        world.apply(ObserveAlarms.decide(world.image(), world.service("svc").currentServiceDeployment(),
                List.of(new AlarmState("errors", alarm, 60)), world.context()));
    }

    @Test
    void tasksThatFailTripTheCircuitBreakerAndBlueIsNeverHeldUp() {
        on.created(each -> each.deploymentCircuitBreaker(breaker -> breaker.enable(true).rollback(true)));
        on.failing.add("web:2");
        on.deploy("web:2");
        on.until(Stage.SCALE_UP);
        on.turn();
        world.exited(world.live("svc").stream().filter(task -> ShiftWorld.revision(task).equals("web:1")).findFirst()
                .orElseThrow().arn(), 1);
        on.turn();
        on.turn();
        assertThat(world.live("svc").stream().filter(task -> ShiftWorld.revision(task).equals("web:1")))
                .as("blue's tasks are replaced while green's are throttled").hasSize(2);
        on.finish();
        assertThat(on.deployment().statusAsString()).isEqualTo("ROLLBACK_SUCCESSFUL");
        assertThat(on.deployment().statusReason()).isEqualTo(
                "Service deployment rolled back because the circuit breaker threshold was exceeded.");
        assertThat(on.deployment().deploymentCircuitBreaker().statusAsString()).isEqualTo("TRIGGERED");
        assertThat(on.running()).containsExactly("web:1");
        assertThat(production()).isEqualTo(Map.of(on.one, 0, on.two, 100));
    }

    @Test
    void aFirstDeploymentThatFailsHasNothingToGoBackTo() {
        on.failing.add("web:1");
        on.create(each -> each.deploymentCircuitBreaker(breaker -> breaker.enable(true).rollback(true)));
        on.finish();
        assertThat(on.deployment().statusAsString()).isEqualTo("ROLLBACK_FAILED");
        assertThat(on.deployment().statusReason())
                .isEqualTo("No rollback candidate was found to run the rollback.");
        on.deploy("web:2");
        on.finish();
        assertThat(on.deployment().statusAsString()).isEqualTo("SUCCESSFUL");
        assertThat(on.running()).containsExactly("web:2");
    }

    @Test
    void whatWasHaltedStillFollowsTheDesiredCountDown() {
        on.create(each -> { });
        on.until(Stage.POST_SCALE_UP);
        on.stop("ABORT");
        on.finish();
        assertThat(world.live("svc")).hasSize(2);
        world.exited(world.live("svc").getFirst().arn(), 1);
        on.settle();
        assertThat(world.live("svc")).as("nothing is started any more").hasSize(1);
        world.updateService(request -> request.desiredCount(0));
        on.settle();
        assertThat(world.live("svc")).isEmpty();
    }

    @Test
    void tasksOfBlueThatAreProtectedStayUntilThatEnds() {
        on.created(each -> { });
        String task = world.live("svc").getFirst().arn();
        var request = UpdateTaskProtectionRequest.builder().cluster("default").tasks(task).protectionEnabled(true)
                .expiresInMinutes(60).build();
        world.decide((image, scope, context) -> UpdateTaskProtection.decide(image, request, scope, context));
        on.deploy("web:2");
        on.settle();
        on.pass(ShiftWorld.DELAY);
        assertThat(world.live("svc")).hasSize(3).anyMatch(row -> row.arn().equals(task));
        assertThat(on.shift().orElseThrow().stage()).isEqualTo(Stage.CLEAN_UP);
        assertThat(production()).containsEntry(on.one, 100);
        on.pass(Duration.ofMinutes(60));
        on.finish();
        assertThat(on.running()).containsExactly("web:2");
        assertThat(on.deployment().statusAsString()).isEqualTo("SUCCESSFUL");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 5})
    void bothRevisionsFollowTheDesiredCount(int desired) {
        on.created(each -> each.bakeTimeInMinutes(5));
        on.guard = desired > 0;
        on.deploy("web:2");
        on.until(Stage.POST_SCALE_UP);
        world.updateService(request -> request.desiredCount(desired));
        on.settle();
        assertThat(world.live("svc")).hasSize(2 * desired);
        assertThat(world.service("svc").deployments()).allSatisfy(each ->
                assertThat(each.desiredCount()).isEqualTo(desired));
        on.pass(Duration.ofMinutes(5));
        on.finish();
        assertThat(world.live("svc")).hasSize(desired)
                .allMatch(task -> ShiftWorld.revision(task).equals("web:2"));
    }

    @ParameterizedTest
    @EnumSource(value = Stage.class, names = {"PRE_SCALE_UP", "POST_SCALE_UP", "BAKE_TIME", "CLEAN_UP"})
    void aDeletedServiceTakesBothRevisionsWithIt(Stage at) {
        on.created(each -> { });
        on.deploy("web:2");
        on.until(at);
        on.guard = false;
        var request = DeleteServiceRequest.builder().service("svc").force(true).build();
        world.decide((image, scope, context) -> DeleteService.decide(image, request, scope));
        on.settle();
        on.pass(ShiftWorld.DELAY);
        on.settle();
        assertThat(world.service("svc").status()).isEqualTo("INACTIVE");
        assertThat(on.shift()).isEmpty();
        assertThat(world.live("svc")).isEmpty();
    }

    @Test
    void withoutLoadBalancersTheRevisionsChangeAllTheSame() {
        on.create(each -> each.bakeTimeInMinutes(3), request -> request.loadBalancers(List.of()));
        on.finish();
        world.updateService(request -> request.taskDefinition("web:2"));
        on.stages.clear();
        on.settle();
        assertThat(on.running()).containsExactly("web:1", "web:2");
        on.pass(Duration.ofMinutes(3));
        on.finish();
        assertThat(on.stages).isEqualTo(ALL_AT_ONCE);
        assertThat(on.running()).containsExactly("web:2");
        assertThat(on.deployment().targetServiceRevision().requestedProductionTrafficWeight()).isNull();
    }

    @Test
    void theStrategyOfAServiceCanBeChanged() {
        on.guard = false;
        on.create(each -> each.strategy("ROLLING"), request -> request.loadBalancers(it ->
                it.targetGroupArn(on.one).containerName("app").containerPort(80)));
        on.finish();
        on.guard = true;
        world.updateService(request -> request.taskDefinition("web:2").loadBalancers(on.balancer())
                .deploymentConfiguration(each -> each.strategy("BLUE_GREEN")));
        on.finish();
        assertThat(on.stages).isEqualTo(ALL_AT_ONCE);
        assertThat(production()).isEqualTo(Map.of(on.one, 0, on.two, 100));

        world.updateService(request -> request.taskDefinition("web:3")
                .deploymentConfiguration(each -> each.strategy("ROLLING")));
        on.finish();
        assertThat(on.running()).containsExactly("web:3");
        assertThat(on.elb.states(on.two)).as("where the traffic is").hasSize(2);
        assertThat(on.elb.states(on.one)).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(value = Stage.class, names = {"SCALE_UP", "POST_TEST_TRAFFIC_SHIFT", "BAKE_TIME", "CLEAN_UP"})
    void aRollingUpdateCanOvertakeAShift(Stage at) {
        on.created(each -> { });
        on.deploy("web:2");
        on.until(at);
        world.updateService(request -> request.taskDefinition("web:3")
                .deploymentConfiguration(each -> each.strategy("ROLLING")));
        on.finish();
        assertThat(on.running()).containsExactly("web:3");
        assertThat(on.deployment().statusAsString()).isEqualTo("SUCCESSFUL");
        String serving = production().entrySet().stream().filter(each -> each.getValue() > 0).findFirst()
                .orElseThrow().getKey();
        assertThat(on.elb.states(serving)).hasSize(2);
    }
}
