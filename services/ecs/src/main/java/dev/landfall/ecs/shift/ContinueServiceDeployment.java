package dev.landfall.ecs.shift;

import dev.landfall.ecs.EcsErrors;
import dev.landfall.ecs.EcsTables;
import dev.landfall.ecs.Scope;
import dev.landfall.ecs.deployment.ServiceDeploymentRow;
import dev.landfall.ecs.deployment.ServiceDeployments;
import dev.landfall.state.Decision;
import dev.landfall.state.Image;
import dev.landfall.state.Write;
import java.util.regex.Pattern;
import software.amazon.awssdk.services.ecs.model.ContinueServiceDeploymentRequest;
import software.amazon.awssdk.services.ecs.model.ContinueServiceDeploymentResponse;
import software.amazon.awssdk.services.ecs.model.DeploymentLifecycleHookAction;
import software.amazon.awssdk.services.ecs.model.DeploymentLifecycleHookStatus;

/**
 * Lets a service deployment go on that waits at a PAUSE hook, or rolls it back (ECS Developer Guide, Pause hooks for
 * Amazon ECS service deployments). The messages are those of its Troubleshooting Amazon ECS blue/green deployments.
 */
public final class ContinueServiceDeployment {
    private static final Pattern HOOK_ID = Pattern.compile("ecs-[a-z]+-.+");

    private ContinueServiceDeployment() {}

    public static Decision<ContinueServiceDeploymentResponse> decide(
            Image image, ContinueServiceDeploymentRequest request, Scope scope) {
        String arn = request.serviceDeploymentArn();
        if (arn == null || arn.isBlank()) {
            throw EcsErrors.invalidParameter("serviceDeploymentArn can not be blank.");
        }
        if (request.hookId() == null || !HOOK_ID.matcher(request.hookId()).matches()) {
            throw EcsErrors.invalidParameter("Invalid hookId: hookId must follow the format: ecs-{hookType}-{id}");
        }
        ServiceDeploymentRow row = ServiceDeployments.find(image, scope, arn).orElseThrow(() ->
                EcsErrors.serviceDeploymentNotFound("The service deployment does not exist."));
        if (!row.ongoing()) {
            throw EcsErrors.invalidParameter(
                    "Continuing a service deployment is not allowed for service deployment in terminal states.");
        }
        ShiftRow shift = Shifts.of(image, row).orElseThrow(ContinueServiceDeployment::unknown);
        HookRun hook = shift.hook(request.hookId())
                .filter(each -> each.status() == DeploymentLifecycleHookStatus.AWAITING_ACTION)
                .orElseThrow(ContinueServiceDeployment::unknown);
        DeploymentLifecycleHookStatus status = request.action() == DeploymentLifecycleHookAction.ROLLBACK
                ? DeploymentLifecycleHookStatus.FAILED : DeploymentLifecycleHookStatus.SUCCEEDED;
        return Decision.of(ContinueServiceDeploymentResponse.builder().serviceDeploymentArn(arn).build(),
                Write.put(EcsTables.SHIFTS, shift.with(hook.with(status, ""))));
    }

    private static RuntimeException unknown() {
        return EcsErrors.invalidParameter(
                "Provided hookId is either completed, unavailable, or not associated with the given Resource ARN");
    }
}
