package dev.landfall.ecs.service;

import dev.landfall.ecs.EcsErrors;
import dev.landfall.ecs.deployment.DeploymentAlarmRules;
import dev.landfall.ecs.shift.ShiftRules;
import java.util.List;
import software.amazon.awssdk.services.ecs.model.DeploymentCircuitBreaker;
import software.amazon.awssdk.services.ecs.model.DeploymentConfiguration;
import software.amazon.awssdk.services.ecs.model.DeploymentStrategy;
import software.amazon.awssdk.services.ecs.model.SchedulingStrategy;
import software.amazon.awssdk.services.ecs.model.ServiceRegistry;
import software.amazon.awssdk.services.ecs.model.ThresholdConfiguration;

/** What CreateService and UpdateService demand alike. */
public final class ServiceRules {
    private static final int DEFAULT_MIN_PERCENT = 100;
    private static final int DEFAULT_MAX_PERCENT = 200;

    /** Service quota "Tasks per service". */
    public static final int DESIRED_MAX = 5_000;

    /** A day, as with all of ECS's bake times. */
    private static final int BAKE_MAX_MINUTES = 1_440;

    private ServiceRules() {}

    public static void name(String name) {
        if (name == null || name.isEmpty()) {
            throw EcsErrors.invalidParameter("Service name cannot be empty.");
        }
        if (!name.matches("[a-zA-Z0-9_-]{1,255}")) {
            throw EcsErrors.invalidParameter("Invalid service name: up to 255 letters (uppercase and lowercase), "
                    + "numbers, underscores, and hyphens are allowed.");
        }
    }

    /** @param what how ECS calls the count: otherwise when it creates than when it updates */
    static void desiredCount(String what, int count) {
        if (count < 0) {
            throw EcsErrors.invalidParameter(what + " can not be lesser than 0");
        }
        if (count > DESIRED_MAX) {
            throw EcsErrors.invalidParameter("desiredCount can be at most " + DESIRED_MAX + ".");
        }
    }

    static void gracePeriod(Integer seconds) {
        if (seconds != null && seconds < 0) {
            throw EcsErrors.invalidParameter("healthCheckGracePeriodSeconds cannot be negative.");
        }
    }

    public static void registries(List<ServiceRegistry> registries) {
        if (!registries.isEmpty()) {
            throw EcsErrors.invalidParameter(
                    "The service registry " + registries.getFirst().registryArn() + " does not exist.");
        }
    }

    /** What holds where a new service says nothing. */
    static DeploymentConfiguration deploymentDefaults(SchedulingStrategy scheduling) {
        boolean daemon = scheduling == SchedulingStrategy.DAEMON;
        return DeploymentConfiguration.builder()
                .deploymentCircuitBreaker(DeploymentCircuitBreaker.builder().enable(false).rollback(false).build())
                .minimumHealthyPercent(daemon ? DaemonRules.DEFAULT_MIN_PERCENT : DEFAULT_MIN_PERCENT)
                .maximumPercent(daemon ? DaemonRules.DEFAULT_MAX_PERCENT : DEFAULT_MAX_PERCENT)
                .strategy(DeploymentStrategy.ROLLING)
                .bakeTimeInMinutes(0)
                .build();
    }

    /** The configuration that is given, over the defaults or what stood before. */
    static DeploymentConfiguration deployment(DeploymentConfiguration base, DeploymentConfiguration given) {
        if (given == null) {
            return base;
        }
        var merged = ShiftRules.merged(base, given).toBuilder();
        if (given.minimumHealthyPercent() != null) {
            merged.minimumHealthyPercent(given.minimumHealthyPercent());
        }
        if (given.maximumPercent() != null) {
            merged.maximumPercent(given.maximumPercent());
        }
        if (given.deploymentCircuitBreaker() != null) {
            threshold(given.deploymentCircuitBreaker().thresholdConfiguration());
            merged.deploymentCircuitBreaker(given.deploymentCircuitBreaker());
        }
        if (given.alarms() != null) {
            DeploymentAlarmRules.check(given.alarms());
            merged.alarms(given.alarms());
        }
        if (given.bakeTimeInMinutes() != null) {
            bakeTime(given.bakeTimeInMinutes());
            merged.bakeTimeInMinutes(given.bakeTimeInMinutes());
        }
        DeploymentConfiguration result = merged.build();
        percentages(result.minimumHealthyPercent(), result.maximumPercent());
        return result;
    }

    private static void threshold(ThresholdConfiguration threshold) {
        if (threshold == null) {
            return;
        }
        if (threshold.type() == null || threshold.value() == null) {
            throw EcsErrors.invalidParameter("thresholdConfiguration needs a type and a value.");
        }
        if (threshold.value() < 1) {
            throw EcsErrors.invalidParameter("thresholdConfiguration value must be at least 1.");
        }
    }

    private static void bakeTime(int minutes) {
        if (minutes < 0 || minutes > BAKE_MAX_MINUTES) {
            throw EcsErrors.invalidParameter("bakeTimeInMinutes must be between 0 and " + BAKE_MAX_MINUTES + ".");
        }
    }

    private static void percentages(int min, int max) {
        if (min < 0) {
            throw EcsErrors.invalidParameter("minimumHealthyPercent cannot be negative.");
        }
        if (min > 100) { // old tasks could never be stopped
            throw EcsErrors.invalidParameter("minimumHealthyPercent can be at most 100.");
        }
        if (max < 100) {
            throw EcsErrors.invalidParameter("maximumPercent must be at least 100.");
        }
        if (min == max && min == 100) {
            throw EcsErrors.invalidParameter("Both maximumPercent and minimumHealthyPercent cannot be 100 as this will "
                    + "block deployments.");
        }
    }
}
