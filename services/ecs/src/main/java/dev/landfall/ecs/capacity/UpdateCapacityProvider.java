package dev.landfall.ecs.capacity;

import dev.landfall.ecs.EcsErrors;
import dev.landfall.ecs.EcsTables;
import dev.landfall.ecs.Scope;
import dev.landfall.state.Decision;
import dev.landfall.state.Image;
import dev.landfall.state.Write;
import software.amazon.awssdk.services.ecs.model.AutoScalingGroupProviderUpdate;
import software.amazon.awssdk.services.ecs.model.CapacityProviderUpdateStatus;
import software.amazon.awssdk.services.ecs.model.UpdateCapacityProviderRequest;
import software.amazon.awssdk.services.ecs.model.UpdateCapacityProviderResponse;

/** Changes a provider's settings. It answers with the old ones, and {@link SettleCapacity} brings the new ones in. */
public final class UpdateCapacityProvider {
    private UpdateCapacityProvider() {}

    public static Decision<UpdateCapacityProviderResponse> decide(
            Image image, UpdateCapacityProviderRequest request, Scope scope) {
        CapacityProviders.requireCluster(image, scope, request.cluster());
        CapacityProviderRow row = CapacityProviders.require(image, scope, request.name());
        CapacityProviders.requireNotManagedInstances(request.managedInstancesProvider());
        AutoScalingGroupProviderUpdate change = request.autoScalingGroupProvider();
        if (change == null) {
            throw EcsErrors.client("The specified capacity provider update is empty. Specify an Auto Scaling group "
                    + "provider and try again.");
        }
        if (row.provider().updateStatus() == CapacityProviderUpdateStatus.DELETE_IN_PROGRESS) {
            throw CapacityProviders.notActive(row.provider().name());
        }
        var next = row.next().toBuilder();
        if (change.managedScaling() != null) {
            next.managedScaling(ProviderRules.changed(row.next().managedScaling(), change.managedScaling()));
        }
        if (change.managedTerminationProtection() != null) {
            next.managedTerminationProtection(change.managedTerminationProtection());
        }
        if (change.managedDraining() != null) {
            next.managedDraining(change.managedDraining());
        }
        var updating = new CapacityProviderRow(
                row.provider().toBuilder()
                        .updateStatus(CapacityProviderUpdateStatus.UPDATE_IN_PROGRESS)
                        .updateStatusReason(null)
                        .build(),
                ProviderRules.validated(next.build()));
        return Decision.of(
                UpdateCapacityProviderResponse.builder().capacityProvider(updating.provider()).build(),
                Write.put(EcsTables.CAPACITY_PROVIDERS, updating));
    }
}
