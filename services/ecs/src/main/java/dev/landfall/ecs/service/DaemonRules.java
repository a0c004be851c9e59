package dev.landfall.ecs.service;

import dev.landfall.ecs.EcsErrors;
import dev.landfall.ecs.shift.ShiftRules;
import java.util.List;
import software.amazon.awssdk.services.ecs.model.CapacityProviderStrategyItem;
import software.amazon.awssdk.services.ecs.model.DeploymentConfiguration;
import software.amazon.awssdk.services.ecs.model.LaunchType;
import software.amazon.awssdk.services.ecs.model.PlacementStrategy;
import software.amazon.awssdk.services.ecs.model.SchedulingStrategy;
import software.amazon.awssdk.services.ecs.model.Service;
import software.amazon.awssdk.services.ecs.model.ServiceVolumeConfiguration;

/** What ECS refuses for services with the DAEMON scheduling strategy, in its words. */
final class DaemonRules {
    /** Defaults of a daemon (ECS Developer Guide, Daemon scheduling strategy). */
    static final int DEFAULT_MIN_PERCENT = 0;

    static final int DEFAULT_MAX_PERCENT = 100;

    private DaemonRules() {}

    static boolean applies(Service service) {
        return service.schedulingStrategy() == SchedulingStrategy.DAEMON;
    }

    /** What the caller may not say of how many tasks there are, and where. */
    static void shape(Integer desiredCount, List<PlacementStrategy> placement, DeploymentConfiguration deployment) {
        if (desiredCount != null) {
            throw EcsErrors.invalidParameter("The daemon scheduling strategy does not support a desired count for "
                    + "services. Remove the desired count value and try again");
        }
        if (!placement.isEmpty()) {
            throw EcsErrors.invalidParameter("The daemon scheduling strategy does not support placement strategies. "
                    + "Remove the placement strategy and try again");
        }
        if (deployment != null && ShiftRules.shifts(deployment)) {
            throw EcsErrors.invalidParameter("The daemon scheduling strategy does not support the deployment strategy "
                    + deployment.strategy() + ". Use ROLLING and try again");
        }
        if (deployment != null && !deployment.lifecycleHooks().isEmpty()) {
            throw EcsErrors.invalidParameter("The daemon scheduling strategy does not support lifecycle hooks. Remove "
                    + "the lifecycle hooks and try again");
        }
        if (deployment != null && deployment.maximumPercent() != null
                && deployment.maximumPercent() > DEFAULT_MAX_PERCENT) {
            throw EcsErrors.invalidParameter("The daemon scheduling strategy does not support values above 100 for "
                    + "maximumPercent on a deployment configuration. Change the maximumPercent value to 100, and try "
                    + "again");
        }
    }

    /** What the caller may not say of what tasks run on; the strategy may also be the cluster's default. */
    static void capacity(LaunchType launchType, List<CapacityProviderStrategyItem> strategy) {
        if (launchType == LaunchType.FARGATE) {
            throw EcsErrors.invalidParameter("The daemon scheduling strategy does not support the FARGATE launch type. "
                    + "Change the launch type and try again");
        }
        if (!strategy.isEmpty()) {
            throw EcsErrors.invalidParameter("Specifying a capacity provider strategy is not supported when you create "
                    + "a service using the DAEMON scheduling strategy.");
        }
    }

    /** "volumeConfigurations is only supported for REPLICA service and not DAEMON service" (CreateService). */
    static void volumes(List<ServiceVolumeConfiguration> volumes) {
        if (!volumes.isEmpty()) {
            throw EcsErrors.invalidParameter(
                    "The daemon scheduling strategy does not support volume configurations. Remove the volume "
                    + "configurations and try again");
        }
    }
}
