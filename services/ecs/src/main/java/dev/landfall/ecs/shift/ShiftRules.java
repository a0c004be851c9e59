package dev.landfall.ecs.shift;

import dev.landfall.ecs.EcsErrors;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import java.util.regex.Pattern;
import software.amazon.awssdk.services.ecs.model.AdvancedConfiguration;
import software.amazon.awssdk.services.ecs.model.CanaryConfiguration;
import software.amazon.awssdk.services.ecs.model.DeploymentConfiguration;
import software.amazon.awssdk.services.ecs.model.DeploymentLifecycleHook;
import software.amazon.awssdk.services.ecs.model.DeploymentLifecycleHookStage;
import software.amazon.awssdk.services.ecs.model.DeploymentLifecycleHookTimeoutConfiguration;
import software.amazon.awssdk.services.ecs.model.DeploymentStrategy;
import software.amazon.awssdk.services.ecs.model.LinearConfiguration;
import software.amazon.awssdk.services.ecs.model.LoadBalancer;

/**
 * What the strategies that shift traffic demand of a service (ECS API Reference, DeploymentConfiguration and its parts;
 * ECS Developer Guide, Troubleshooting Amazon ECS blue/green deployments, for the words).
 */
public final class ShiftRules {
    /** A day, as with all of ECS's bake times. */
    private static final int MINUTES_MAX = 1_440;

    /** "Valid values are multiples of 0.1 from 3.0 to 100.0. The default value is 10.0" */
    private static final double LINEAR_MIN = 3;
    private static final double LINEAR_DEFAULT = 10;
    private static final int LINEAR_BAKE_DEFAULT = 6;

    /** "Valid values are multiples of 0.1 from 0.1 to 100.0. The default value is 5.0" */
    private static final double CANARY_MIN = 0.1;
    private static final double CANARY_DEFAULT = 5;
    private static final int CANARY_BAKE_DEFAULT = 10;

    /** "A maximum of 10 pause hooks and 10 Lambda hooks per service" */
    private static final int HOOKS_MAX = 10;

    private static final int CALL_TIMEOUT_MAX_MINUTES = 1_440;
    private static final int PAUSE_TIMEOUT_MAX_MINUTES = 20_160;

    private static final Pattern RULE_ARN =
            Pattern.compile("arn:[^:]+:elasticloadbalancing:[^:]+:[^:]+:listener-rule/app/.+");
    private static final Pattern LISTENER_ARN =
            Pattern.compile("arn:[^:]+:elasticloadbalancing:[^:]+:[^:]+:listener/net/.+");
    private static final Pattern URL = Pattern.compile("https?://[^\\s/]+\\S*");

    private ShiftRules() {}

    /** Whether deployments run two revisions beside each other. */
    public static boolean shifts(DeploymentConfiguration configuration) {
        return configuration.strategy() != null && configuration.strategy() != DeploymentStrategy.ROLLING;
    }

    /**
     * What is given of the strategy, over what stood before: the settings of another strategy end with it.
     */
    public static DeploymentConfiguration merged(DeploymentConfiguration base, DeploymentConfiguration given) {
        DeploymentStrategy before = base.strategy() == null ? DeploymentStrategy.ROLLING : base.strategy();
        DeploymentStrategy strategy = given.strategy() == null ? before : given.strategy();
        refuse(given.linearConfiguration() != null && strategy != DeploymentStrategy.LINEAR,
                "linearConfiguration is only valid when the deployment strategy is LINEAR.");
        refuse(given.canaryConfiguration() != null && strategy != DeploymentStrategy.CANARY,
                "canaryConfiguration is only valid when the deployment strategy is CANARY.");
        boolean ends = strategy == DeploymentStrategy.ROLLING && before != DeploymentStrategy.ROLLING;
        List<DeploymentLifecycleHook> hooks = given.hasLifecycleHooks() ? given.lifecycleHooks()
                : ends ? List.of() : base.lifecycleHooks();
        if (given.hasLifecycleHooks()) {
            hooks(hooks);
        }
        var merged = base.toBuilder().strategy(strategy)
                .linearConfiguration(strategy == DeploymentStrategy.LINEAR
                        ? linear(base.linearConfiguration(), given.linearConfiguration()) : null)
                .canaryConfiguration(strategy == DeploymentStrategy.CANARY
                        ? canary(base.canaryConfiguration(), given.canaryConfiguration()) : null);
        return hooks.isEmpty()
                ? merged.lifecycleHooks((List<DeploymentLifecycleHook>) null).build()
                : merged.lifecycleHooks(hooks).build();
    }

    private static LinearConfiguration linear(LinearConfiguration base, LinearConfiguration given) {
        var before = base != null ? base : LinearConfiguration.builder()
                .stepPercent(LINEAR_DEFAULT).stepBakeTimeInMinutes(LINEAR_BAKE_DEFAULT).build();
        if (given == null) {
            return before;
        }
        percent("stepPercent", given.stepPercent(), LINEAR_MIN);
        minutes("stepBakeTimeInMinutes", given.stepBakeTimeInMinutes());
        return LinearConfiguration.builder()
                .stepPercent(given.stepPercent() == null ? before.stepPercent() : given.stepPercent())
                .stepBakeTimeInMinutes(given.stepBakeTimeInMinutes() == null
                        ? before.stepBakeTimeInMinutes() : given.stepBakeTimeInMinutes())
                .build();
    }

    private static CanaryConfiguration canary(CanaryConfiguration base, CanaryConfiguration given) {
        var before = base != null ? base : CanaryConfiguration.builder()
                .canaryPercent(CANARY_DEFAULT).canaryBakeTimeInMinutes(CANARY_BAKE_DEFAULT).build();
        if (given == null) {
            return before;
        }
        percent("canaryPercent", given.canaryPercent(), CANARY_MIN);
        minutes("canaryBakeTimeInMinutes", given.canaryBakeTimeInMinutes());
        return CanaryConfiguration.builder()
                .canaryPercent(given.canaryPercent() == null ? before.canaryPercent() : given.canaryPercent())
                .canaryBakeTimeInMinutes(given.canaryBakeTimeInMinutes() == null
                        ? before.canaryBakeTimeInMinutes() : given.canaryBakeTimeInMinutes())
                .build();
    }

    private static void percent(String name, Double value, double min) {
        refuse(value != null && !(value >= min && value <= Steps.ALL // also refuses what is not a number
                        && Math.abs(value * 10 - Math.rint(value * 10)) < 1e-6),
                name + " must be a multiple of 0.1 from " + min + " to " + Steps.ALL + ".");
    }

    private static void minutes(String name, Integer value) {
        refuse(value != null && (value < 0 || value > MINUTES_MAX),
                name + " must be between 0 and " + MINUTES_MAX + ".");
    }

    private static void hooks(List<DeploymentLifecycleHook> hooks) {
        hooks.forEach(ShiftRules::hook);
        long pauses = hooks.stream().filter(Hooks::pauses).count();
        refuse(pauses > HOOKS_MAX || hooks.size() - pauses > HOOKS_MAX, "lifecycleHooks can have at most " + HOOKS_MAX
                + " hooks of the type AWS_LAMBDA and " + HOOKS_MAX + " of the type PAUSE.");
    }

    private static void hook(DeploymentLifecycleHook hook) {
        boolean pause = Hooks.pauses(hook);
        refuse(hook.lifecycleStages().isEmpty(), "lifecycleStages cannot be empty for a deployment lifecycle hook.");
        refuse(pause && (hook.lifecycleStages().contains(DeploymentLifecycleHookStage.TEST_TRAFFIC_SHIFT)
                        || hook.lifecycleStages().contains(DeploymentLifecycleHookStage.PRODUCTION_TRAFFIC_SHIFT)),
                "Invalid lifecycle stage provided for Pause Hook");
        refuse(pause && (hook.hookTargetArn() != null || hook.roleArn() != null),
                "hookTargetArn and roleArn are not allowed for a hook of the type PAUSE.");
        refuse(!pause && (hook.hookTargetArn() == null || hook.hookTargetArn().isBlank()),
                "hookTargetArn cannot be empty for a hook of the type AWS_LAMBDA.");
        refuse(!pause && !URL.matcher(hook.hookTargetArn()).matches(), "The hook target " + hook.hookTargetArn()
                + " cannot be called: Landfall runs no Lambda functions. Give the http:// or https:// URL of an "
                + "endpoint that answers as the function would.");
        timeout(hook.timeoutConfiguration(), pause ? PAUSE_TIMEOUT_MAX_MINUTES : CALL_TIMEOUT_MAX_MINUTES);
    }

    private static void timeout(DeploymentLifecycleHookTimeoutConfiguration timeout, int max) {
        refuse(timeout != null && timeout.timeoutInMinutes() != null
                        && (timeout.timeoutInMinutes() < 1 || timeout.timeoutInMinutes() > max),
                "timeoutInMinutes must be between 1 and " + max + ".");
    }

    /** The load balancers' settings for shifting, as far as they can be judged by themselves. */
    public static void balancers(DeploymentStrategy strategy, List<LoadBalancer> balancers) {
        if (balancers.isEmpty()) {
            return; // nothing is shifted then
        }
        long advanced = balancers.stream().filter(each -> each.advancedConfiguration() != null).count();
        if (advanced == 0) {
            throw EcsErrors.client("advancedConfiguration field is required for all loadBalancers when using the "
                    + worded(strategy) + " deployment strategy");
        }
        refuse(advanced < balancers.size(),
                "Either all or none of the provided loadBalancers must have advancedConfiguration defined");
        var groups = new TreeSet<String>();
        for (LoadBalancer balancer : balancers) {
            AdvancedConfiguration settings = balancer.advancedConfiguration();
            refuse(settings.alternateTargetGroupArn() == null || settings.alternateTargetGroupArn().isBlank(),
                    "alternateTargetGroupArn can not be blank.");
            for (String group : List.of(balancer.targetGroupArn(), settings.alternateTargetGroupArn())) {
                refuse(!groups.add(group), "Duplicate targetGroupArn found: " + group);
            }
            rules(settings);
        }
    }

    private static String worded(DeploymentStrategy strategy) {
        return strategy == DeploymentStrategy.BLUE_GREEN ? "Blue/green" : strategy.toString().toLowerCase(Locale.ROOT);
    }

    private static void rules(AdvancedConfiguration settings) {
        String production = settings.productionListenerRule();
        String test = settings.testListenerRule();
        rule("productionListenerRule", production == null ? "" : production);
        if (test != null && !test.isEmpty()) {
            rule("testListenerRule", test);
            refuse(test.equals(production),
                    "The following rules cannot be used as both production and test listener rules: " + test);
        }
    }

    private static void rule(String name, String arn) {
        refuse(!RULE_ARN.matcher(arn).matches() && !LISTENER_ARN.matcher(arn).matches(),
                name + " has an invalid ARN format. Must be RuleArn for ALB or ListenerArn for NLB. Got: " + arn);
    }

    private static void refuse(boolean wrong, String message) {
        if (wrong) {
            throw EcsErrors.invalidParameter(message);
        }
    }
}
