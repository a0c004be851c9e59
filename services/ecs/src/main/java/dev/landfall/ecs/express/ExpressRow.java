package dev.landfall.ecs.express;

import java.time.Instant;
import software.amazon.awssdk.services.ecs.model.ExpressGatewayScalingTarget;

/**
 * What an Express service has beside its ECS service: what its infrastructure is to be, and what of it was made.
 *
 * @param gateway the key of the load balancer that it shares
 * @param host the name under which it is reached
 * @param nonce hexadecimal digits that its resources' names are made of
 * @param deploymentId of the deployment that was begun last, to which all else may be rolled back
 * @param probe of that deployment's tasks
 * @param scalingTarget complete
 */
public record ExpressRow(
        String serviceArn,
        String infrastructureRoleArn,
        String gateway,
        String host,
        String nonce,
        String deploymentId,
        Probe probe,
        ExpressGatewayScalingTarget scalingTarget,
        Phase phase,
        Ingress ingress,
        Instant updatedAt) {
    public boolean gone() {
        return phase == Phase.GONE;
    }

    /** Whether something is to be done about its infrastructure. */
    boolean busy() {
        return switch (phase) {
            case PROVISIONING, UPDATING, DISMANTLING -> true;
            case SETTLED, DRAINING, GONE -> false;
        };
    }

    ExpressRow with(Phase next) {
        return new ExpressRow(serviceArn, infrastructureRoleArn, gateway, host, nonce, deploymentId, probe,
                scalingTarget, next, ingress, updatedAt);
    }

    ExpressRow with(Ingress next) {
        return new ExpressRow(serviceArn, infrastructureRoleArn, gateway, host, nonce, deploymentId, probe,
                scalingTarget, phase, next, updatedAt);
    }

    ExpressRow with(ExpressGatewayScalingTarget next) {
        return new ExpressRow(serviceArn, infrastructureRoleArn, gateway, host, nonce, deploymentId, probe, next,
                phase, ingress, updatedAt);
    }

    /** With a deployment that has been begun. */
    ExpressRow deploying(String id, Probe next) {
        return new ExpressRow(serviceArn, infrastructureRoleArn, gateway, host, nonce, id, next, scalingTarget,
                phase == Phase.PROVISIONING ? phase : Phase.UPDATING, ingress, updatedAt);
    }

    ExpressRow at(Instant now) {
        return new ExpressRow(serviceArn, infrastructureRoleArn, gateway, host, nonce, deploymentId, probe,
                scalingTarget, phase, ingress, now);
    }
}
