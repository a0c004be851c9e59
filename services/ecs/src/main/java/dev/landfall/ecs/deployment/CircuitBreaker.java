package dev.landfall.ecs.deployment;

import software.amazon.awssdk.services.ecs.model.DeploymentCircuitBreaker;
import software.amazon.awssdk.services.ecs.model.DeploymentConfiguration;
import software.amazon.awssdk.services.ecs.model.ThresholdConfiguration;

/**
 * How many failed tasks a deployment may have (ECS Developer Guide, How the Amazon ECS deployment circuit breaker
 * detects failures; ECS API Reference, ThresholdConfiguration). Half of the desired count, rounded up, at least 3 and
 * at most 200, unless the service says otherwise: another percentage with or without these bounds, or a number.
 */
public final class CircuitBreaker {
    private static final int THRESHOLD_MIN = 3;
    private static final int THRESHOLD_MAX = 200;
    private static final int PERCENT_DEFAULT = 50;

    private CircuitBreaker() {}

    public static boolean enabled(DeploymentConfiguration configuration) {
        DeploymentCircuitBreaker breaker = configuration.deploymentCircuitBreaker();
        return breaker != null && Boolean.TRUE.equals(breaker.enable());
    }

    public static boolean rollsBack(DeploymentConfiguration configuration) {
        return enabled(configuration) && Boolean.TRUE.equals(configuration.deploymentCircuitBreaker().rollback());
    }

    /** Whether a task that stays up makes up for those that failed before it; so it does unless told otherwise. */
    public static boolean resets(DeploymentConfiguration configuration) {
        return !enabled(configuration)
                || !Boolean.FALSE.equals(configuration.deploymentCircuitBreaker().resetOnHealthyTask());
    }

    /** The number of failed tasks that fails a deployment, at least 1. */
    public static int threshold(DeploymentConfiguration configuration, int desiredCount) {
        DeploymentCircuitBreaker breaker = configuration.deploymentCircuitBreaker();
        ThresholdConfiguration given = breaker == null ? null : breaker.thresholdConfiguration();
        if (given == null || given.type() == null || given.value() == null) {
            return bounded(percent(PERCENT_DEFAULT, desiredCount));
        }
        return switch (given.type()) {
            case COUNT -> Math.max(1, given.value());
            case UNBOUNDED_PERCENT -> Math.max(1, percent(given.value(), desiredCount));
            case BOUNDED_PERCENT, UNKNOWN_TO_SDK_VERSION -> bounded(percent(given.value(), desiredCount));
        };
    }

    private static int percent(int percent, int desiredCount) {
        return (int) Math.min(Integer.MAX_VALUE, Math.ceilDiv((long) percent * desiredCount, 100L));
    }

    private static int bounded(int threshold) {
        return Math.clamp(threshold, THRESHOLD_MIN, THRESHOLD_MAX);
    }
}
