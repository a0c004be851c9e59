package dev.landfall.ecs.instance;

import dev.landfall.ecs.EcsErrors;
import dev.landfall.ecs.Scope;
import dev.landfall.ecs.cluster.ClusterRow;
import dev.landfall.ecs.cluster.Clusters;
import dev.landfall.state.Decision;
import dev.landfall.state.Draft;
import dev.landfall.state.Image;
import java.util.ArrayList;
import software.amazon.awssdk.services.ecs.model.ContainerInstance;
import software.amazon.awssdk.services.ecs.model.ContainerInstanceStatus;
import software.amazon.awssdk.services.ecs.model.Failure;
import software.amazon.awssdk.services.ecs.model.UpdateContainerInstancesStateRequest;
import software.amazon.awssdk.services.ecs.model.UpdateContainerInstancesStateResponse;

/** Sets instances ACTIVE or DRAINING; a draining one gets no new tasks. */
public final class UpdateContainerInstancesState {
    private static final int MAX = 10;

    private UpdateContainerInstancesState() {}

    public static Decision<UpdateContainerInstancesStateResponse> decide(
            Image image, UpdateContainerInstancesStateRequest request, Scope scope) {
        ClusterRow cluster = Clusters.require(image, scope, request.cluster());
        if (request.status() != ContainerInstanceStatus.ACTIVE
                && request.status() != ContainerInstanceStatus.DRAINING) {
            throw EcsErrors.invalidParameter("Container instance status should be one of [ACTIVE, DRAINING].");
        }
        if (request.containerInstances().isEmpty() || request.containerInstances().size() > MAX) {
            throw EcsErrors.invalidParameter("Container instances should have between 1 and " + MAX + " items.");
        }
        var draft = new Draft(image);
        var changed = new ArrayList<ContainerInstance>();
        var failures = new ArrayList<Failure>();
        for (String id : request.containerInstances()) {
            Instances.find(image, scope, cluster, id)
                    .filter(row -> !"INACTIVE".equals(row.instance().status()))
                    .ifPresentOrElse(row -> {
                        InstanceRow next = row.with(row.instance().toBuilder()
                                .status(request.statusAsString()).version(row.instance().version() + 1).build());
                        Instances.put(draft, next);
                        changed.add(Instances.describe(draft.image(), next));
                    }, () -> failures.add(Failure.builder()
                            .arn(Instances.arn(scope, cluster, id)).reason("MISSING").build()));
        }
        return draft.reply(UpdateContainerInstancesStateResponse.builder()
                .containerInstances(changed).failures(failures).build());
    }
}
