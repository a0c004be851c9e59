package dev.landfall.ecs.service;

import dev.landfall.ecs.deployment.CircuitBreaker;
import dev.landfall.ecs.deployment.DeploymentAlarmRules;
import java.util.function.Predicate;
import software.amazon.awssdk.services.ecs.model.DeploymentConfiguration;

/**
 * Why a deployment comes to a bad end, and how ECS words it.
 *
 * @param monitor who noticed
 * @param what what was noticed
 * @param because behind what was done about it
 * @param wantsRollback whether a service that is deployed so is rolled back then
 */
record DeploymentFailure(
        String monitor, String what, String because, Predicate<DeploymentConfiguration> wantsRollback) {
    static final DeploymentFailure CIRCUIT_BREAKER = new DeploymentFailure("ECS deployment circuit breaker",
            "tasks failed to start.", "because the circuit breaker threshold was exceeded.",
            CircuitBreaker::rollsBack);

    static final DeploymentFailure ALARM = new DeploymentFailure("ECS deployment alarms",
            "alarm detected.", "because of a CloudWatch alarm.", DeploymentAlarmRules::rollsBack);

    static final DeploymentFailure REQUEST = new DeploymentFailure("ECS deployment stop",
            "the deployment was stopped.", "because of a request to stop it.", configuration -> true);

    /** What a stage of a deployment that shifts traffic fails of; all of that is rolled back. */
    static DeploymentFailure ofStage(String because) {
        return new DeploymentFailure("ECS deployment", "Service deployment rolled back " + because, because,
                configuration -> true);
    }

    /** As the service's events have it, behind the deployment's name. */
    String event() {
        return "deployment failed: " + what;
    }

    String rolloutStateReason() {
        return monitor + ": " + what;
    }

    String rollingBackReason(String deploymentId) {
        return monitor + ": rolling back to deploymentId " + deploymentId + ".";
    }

    String rolledBack() {
        return "Service deployment rolled back " + because;
    }

    String stopped() {
        return "Service deployment stopped " + because;
    }

    boolean rollsBack(DeploymentConfiguration configuration) {
        return wantsRollback.test(configuration);
    }
}
