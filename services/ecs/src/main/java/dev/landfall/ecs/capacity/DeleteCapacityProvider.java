package dev.landfall.ecs.capacity;

import dev.landfall.ecs.EcsErrors;
import dev.landfall.ecs.EcsTables;
import dev.landfall.ecs.Scope;
import dev.landfall.state.Decision;
import dev.landfall.state.Image;
import dev.landfall.state.Write;
import software.amazon.awssdk.services.ecs.model.CapacityProviderUpdateStatus;
import software.amazon.awssdk.services.ecs.model.DeleteCapacityProviderRequest;
import software.amazon.awssdk.services.ecs.model.DeleteCapacityProviderResponse;

/**
 * Begins the end of a provider. {@link SettleCapacity} makes it INACTIVE, or notes that the deletion failed as a
 * cluster still has the provider: as in ECS that is no refusal of this request.
 */
public final class DeleteCapacityProvider {
    private DeleteCapacityProvider() {}

    public static Decision<DeleteCapacityProviderResponse> decide(
            Image image, DeleteCapacityProviderRequest request, Scope scope) {
        CapacityProviders.requireCluster(image, scope, request.cluster());
        CapacityProviderRow row = CapacityProviders.require(image, scope, request.capacityProvider());
        if (row.provider().updateStatus() == CapacityProviderUpdateStatus.UPDATE_IN_PROGRESS) {
            throw EcsErrors.updateInProgress("The specified capacity provider is in a busy state. The update of the "
                    + "capacity provider must be complete before it can be deleted. Wait and try again.");
        }
        CapacityProviderRow deleting = row.with(row.provider().toBuilder()
                .updateStatus(CapacityProviderUpdateStatus.DELETE_IN_PROGRESS)
                .updateStatusReason(null)
                .build());
        return Decision.of(
                DeleteCapacityProviderResponse.builder().capacityProvider(deleting.provider()).build(),
                Write.put(EcsTables.CAPACITY_PROVIDERS, deleting));
    }
}
