package dev.landfall.ecs.shift;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.landfall.ecs.World;
import dev.landfall.ecs.deployment.ServiceDeployments;
import dev.landfall.wire.DocumentJson;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.core.document.Document;
import software.amazon.awssdk.services.ecs.model.ContinueServiceDeploymentRequest;
import software.amazon.awssdk.services.ecs.model.DeploymentLifecycleHook;
import software.amazon.awssdk.services.ecs.model.DeploymentLifecycleHookDetail;
import software.amazon.awssdk.services.ecs.model.DeploymentLifecycleHookStage;
import software.amazon.awssdk.services.ecs.model.InvalidParameterException;
import software.amazon.awssdk.services.ecs.model.ServiceDeployment;
import software.amazon.awssdk.services.ecs.model.ServiceDeploymentNotFoundException;

/** Lifecycle hooks of both kinds: what their targets are told, and what comes of what they answer. */
@SuppressWarnings("unchecked") // the SDK takes several consumers as a generic array
class ShiftHooksTest {
    private static final String URL = "http://hooks.test/check";
    private static final String BECAUSE = "Service deployment rolled back because ";

    private final ShiftWorld on = new ShiftWorld();
    private final World world = on.world;

    private static DeploymentLifecycleHook calling(String... stages) {
        return DeploymentLifecycleHook.builder().hookTargetArn(URL).lifecycleStagesWithStrings(stages).build();
    }

    private static DeploymentLifecycleHook pausing(String... stages) {
        return DeploymentLifecycleHook.builder().targetType("PAUSE").lifecycleStagesWithStrings(stages)
                .timeoutConfiguration(timeout -> timeout.timeoutInMinutes(10)).build();
    }

    private void deploy(DeploymentLifecycleHook... hooks) {
        on.created(each -> each.strategy("CANARY"));
        world.updateService(request -> request.taskDefinition("web:2").deploymentConfiguration(each ->
                each.lifecycleHooks(hooks)));
    }

    private void answers(HookAnswer... answers) {
        on.answers.put(URL, new ArrayDeque<>(List.of(answers)));
    }

    private static HookAnswer answered(String json) {
        return new HookAnswer.Answered(json);
    }

    @Test
    void aTargetIsToldAllThatALambdaFunctionWouldBe() {
        deploy(DeploymentLifecycleHook.builder().hookTargetArn(URL).hookDetails(Document.mapBuilder()
                        .putString("bucket", "b").build())
                .lifecycleStagesWithStrings("POST_TEST_TRAFFIC_SHIFT").build());
        on.settle();
        String id = world.service("svc").deployments().getFirst().id();
        assertThat(on.payloads).singleElement().satisfies(payload -> {
            Map<String, Document> event = DocumentJson.read(payload).asMap();
            assertThat(event).containsOnlyKeys(
                    "executionId", "lifecycleStage", "resourceArn", "executionDetails", "hookDetails");
            assertThat(event.get("executionId").asString()).matches("[0-9a-f-]{36}");
            assertThat(event.get("lifecycleStage").asString()).isEqualTo("POST_TEST_TRAFFIC_SHIFT");
            assertThat(event.get("resourceArn").asString())
                    .isEqualTo(world.service("svc").currentServiceDeployment());
            assertThat(DocumentJson.write(event.get("executionDetails"))).isEqualTo("{\"serviceArn\":\""
                    + ShiftWorld.SERVICE + "\",\"targetServiceRevisionArn\":\""
                    + ServiceDeployments.revisionArn(ShiftWorld.SERVICE, id)
                    + "\",\"testTrafficWeights\":{},\"productionTrafficWeights\":{}}");
            assertThat(DocumentJson.write(event.get("hookDetails"))).isEqualTo("{\"bucket\":\"b\"}");
        });
    }

    @Test
    void everyStepOfTheTrafficIsTold() {
        deploy(calling("TEST_TRAFFIC_SHIFT", "PRE_PRODUCTION_TRAFFIC_SHIFT", "PRODUCTION_TRAFFIC_SHIFT"));
        on.finish();
        List<String> told = on.payloads.stream().map(DocumentJson::read).map(Document::asMap).map(event -> {
            Map<String, Document> details = event.get("executionDetails").asMap();
            String green = details.get("targetServiceRevisionArn").asString();
            return event.get("lifecycleStage").asString() + weights(details.get("testTrafficWeights"), green)
                    + weights(details.get("productionTrafficWeights"), green);
        }).toList();
        assertThat(told).containsExactly("TEST_TRAFFIC_SHIFT[100, 0][]", "PRE_PRODUCTION_TRAFFIC_SHIFT[][0, 100]",
                "PRODUCTION_TRAFFIC_SHIFT[][5, 95]", "PRE_PRODUCTION_TRAFFIC_SHIFT[][5, 95]",
                "PRODUCTION_TRAFFIC_SHIFT[][100, 0]");
    }

    /** Green's, then blue's. */
    private static List<String> weights(Document weights, String green) {
        return weights.asMap().entrySet().stream()
                .sorted((a, b) -> Boolean.compare(b.getKey().equals(green), a.getKey().equals(green)))
                .map(each -> each.getValue().asNumber().stringValue()).toList();
    }

    @Test
    void aTargetThatIsStillAtItIsCalledAgain() {
        answers(answered("{\"hookStatus\":\"IN_PROGRESS\",\"hookDetails\":{\"seen\":1}}"),
                answered("{\"hookStatus\":\"IN_PROGRESS\",\"callBackDelay\":5,\"hookDetails\":{\"more\":true}}"),
                answered("{\"hookStatus\":\"SUCCEEDED\"}"));
        deploy(calling("POST_SCALE_UP"));
        on.settle();
        assertThat(on.payloads).hasSize(1);
        assertThat(on.deployment().lifecycleHookDetails()).singleElement().satisfies(hook -> {
            assertThat(hook.hookId()).matches("ecs-lambda-[A-Za-z0-9_-]{43}");
            assertThat(hook.statusAsString()).isEqualTo("IN_PROGRESS");
            assertThat(hook.targetTypeAsString()).isEqualTo("AWS_LAMBDA");
            assertThat(hook.targetArn()).isEqualTo(URL);
            assertThat(hook.timeoutActionAsString()).isEqualTo("ROLLBACK");
            assertThat(hook.expiresAt()).isEqualTo(world.now().plus(Duration.ofHours(24)));
        });
        on.pass(Duration.ofSeconds(29));
        assertThat(on.payloads).hasSize(1);
        on.pass(Duration.ofSeconds(1));
        assertThat(on.payloads).hasSize(2);
        assertThat(on.payloads.getLast()).contains("\"hookDetails\":{\"seen\":1}");
        on.pass(Duration.ofSeconds(5));
        assertThat(on.payloads).hasSize(3);
        assertThat(on.payloads.getLast()).contains("\"hookDetails\":{\"seen\":1,\"more\":true}");
        assertThat(on.payloads.stream().map(each -> DocumentJson.read(each).asMap().get("executionId").asString()))
                .as("all of them are one execution").containsOnly(DocumentJson.read(on.payloads.getFirst()).asMap()
                        .get("executionId").asString());
        assertThat(on.shift().orElseThrow().stage()).isEqualTo(Stage.PRODUCTION_TRAFFIC_SHIFT);
    }

    static Stream<Arguments> failures() {
        String invoke = "ECS was unable to invoke hook target " + URL + " due to ";
        String parse = "ECS was unable to parse the response from " + URL + " due to ";
        return Stream.of(
                Arguments.of(answered("{\"hookStatus\":\"FAILED\"}"),
                        "Lifecycle hook target " + URL + " returned FAILED status."),
                Arguments.of(answered("{}"), parse + "HookStatus must not be null"),
                Arguments.of(answered("[]"), parse + "HookStatus must not be null"),
                Arguments.of(answered("{\"hookStatus\":null}"), parse + "HookStatus must not be null"),
                Arguments.of(answered("{\"hookStatus\":\"DONE\"}"),
                        parse + "HookStatus must be one of SUCCEEDED, FAILED, IN_PROGRESS"),
                Arguments.of(answered("{\"hookStatus\":\"IN_PROGRESS\",\"hookDetails\":{\"x\":\""
                        + "x".repeat(300_000) + "\"}}"), parse + "hookDetails must not be longer"),
                Arguments.of(answered(""), parse),
                Arguments.of(answered("<html>"), parse),
                Arguments.of(new HookAnswer.Refused("404 Not Found"), invoke + "404 Not Found"),
                Arguments.of(new HookAnswer.Unanswered("connection refused"), invoke + "connection refused"));
    }

    @ParameterizedTest
    @MethodSource("failures")
    void whatFailsRollsBack(HookAnswer answer, String why) {
        answers(answer);
        deploy(calling("POST_SCALE_UP"));
        on.finish();
        ServiceDeployment over = on.deployment();
        assertThat(over.statusAsString()).isEqualTo("ROLLBACK_SUCCESSFUL");
        assertThat(over.statusReason()).startsWith(BECAUSE + "POST_SCALE_UP lifecycle hook(s) failed. " + why);
        assertThat(world.events("svc")).anyMatch(each -> each.contains("deployment failed: " + BECAUSE));
        assertThat(on.running()).containsExactly("web:1");
    }

    @Test
    void aTargetThatDoesNotAnswerIsCalledAFewTimesMore() {
        answers(new HookAnswer.Unanswered("timeout"), new HookAnswer.Unanswered("timeout"),
                answered("{\"hookStatus\":\"SUCCEEDED\"}"));
        deploy(calling("POST_SCALE_UP"));
        on.settle();
        on.pass(Duration.ofSeconds(1));
        assertThat(on.payloads).hasSize(2);
        on.pass(Duration.ofSeconds(1));
        assertThat(on.payloads).hasSize(2);
        on.pass(Duration.ofSeconds(1));
        assertThat(on.payloads).hasSize(3);
        on.finish();
        assertThat(on.deployment().statusAsString()).isEqualTo("SUCCESSFUL");
    }

    @Test
    void hooksOfTheTrafficAreCalledOnTheWayBackAndCannotHoldItUp() {
        answers(answered("{\"hookStatus\":\"SUCCEEDED\"}"), answered("{\"hookStatus\":\"SUCCEEDED\"}"),
                answered("{\"hookStatus\":\"FAILED\"}"));
        deploy(calling("TEST_TRAFFIC_SHIFT", "PRODUCTION_TRAFFIC_SHIFT"));
        on.settle();
        on.payloads.clear();
        on.stop("ROLLBACK");
        on.finish();
        assertThat(on.payloads).hasSize(2);
        assertThat(on.payloads.getFirst()).contains("\"lifecycleStage\":\"PRODUCTION_TRAFFIC_SHIFT\"");
        Map<String, Document> details = DocumentJson.read(on.payloads.getFirst()).asMap()
                .get("executionDetails").asMap();
        assertThat(weights(details.get("productionTrafficWeights"),
                details.get("targetServiceRevisionArn").asString())).containsExactly("0", "100");
        assertThat(on.deployment().statusAsString()).isEqualTo("ROLLBACK_SUCCESSFUL");
    }

    private DeploymentLifecycleHookDetail paused() {
        on.settle();
        return on.deployment().lifecycleHookDetails().getFirst();
    }

    private void go(String hookId, String action) {
        var request = ContinueServiceDeploymentRequest.builder().hookId(hookId).action(action)
                .serviceDeploymentArn(world.service("svc").currentServiceDeployment()).build();
        var reply = world.decide((image, scope, context) ->
                ContinueServiceDeployment.decide(image, request, scope));
        assertThat(reply.serviceDeploymentArn()).isEqualTo(request.serviceDeploymentArn());
    }

    @Test
    void aPauseWaitsUntilSomebodySaysHowItIsToGoOn() {
        deploy(pausing("POST_TEST_TRAFFIC_SHIFT"));
        DeploymentLifecycleHookDetail hook = paused();
        assertThat(hook.hookId()).matches("ecs-pause-[A-Za-z0-9_-]{43}");
        assertThat(hook.statusAsString()).isEqualTo("AWAITING_ACTION");
        assertThat(hook.targetTypeAsString()).isEqualTo("PAUSE");
        assertThat(hook.targetArn()).isNull();
        assertThat(hook.expiresAt()).isEqualTo(world.now().plus(Duration.ofMinutes(10)));
        assertThat(on.deployment().lifecycleStageAsString()).isEqualTo("POST_TEST_TRAFFIC_SHIFT");
        on.pass(Duration.ofMinutes(9));
        assertThat(on.shift().orElseThrow().stage()).isEqualTo(Stage.POST_TEST_TRAFFIC_SHIFT);
        go(hook.hookId(), null);
        on.finish();
        assertThat(on.deployment().statusAsString()).isEqualTo("SUCCESSFUL");
        assertThat(on.payloads).as("nobody is called").isEmpty();
    }

    @Test
    void aPauseCanBeTheEnd() {
        deploy(pausing("POST_SCALE_UP"));
        go(paused().hookId(), "ROLLBACK");
        on.finish();
        assertThat(on.deployment().statusAsString()).isEqualTo("ROLLBACK_SUCCESSFUL");
        assertThat(on.running()).containsExactly("web:1");
    }

    @Test
    void eachStepPausesAnew() {
        deploy(pausing("PRE_PRODUCTION_TRAFFIC_SHIFT"));
        String first = paused().hookId();
        go(first, "CONTINUE");
        on.settle();
        world.pass(Duration.ofMinutes(10));
        String second = paused().hookId();
        assertThat(second).isNotEqualTo(first);
        assertThat(on.elb.weights(ShiftWorld.PRODUCTION)).containsEntry(on.one, 5);
        go(second, "CONTINUE");
        on.finish();
        assertThat(on.deployment().statusAsString()).isEqualTo("SUCCESSFUL");
    }

    @Test
    void allHooksOfAStageHaveToPass() {
        deploy(pausing("POST_SCALE_UP"), pausing("POST_SCALE_UP"), calling("POST_SCALE_UP"));
        on.settle();
        assertThat(on.deployment().lifecycleHookDetails()).hasSize(3);
        assertThat(on.payloads).as("they run beside each other").hasSize(1);
        go(on.deployment().lifecycleHookDetails().getFirst().hookId(), "CONTINUE");
        on.settle();
        assertThat(on.shift().orElseThrow().stage()).isEqualTo(Stage.POST_SCALE_UP);
        go(on.deployment().lifecycleHookDetails().get(1).hookId(), "CONTINUE");
        on.settle();
        assertThat(on.shift().orElseThrow().stage()).isEqualTo(Stage.PRODUCTION_TRAFFIC_SHIFT);
    }

    @Test
    void aPauseThatNobodyEndsEndsByItself() {
        deploy(pausing("POST_TEST_TRAFFIC_SHIFT"));
        on.settle();
        on.pass(Duration.ofMinutes(10));
        on.finish();
        assertThat(on.deployment().statusAsString()).isEqualTo("ROLLBACK_SUCCESSFUL");
        assertThat(on.deployment().statusReason()).isEqualTo(BECAUSE + "POST_TEST_TRAFFIC_SHIFT pause hook timed out.");

        deployAgain(pausing("POST_TEST_TRAFFIC_SHIFT").toBuilder()
                .timeoutConfiguration(timeout -> timeout.timeoutInMinutes(1).action("CONTINUE")).build());
        on.settle();
        on.pass(Duration.ofMinutes(1));
        assertThat(on.shift().orElseThrow().stage()).isEqualTo(Stage.PRODUCTION_TRAFFIC_SHIFT);
    }

    private void deployAgain(DeploymentLifecycleHook hook) {
        world.updateService(request -> request.taskDefinition("web:3").deploymentConfiguration(each ->
                each.lifecycleHooks(hook)));
    }

    @Test
    void aTargetThatIsAtItForTooLongTimesOut() {
        answers(answered("{\"hookStatus\":\"IN_PROGRESS\"}"));
        deploy(calling("POST_SCALE_UP").toBuilder().timeoutConfiguration(timeout -> timeout.timeoutInMinutes(2))
                .build());
        on.settle();
        on.pass(Duration.ofMinutes(2));
        on.finish();
        assertThat(on.deployment().statusReason()).isEqualTo(BECAUSE + "POST_SCALE_UP lifecycle hook(s) timed out.");
    }

    @ParameterizedTest
    @EnumSource(value = DeploymentLifecycleHookStage.class,
            names = {"UNKNOWN_TO_SDK_VERSION", "RECONCILE_SERVICE"}, mode = EnumSource.Mode.EXCLUDE)
    void everyStageHasItsHooks(DeploymentLifecycleHookStage stage) {
        answers(answered("{\"hookStatus\":\"FAILED\"}"));
        deploy(calling(stage.toString()));
        on.finish();
        assertThat(on.deployment().statusAsString()).isEqualTo("ROLLBACK_SUCCESSFUL");
        assertThat(on.deployment().statusReason()).startsWith(BECAUSE + stage + " lifecycle hook(s) failed.");
        assertThat(on.payloads.getFirst()).contains("\"lifecycleStage\":\"" + stage + "\"");
    }

    @Test
    void reconcilingHasItsHooksToo() {
        deploy(calling("RECONCILE_SERVICE"));
        on.until(Stage.POST_SCALE_UP);
        assertThat(on.payloads).isEmpty();
        on.deploy("web:3");
        on.finish();
        assertThat(on.payloads).singleElement()
                .satisfies(each -> assertThat(each).contains("\"lifecycleStage\":\"RECONCILE_SERVICE\""));
        assertThat(on.running()).containsExactly("web:3");
    }

    @Test
    void refusesToGoOnWithWhatDoesNotWait() {
        deploy(pausing("POST_SCALE_UP"));
        String hookId = paused().hookId();
        String arn = world.service("svc").currentServiceDeployment();
        refuses("", hookId, InvalidParameterException.class, "serviceDeploymentArn can not be blank.");
        refuses(arn + "x", hookId, ServiceDeploymentNotFoundException.class,
                "The service deployment does not exist.");
        refuses(arn, "pause", InvalidParameterException.class,
                "Invalid hookId: hookId must follow the format: ecs-{hookType}-{id}");
        String unknown = "Provided hookId is either completed, unavailable, or not associated with the given "
                + "Resource ARN";
        refuses(arn, "ecs-pause-x", InvalidParameterException.class, unknown);
        go(hookId, "CONTINUE");
        refuses(arn, hookId, InvalidParameterException.class, unknown);
        on.finish();
        refuses(arn, hookId, InvalidParameterException.class,
                "Continuing a service deployment is not allowed for service deployment in terminal states.");
    }

    private void refuses(String arn, String hookId, Class<?> error, String message) {
        var request = ContinueServiceDeploymentRequest.builder().serviceDeploymentArn(arn).hookId(hookId).build();
        assertThatThrownBy(() -> ContinueServiceDeployment.decide(world.image(), request, World.SCOPE))
                .isInstanceOf(error).hasMessageStartingWith(message);
    }
}
