package dev.landfall.ecs.shift;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.landfall.ecs.World;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.services.ecs.model.AdvancedConfiguration;
import software.amazon.awssdk.services.ecs.model.ClientException;
import software.amazon.awssdk.services.ecs.model.DeploymentConfiguration;
import software.amazon.awssdk.services.ecs.model.DeploymentLifecycleHook;
import software.amazon.awssdk.services.ecs.model.EcsException;
import software.amazon.awssdk.services.ecs.model.InvalidParameterException;
import software.amazon.awssdk.services.ecs.model.LoadBalancer;

/** What the strategies that shift traffic demand, and what holds where a request says nothing. */
@SuppressWarnings("unchecked") // the SDK takes several consumers as a generic array
class ShiftRulesTest {
    private static final String LISTENER =
            "arn:aws:elasticloadbalancing:eu-central-1:123456789012:listener/net/web/1/2";

    private final ShiftWorld on = new ShiftWorld();
    private final World world = on.world;

    private record Wrong(String name, String message, Consumer<DeploymentConfiguration.Builder> deployment) {
        @Override
        public String toString() {
            return name;
        }
    }

    private static DeploymentLifecycleHook hook(Consumer<DeploymentLifecycleHook.Builder> change) {
        var hook = DeploymentLifecycleHook.builder().hookTargetArn("https://hooks.test/a")
                .lifecycleStagesWithStrings("PRE_SCALE_UP");
        change.accept(hook);
        return hook.build();
    }

    static Stream<Wrong> configurations() {
        String step = "stepPercent must be a multiple of 0.1 from 3.0 to 100.0.";
        String canary = "canaryPercent must be a multiple of 0.1 from 0.1 to 100.0.";
        return Stream.of(
                new Wrong("settings of another strategy", "linearConfiguration is only valid when the deployment "
                        + "strategy is LINEAR.", each -> each.linearConfiguration(linear -> linear.stepPercent(5.0))),
                new Wrong("canary settings of another strategy", "canaryConfiguration is only valid when the "
                        + "deployment strategy is CANARY.",
                        each -> each.canaryConfiguration(it -> it.canaryPercent(5.0))),
                new Wrong("too small a step", step, linear(2.9)),
                new Wrong("too large a step", step, linear(100.1)),
                new Wrong("too fine a step", step, linear(5.55)),
                new Wrong("no number of a step", step, linear(Double.NaN)),
                new Wrong("too small a canary", canary, canary(0.05)),
                new Wrong("too large a canary", canary, canary(101)),
                new Wrong("a step that bakes too long", "stepBakeTimeInMinutes must be between 0 and 1440.",
                        each -> each.strategy("LINEAR").linearConfiguration(it -> it.stepBakeTimeInMinutes(1441))),
                new Wrong("a canary that bakes too long", "canaryBakeTimeInMinutes must be between 0 and 1440.",
                        each -> each.strategy("CANARY").canaryConfiguration(it -> it.canaryBakeTimeInMinutes(-1))),
                new Wrong("a bake time that is too long", "bakeTimeInMinutes must be between 0 and 1440.",
                        each -> each.bakeTimeInMinutes(1441)),
                new Wrong("a hook without stages", "lifecycleStages cannot be empty for a deployment lifecycle hook.",
                        hooks(it -> it.lifecycleStages(List.of()))),
                new Wrong("a hook without a target", "hookTargetArn cannot be empty for a hook of the type AWS_LAMBDA.",
                        hooks(it -> it.hookTargetArn(null))),
                new Wrong("a Lambda function", "The hook target arn:aws:lambda:us-east-1:1:function:f cannot be called",
                        hooks(it -> it.hookTargetArn("arn:aws:lambda:us-east-1:1:function:f"))),
                new Wrong("a pause that would be called", "hookTargetArn and roleArn are not allowed",
                        hooks(it -> it.targetType("PAUSE"))),
                new Wrong("a pause where none may be", "Invalid lifecycle stage provided for Pause Hook",
                        hooks(it -> it.targetType("PAUSE").hookTargetArn(null)
                                .lifecycleStagesWithStrings("PRODUCTION_TRAFFIC_SHIFT"))),
                new Wrong("a pause that is too long", "timeoutInMinutes must be between 1 and 20160.",
                        hooks(it -> it.targetType("PAUSE").hookTargetArn(null)
                                .timeoutConfiguration(each -> each.timeoutInMinutes(20_161)))),
                new Wrong("a call that is too long", "timeoutInMinutes must be between 1 and 1440.",
                        hooks(it -> it.timeoutConfiguration(each -> each.timeoutInMinutes(1_441)))),
                new Wrong("too many hooks", "lifecycleHooks can have at most 10 hooks of the type AWS_LAMBDA",
                        each -> each.lifecycleHooks(Collections.nCopies(11, hook(it -> { })))));
    }

    private static Consumer<DeploymentConfiguration.Builder> linear(double percent) {
        return each -> each.strategy("LINEAR").linearConfiguration(linear -> linear.stepPercent(percent));
    }

    private static Consumer<DeploymentConfiguration.Builder> canary(double percent) {
        return each -> each.strategy("CANARY").canaryConfiguration(canary -> canary.canaryPercent(percent));
    }

    private static Consumer<DeploymentConfiguration.Builder> hooks(Consumer<DeploymentLifecycleHook.Builder> change) {
        return each -> each.lifecycleHooks(hook(change));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("configurations")
    void refusesConfigurations(Wrong wrong) {
        refused(() -> on.create(wrong.deployment()), InvalidParameterException.class, wrong.message());
        on.create(each -> { });
        refused(() -> world.updateService(request -> request.deploymentConfiguration(wrong.deployment())),
                InvalidParameterException.class, wrong.message());
    }

    private static void refused(Runnable request, Class<? extends EcsException> error, String message) {
        assertThatThrownBy(request::run).isInstanceOf(error).hasMessageStartingWith(message);
    }

    static Stream<Arguments> balancers() {
        return Stream.of(
                refusal("an Application Load Balancer's listener", it -> it.productionListenerRule(
                                LISTENER.replace("/net/", "/app/")), "productionListenerRule has an invalid ARN "
                        + "format. Must be RuleArn for ALB or ListenerArn for NLB. Got: "
                        + LISTENER.replace("/net/", "/app/")),
                refusal("no rule", it -> it.productionListenerRule(null), "productionListenerRule has an invalid ARN"),
                refusal("no rule for tests", it -> it.testListenerRule("arn:x"), "testListenerRule has an invalid ARN "
                        + "format. Must be RuleArn for ALB or ListenerArn for NLB. Got: arn:x"),
                refusal("one rule for both", it -> it.testListenerRule(ShiftWorld.PRODUCTION), "The following rules "
                        + "cannot be used as both production and test listener rules: " + ShiftWorld.PRODUCTION),
                refusal("no other group", it -> it.alternateTargetGroupArn(null),
                        "alternateTargetGroupArn can not be blank."),
                refusal("a group that is not there", it -> it.alternateTargetGroupArn("arn:x"),
                        "The target group arn:x does not exist."));
    }

    private static Arguments refusal(String name, Consumer<AdvancedConfiguration.Builder> change, String message) {
        return Arguments.of(name, change, message);
    }

    private LoadBalancer balancer(Consumer<AdvancedConfiguration.Builder> change) {
        var advanced = on.balancer().advancedConfiguration().toBuilder();
        change.accept(advanced);
        return on.balancer().toBuilder().advancedConfiguration(advanced.build()).build();
    }

    private void create(String strategy, LoadBalancer... balancers) {
        on.create(each -> each.strategy(strategy), request -> request.loadBalancers(balancers));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("balancers")
    void refusesLoadBalancers(String name, Consumer<AdvancedConfiguration.Builder> change, String message) {
        refused(() -> create("BLUE_GREEN", balancer(change)), InvalidParameterException.class, message);
    }

    @Test
    void refusesLoadBalancersThatDoNotGoTogether() {
        LoadBalancer plain = LoadBalancer.builder().targetGroupArn(on.one).containerName("app").containerPort(80)
                .build();
        refused(() -> create("BLUE_GREEN", plain), ClientException.class, "advancedConfiguration field is required for "
                + "all loadBalancers when using the Blue/green deployment strategy");
        refused(() -> create("LINEAR", plain), ClientException.class, "advancedConfiguration field is required for "
                + "all loadBalancers when using the linear deployment strategy");
        refused(() -> create("CANARY", on.balancer(), plain), InvalidParameterException.class,
                "Either all or none of the provided loadBalancers must have advancedConfiguration defined");
        refused(() -> create("BLUE_GREEN", on.balancer(), on.balancer()), InvalidParameterException.class,
                "Duplicate targetGroupArn found: " + on.one);
        refused(() -> create("BLUE_GREEN", balancer(it -> it.alternateTargetGroupArn(on.one))),
                InvalidParameterException.class, "Duplicate targetGroupArn found: " + on.one);
        refused(() -> create("BLUE_GREEN", LoadBalancer.builder().loadBalancerName("classic").containerName("app")
                        .containerPort(80).advancedConfiguration(it -> it.roleArn("r")).build()),
                InvalidParameterException.class,
                "advancedConfiguration field is not allowed with ELBv1 loadBalancers");
        create("ROLLING", plain);
        refused(() -> world.updateService(request -> request.deploymentConfiguration(each ->
                each.strategy("BLUE_GREEN"))), ClientException.class, "advancedConfiguration field is required");
    }

    @Test
    void refusesStrategiesWhereTheyCannotBe() {
        world.definition("daemon");
        refused(() -> world.createService(request -> request.taskDefinition("daemon").desiredCount(null)
                        .schedulingStrategy("DAEMON").deploymentConfiguration(each -> each.strategy("BLUE_GREEN"))),
                InvalidParameterException.class, "The daemon scheduling strategy does not support the deployment "
                        + "strategy BLUE_GREEN.");
        refused(() -> world.createService(request -> request.taskDefinition("daemon").desiredCount(null)
                        .schedulingStrategy("DAEMON").deploymentConfiguration(each ->
                                each.lifecycleHooks(hook(it -> { })))),
                InvalidParameterException.class, "The daemon scheduling strategy does not support lifecycle hooks.");
    }

    @Test
    void whatIsNotSaidHasADefault() {
        create("LINEAR", on.balancer());
        var linear = world.service("svc").deploymentConfiguration();
        assertThat(linear.linearConfiguration().stepPercent()).isEqualTo(10);
        assertThat(linear.linearConfiguration().stepBakeTimeInMinutes()).isEqualTo(6);
        assertThat(linear.canaryConfiguration()).isNull();
        var canary = world.updateService(request -> request.deploymentConfiguration(each -> each.strategy("CANARY")
                .canaryConfiguration(it -> it.canaryBakeTimeInMinutes(1)))).deploymentConfiguration();
        assertThat(canary.canaryConfiguration().canaryPercent()).isEqualTo(5);
        assertThat(canary.canaryConfiguration().canaryBakeTimeInMinutes()).isEqualTo(1);
        assertThat(canary.linearConfiguration()).isNull();
        var kept = world.updateService(request -> request.deploymentConfiguration(each -> each
                .canaryConfiguration(it -> it.canaryPercent(20.0)))).deploymentConfiguration();
        assertThat(kept.canaryConfiguration().canaryBakeTimeInMinutes()).isEqualTo(1);
        assertThat(kept.canaryConfiguration().canaryPercent()).isEqualTo(20);
    }

    @Test
    void hooksHoldUntilOthersAreGivenOrTheStrategyEndsThem() {
        on.create(hooks(it -> { }));
        assertThat(update(each -> each.bakeTimeInMinutes(1)).lifecycleHooks()).hasSize(1);
        assertThat(update(each -> each.lifecycleHooks(List.of())).hasLifecycleHooks()).isFalse();
        assertThat(update(hooks(it -> { })).lifecycleHooks()).hasSize(1);
        assertThat(update(each -> each.strategy("ROLLING")).hasLifecycleHooks()).isFalse();
    }

    private DeploymentConfiguration update(Consumer<DeploymentConfiguration.Builder> deployment) {
        return world.updateService(request -> request.deploymentConfiguration(deployment)).deploymentConfiguration();
    }

    @Test
    void stepsAddUpToAll() {
        var thirds = DeploymentConfiguration.builder().strategy("LINEAR").linearConfiguration(linear ->
                linear.stepPercent(33.3).stepBakeTimeInMinutes(1)).build();
        assertThat(Steps.count(thirds)).isEqualTo(4);
        assertThat(Stream.of(0, 1, 2, 3, 4, 5).map(step -> Steps.percent(thirds, step)))
                .containsExactly(0.0, 33.3, 66.6, 99.9, 100.0, 100.0);
        var most = DeploymentConfiguration.builder().strategy("LINEAR").linearConfiguration(linear ->
                linear.stepPercent(3.0).stepBakeTimeInMinutes(1)).build();
        assertThat(Steps.count(most)).isEqualTo(34);
        var all = DeploymentConfiguration.builder().strategy("CANARY").canaryConfiguration(canary ->
                canary.canaryPercent(100.0).canaryBakeTimeInMinutes(1)).build();
        assertThat(Steps.count(all)).isEqualTo(1);
    }
}
