package dev.landfall.ecs.shift;

import java.time.Duration;
import software.amazon.awssdk.services.ecs.model.DeploymentConfiguration;

/**
 * How production traffic is shifted: all at once, equally step by step, or a little first and then the rest (ECS API
 * Reference, DeploymentStrategy, LinearConfiguration, CanaryConfiguration). Reads nothing but its arguments.
 */
public final class Steps {
    /** In percent. */
    public static final double ALL = 100;

    private Steps() {}

    /** How many steps there are, at least one. */
    public static int count(DeploymentConfiguration configuration) {
        return switch (configuration.strategy()) {
            case LINEAR -> (int) Math.ceil(ALL / linear(configuration));
            case CANARY -> canary(configuration) < ALL ? 2 : 1;
            case ROLLING, BLUE_GREEN, UNKNOWN_TO_SDK_VERSION -> 1;
        };
    }

    /** How much of the traffic green has after that many steps, in percent with one decimal. */
    public static double percent(DeploymentConfiguration configuration, int step) {
        if (step <= 0) {
            return 0;
        }
        if (step >= count(configuration)) {
            return ALL;
        }
        return switch (configuration.strategy()) {
            case LINEAR -> Math.round(step * linear(configuration) * 10) / 10.0;
            case CANARY -> canary(configuration);
            case ROLLING, BLUE_GREEN, UNKNOWN_TO_SDK_VERSION -> ALL;
        };
    }

    /** How long to wait after a step; the last is followed by the bake time of the whole deployment instead. */
    public static Duration bake(DeploymentConfiguration configuration, int step) {
        if (step >= count(configuration)) {
            return Duration.ZERO;
        }
        return Duration.ofMinutes(switch (configuration.strategy()) {
            case LINEAR -> configuration.linearConfiguration().stepBakeTimeInMinutes();
            case CANARY -> configuration.canaryConfiguration().canaryBakeTimeInMinutes();
            case ROLLING, BLUE_GREEN, UNKNOWN_TO_SDK_VERSION -> 0;
        });
    }

    /** As configured, but all at once: for a revision before which nobody had the traffic, so that none is lost. */
    public static DeploymentConfiguration atOnce(DeploymentConfiguration configuration) {
        return switch (configuration.strategy()) {
            case LINEAR -> configuration.toBuilder()
                    .linearConfiguration(linear -> linear.stepPercent(ALL).stepBakeTimeInMinutes(0)).build();
            case CANARY -> configuration.toBuilder()
                    .canaryConfiguration(canary -> canary.canaryPercent(ALL).canaryBakeTimeInMinutes(0)).build();
            case ROLLING, BLUE_GREEN, UNKNOWN_TO_SDK_VERSION -> configuration;
        };
    }

    private static double linear(DeploymentConfiguration configuration) {
        return configuration.linearConfiguration().stepPercent();
    }

    private static double canary(DeploymentConfiguration configuration) {
        return configuration.canaryConfiguration().canaryPercent();
    }
}
