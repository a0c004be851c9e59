package dev.landfall.ecs.deployment;

import static java.util.EnumSet.noneOf;
import static java.util.EnumSet.of;
import static software.amazon.awssdk.services.ecs.model.ServiceDeploymentStatus.IN_PROGRESS;
import static software.amazon.awssdk.services.ecs.model.ServiceDeploymentStatus.ROLLBACK_FAILED;
import static software.amazon.awssdk.services.ecs.model.ServiceDeploymentStatus.ROLLBACK_IN_PROGRESS;
import static software.amazon.awssdk.services.ecs.model.ServiceDeploymentStatus.ROLLBACK_REQUESTED;
import static software.amazon.awssdk.services.ecs.model.ServiceDeploymentStatus.ROLLBACK_SUCCESSFUL;
import static software.amazon.awssdk.services.ecs.model.ServiceDeploymentStatus.STOPPED;
import static software.amazon.awssdk.services.ecs.model.ServiceDeploymentStatus.STOP_REQUESTED;
import static software.amazon.awssdk.services.ecs.model.ServiceDeploymentStatus.SUCCESSFUL;

import java.util.EnumSet;
import software.amazon.awssdk.services.ecs.model.ServiceDeploymentStatus;

/** Where each status of a service deployment may lead (ECS Developer Guide, Service deployment states). */
public final class ServiceDeploymentLife {
    private ServiceDeploymentLife() {}

    public static EnumSet<ServiceDeploymentStatus> next(ServiceDeploymentStatus status) {
        return switch (status) {
            case PENDING -> of(IN_PROGRESS, ROLLBACK_REQUESTED, STOP_REQUESTED, STOPPED);
            case IN_PROGRESS -> of(SUCCESSFUL, STOP_REQUESTED, ROLLBACK_REQUESTED, ROLLBACK_IN_PROGRESS, STOPPED);
            case STOP_REQUESTED -> of(STOPPED);
            case ROLLBACK_REQUESTED -> of(SUCCESSFUL, ROLLBACK_IN_PROGRESS, STOPPED);
            case ROLLBACK_IN_PROGRESS -> of(ROLLBACK_SUCCESSFUL, ROLLBACK_FAILED);
            case SUCCESSFUL, STOPPED, ROLLBACK_SUCCESSFUL, ROLLBACK_FAILED, UNKNOWN_TO_SDK_VERSION ->
                noneOf(ServiceDeploymentStatus.class);
        };
    }

    /** Whether it has not come to an end yet. */
    public static boolean ongoing(ServiceDeploymentStatus status) {
        return !next(status).isEmpty();
    }
}
