package dev.landfall.ecs.service;

import dev.landfall.ecs.EcsErrors;
import java.util.List;
import software.amazon.awssdk.services.ecs.model.AvailabilityZoneRebalancing;
import software.amazon.awssdk.services.ecs.model.CreateServiceRequest;
import software.amazon.awssdk.services.ecs.model.DeploymentConfiguration;
import software.amazon.awssdk.services.ecs.model.LaunchType;
import software.amazon.awssdk.services.ecs.model.PlacementConstraint;
import software.amazon.awssdk.services.ecs.model.PlacementStrategy;
import software.amazon.awssdk.services.ecs.model.PlacementStrategyType;
import software.amazon.awssdk.services.ecs.model.SchedulingStrategy;
import software.amazon.awssdk.services.ecs.model.Service;

/**
 * Which services ECS can rebalance over Availability Zones (ECS Developer Guide, Balancing an Amazon ECS service across
 * Availability Zones): REPLICA ones that spread over zones first or have no placement strategy, are not bound to zones
 * and not EXTERNAL, and have room above their desired count.
 */
final class RebalancingRules {
    private static final String ZONE = "attribute:ecs.availability-zone";

    private RebalancingRules() {}

    /**
     * What a new service has: "if no value is specified, it defaults to ENABLED if the service is compatible with
     * AvailabilityZoneRebalancing" (the Terraform provider's reference of aws_ecs_service, whose default is ECS's).
     */
    static AvailabilityZoneRebalancing initially(CreateServiceRequest request) {
        return request.availabilityZoneRebalancing() != null ? request.availabilityZoneRebalancing()
                : request.schedulingStrategy() == SchedulingStrategy.DAEMON
                        || request.launchType() == LaunchType.EXTERNAL
                        || request.deploymentConfiguration() != null && leavesNoRoom(request.deploymentConfiguration())
                        || !spreadsOverZones(request.placementStrategy())
                        || boundToZones(request.placementConstraints())
                ? AvailabilityZoneRebalancing.DISABLED : AvailabilityZoneRebalancing.ENABLED;
    }

    /** Refuses a service that is to be rebalanced and cannot be. */
    static void check(Service service) {
        if (service.availabilityZoneRebalancing() != AvailabilityZoneRebalancing.ENABLED) {
            return;
        }
        if (DaemonRules.applies(service)) {
            throw EcsErrors.invalidParameter("Availability Zone Rebalancing does not support DAEMON services.");
        }
        if (service.launchType() == LaunchType.EXTERNAL) {
            throw EcsErrors.invalidParameter("Availability Zone Rebalancing does not support EXTERNAL launch type.");
        }
        if (leavesNoRoom(service.deploymentConfiguration())) {
            throw EcsErrors.invalidParameter("Availability Zone Rebalancing does not support maximumPercent <= 100 % "
                    + "as deployment configuration.");
        }
        if (!spreadsOverZones(service.placementStrategy())) {
            throw EcsErrors.invalidParameter("Availability Zone Rebalancing does not support placement strategies "
                    + "other than a spread across " + ZONE + " as the first one.");
        }
        if (boundToZones(service.placementConstraints())) {
            throw EcsErrors.invalidParameter("Availability Zone Rebalancing does not support placement constraints "
                    + "on " + ZONE + ".");
        }
    }

    private static boolean leavesNoRoom(DeploymentConfiguration configuration) {
        return configuration.maximumPercent() != null && configuration.maximumPercent() <= 100;
    }

    private static boolean spreadsOverZones(List<PlacementStrategy> strategy) {
        return strategy.isEmpty() || strategy.getFirst().type() == PlacementStrategyType.SPREAD
                && ZONE.equals(strategy.getFirst().field());
    }

    private static boolean boundToZones(List<PlacementConstraint> constraints) {
        return constraints.stream().anyMatch(each -> each.expression() != null && each.expression().contains(ZONE));
    }
}
