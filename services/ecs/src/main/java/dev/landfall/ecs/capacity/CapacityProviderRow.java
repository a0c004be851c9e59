package dev.landfall.ecs.capacity;

import software.amazon.awssdk.services.ecs.model.AutoScalingGroupProvider;
import software.amazon.awssdk.services.ecs.model.CapacityProvider;
import software.amazon.awssdk.services.ecs.model.CapacityProviderStatus;
import software.amazon.awssdk.services.ecs.model.CapacityProviderUpdateStatus;

/**
 * A capacity provider of an Auto Scaling group as the API shows it. Tags are kept in it.
 *
 * @param next the group's settings once the update that is in progress is complete; what stands in the provider when
 *     none is
 */
public record CapacityProviderRow(CapacityProvider provider, AutoScalingGroupProvider next) {
    public String arn() {
        return provider.capacityProviderArn();
    }

    /** Whether it can be used; one that was deleted can still be described. */
    public boolean active() {
        return provider.status() == CapacityProviderStatus.ACTIVE;
    }

    /** Whether an update or a deletion waits to be carried out. */
    boolean inProgress() {
        return provider.updateStatus() == CapacityProviderUpdateStatus.UPDATE_IN_PROGRESS
                || provider.updateStatus() == CapacityProviderUpdateStatus.DELETE_IN_PROGRESS;
    }

    public CapacityProviderRow with(CapacityProvider changed) {
        return new CapacityProviderRow(changed, next);
    }
}
