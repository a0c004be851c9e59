package dev.landfall.ecs.shift;

import java.time.Instant;
import software.amazon.awssdk.services.ecs.model.DeploymentLifecycleHookAction;
import software.amazon.awssdk.services.ecs.model.DeploymentLifecycleHookDetail;
import software.amazon.awssdk.services.ecs.model.DeploymentLifecycleHookStatus;
import software.amazon.awssdk.services.ecs.model.DeploymentLifecycleHookTargetType;

/**
 * One hook at one visit of a stage.
 *
 * @param hookId {@code ecs-pause-} or {@code ecs-lambda-} and 43 characters
 * @param executionId what its target is told it by
 * @param target the URL that is called; empty for a pause
 * @param details the JSON object that is handed to the target, with what it answered before; empty if there is none
 * @param failedCalls calls without an answer since the last with one
 * @param nextCall no call before this moment
 * @param failure why it failed; empty unless it did
 */
public record HookRun(
        String hookId,
        String executionId,
        DeploymentLifecycleHookTargetType type,
        String target,
        DeploymentLifecycleHookStatus status,
        Instant expiresAt,
        DeploymentLifecycleHookAction timeoutAction,
        String details,
        int failedCalls,
        Instant nextCall,
        String failure) {

    HookRun with(DeploymentLifecycleHookStatus next, String why) {
        return new HookRun(hookId, executionId, type, target, next, expiresAt, timeoutAction, details, 0, nextCall,
                why);
    }

    HookRun calledAgain(Instant at, int failed, String nextDetails) {
        return new HookRun(hookId, executionId, type, target, status, expiresAt, timeoutAction, nextDetails, failed, at,
                "");
    }

    public boolean open() {
        return status == DeploymentLifecycleHookStatus.IN_PROGRESS
                || status == DeploymentLifecycleHookStatus.AWAITING_ACTION;
    }

    /** As DescribeServiceDeployments shows it. */
    public DeploymentLifecycleHookDetail shown() {
        return DeploymentLifecycleHookDetail.builder()
                .hookId(hookId)
                .targetType(type)
                .targetArn(target.isEmpty() ? null : target)
                .status(status)
                .expiresAt(expiresAt)
                .timeoutAction(timeoutAction)
                .build();
    }
}
