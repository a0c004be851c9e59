package dev.landfall.ecs.service;

import dev.landfall.ecs.deployment.CircuitBreaker;
import dev.landfall.ecs.deployment.DeploymentAlarmRules;
import software.amazon.awssdk.services.ecs.model.DeploymentConfiguration;

/** Why a deployment comes to a bad end, and how ECS words it. */
enum DeploymentFailure {
    CIRCUIT_BREAKER("ECS deployment circuit breaker", "tasks failed to start.",
            "because the circuit breaker threshold was exceeded."),
    ALARM("ECS deployment alarms", "alarm detected.", "because of a CloudWatch alarm."),
    REQUEST("ECS deployment stop", "the deployment was stopped.", "because of a request to stop it.");

    private final String monitor;
    private final String what;
    private final String because;

    DeploymentFailure(String monitor, String what, String because) {
        this.monitor = monitor;
        this.what = what;
        this.because = because;
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
        return switch (this) {
            case CIRCUIT_BREAKER -> CircuitBreaker.rollsBack(configuration);
            case ALARM -> DeploymentAlarmRules.rollsBack(configuration);
            case REQUEST -> true;
        };
    }
}
