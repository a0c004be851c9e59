package dev.landfall.ecs.instance;

import dev.landfall.ecs.EcsErrors;
import dev.landfall.ecs.Scope;
import dev.landfall.ecs.cluster.ClusterRow;
import dev.landfall.ecs.cluster.Clusters;
import dev.landfall.state.Image;
import java.util.Optional;
import software.amazon.awssdk.services.ecs.model.ContainerInstance;
import software.amazon.awssdk.services.ecs.model.UpdateContainerAgentRequest;
import software.amazon.awssdk.services.ecs.model.UpdateContainerAgentResponse;
import software.amazon.awssdk.services.ecs.model.VersionInfo;

/**
 * Would have an agent install its newest version. There is never one to install: Landfall's agent is updated with the
 * program that holds it, and for Amazon's agent there is no path to a newer version from here. So none is in progress.
 */
public final class UpdateContainerAgent {
    private UpdateContainerAgent() {}

    public static UpdateContainerAgentResponse read(Image image, UpdateContainerAgentRequest request, Scope scope) {
        ClusterRow cluster = Clusters.require(image, scope, request.cluster());
        ContainerInstance instance = Instances.require(image, scope, cluster, request.containerInstance()).instance();
        if (Optional.ofNullable(instance.versionInfo()).map(VersionInfo::agentVersion).isEmpty()) {
            throw EcsErrors.missingVersion();
        }
        throw EcsErrors.noUpdateAvailable();
    }
}
