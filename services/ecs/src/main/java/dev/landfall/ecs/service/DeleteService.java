package dev.landfall.ecs.service;

import dev.landfall.ecs.EcsErrors;
import dev.landfall.ecs.EcsTables;
import dev.landfall.ecs.Scope;
import dev.landfall.ecs.cluster.ClusterRow;
import dev.landfall.ecs.cluster.Clusters;
import dev.landfall.state.Decision;
import dev.landfall.state.Image;
import dev.landfall.state.Write;
import software.amazon.awssdk.services.ecs.model.DeleteServiceRequest;
import software.amazon.awssdk.services.ecs.model.DeleteServiceResponse;

/** Ends a service: it is DRAINING until its tasks have stopped, then INACTIVE. Repeating it meanwhile is no mistake. */
public final class DeleteService {
    private DeleteService() {}

    public static Decision<DeleteServiceResponse> decide(Image image, DeleteServiceRequest request, Scope scope) {
        ClusterRow cluster = Clusters.require(image, scope, request.cluster());
        ServiceRow row = Services.require(image, scope, cluster, request.service());
        if (row.inactive()) {
            throw EcsErrors.serviceNotFound();
        }
        ManagedService.requireOthers(row.service());
        if (!row.active()) {
            return Decision.of(DeleteServiceResponse.builder().service(Services.describe(image, row)).build());
        }
        boolean counted = !DaemonRules.applies(row.service()); // a daemon cannot be scaled to 0 before
        if (counted && row.service().desiredCount() > 0 && !Boolean.TRUE.equals(request.force())) {
            throw EcsErrors.invalidParameter("The service cannot be stopped while it is scaled above 0.");
        }
        ServiceRow draining = draining(row);
        return Decision.of(
                DeleteServiceResponse.builder().service(Services.describe(image, draining)).build(),
                Write.put(EcsTables.SERVICES, draining));
    }

    static ServiceRow draining(ServiceRow row) {
        var deployments = row.service().deployments().stream()
                .map(each -> each.toBuilder().desiredCount(0).build()).toList();
        return row.with(row.service().toBuilder()
                .status("DRAINING").desiredCount(0).deployments(deployments).build());
    }
}
