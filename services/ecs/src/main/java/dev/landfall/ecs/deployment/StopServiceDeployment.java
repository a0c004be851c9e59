package dev.landfall.ecs.deployment;

import dev.landfall.ecs.EcsErrors;
import dev.landfall.ecs.Scope;
import dev.landfall.state.Context;
import dev.landfall.state.Decision;
import dev.landfall.state.Draft;
import dev.landfall.state.Image;
import java.util.List;
import software.amazon.awssdk.services.ecs.model.ServiceDeploymentStatus;
import software.amazon.awssdk.services.ecs.model.StopServiceDeploymentRequest;
import software.amazon.awssdk.services.ecs.model.StopServiceDeploymentResponse;
import software.amazon.awssdk.services.ecs.model.StopServiceDeploymentStopType;

/**
 * Asks for the end of a service deployment that still goes on; the scheduler then rolls it back, or with ABORT leaves
 * everything as it is. Asking again for what is under way already is no mistake (ECS Developer Guide, Stopping Amazon
 * ECS service deployments).
 */
public final class StopServiceDeployment {
    private StopServiceDeployment() {}

    public static Decision<StopServiceDeploymentResponse> decide(
            Image image, StopServiceDeploymentRequest request, Scope scope, Context context) {
        ServiceDeploymentRow row = ServiceDeployments.require(image, scope, request.serviceDeploymentArn());
        var draft = new Draft(image);
        switch (row.deployment().status()) {
            case PENDING, IN_PROGRESS -> ServiceDeployments.moved(draft, row, wanted(request),
                    "Service deployment stop was requested by the user.", context);
            case STOP_REQUESTED, ROLLBACK_REQUESTED, ROLLBACK_IN_PROGRESS -> { }
            case SUCCESSFUL, STOPPED, ROLLBACK_SUCCESSFUL, ROLLBACK_FAILED, UNKNOWN_TO_SDK_VERSION ->
                throw EcsErrors.conflict("The service deployment cannot be stopped because it is in the "
                        + row.deployment().status() + " state.", List.of(row.arn()));
        }
        return draft.reply(StopServiceDeploymentResponse.builder().serviceDeploymentArn(row.arn()).build());
    }

    private static ServiceDeploymentStatus wanted(StopServiceDeploymentRequest request) {
        return request.stopType() == StopServiceDeploymentStopType.ABORT
                ? ServiceDeploymentStatus.STOP_REQUESTED : ServiceDeploymentStatus.ROLLBACK_REQUESTED;
    }
}
