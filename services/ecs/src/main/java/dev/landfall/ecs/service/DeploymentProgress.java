package dev.landfall.ecs.service;

import dev.landfall.ecs.Uuids;
import dev.landfall.state.Context;
import dev.landfall.state.Image;
import software.amazon.awssdk.services.ecs.model.DeploymentRolloutState;

/** What a look at a service finds out about its deployments. */
final class DeploymentProgress {
    private DeploymentProgress() {}

    /** Completes the rollout, drops deployments without tasks, and announces the steady state once. */
    static ServiceRow settle(Image image, ServiceRow row, boolean complete, Context context) {
        ServiceRow next = row;
        if (complete && row.primary().rolloutState() == DeploymentRolloutState.IN_PROGRESS) {
            next = next.with(Deployments.withPrimary(
                    next.service(), Deployments.completed(next.primary(), context)));
            next = next.withEvent("(deployment " + next.primary().id() + ") deployment completed.",
                    Uuids.of(context), context.now());
        }
        if (complete) {
            next = next.with(Deployments.withoutEmpty(next.service(), each -> Services.inUse(image, row, each)));
            if (!next.steady()) {
                next = next.withSteady(true)
                        .withEvent(ServiceRow.STEADY, Uuids.of(context), context.now());
            }
        }
        return next;
    }
}
