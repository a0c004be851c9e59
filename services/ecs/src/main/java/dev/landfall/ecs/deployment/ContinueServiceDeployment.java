package dev.landfall.ecs.deployment;

import dev.landfall.ecs.EcsErrors;
import dev.landfall.ecs.Scope;
import dev.landfall.state.Image;
import software.amazon.awssdk.services.ecs.model.ContinueServiceDeploymentRequest;
import software.amazon.awssdk.services.ecs.model.ContinueServiceDeploymentResponse;

/**
 * Would continue a service deployment that waits at a PAUSE hook. Rolling updates have no lifecycle hooks, so that none
 * ever waits: every hook that a caller may name is unknown.
 */
public final class ContinueServiceDeployment {
    private ContinueServiceDeployment() {}

    public static ContinueServiceDeploymentResponse read(
            Image image, ContinueServiceDeploymentRequest request, Scope scope) {
        ServiceDeploymentRow row = ServiceDeployments.require(image, scope, request.serviceDeploymentArn());
        if (request.hookId() == null || request.hookId().isBlank()) {
            throw EcsErrors.invalidParameter("hookId can not be blank.");
        }
        throw EcsErrors.invalidParameter("The service deployment " + row.arn() + " is not paused at the lifecycle hook "
                + request.hookId() + ".");
    }
}
