package dev.landfall.ecs.daemontask;

import dev.landfall.ecs.Scope;
import dev.landfall.state.Image;
import software.amazon.awssdk.services.ecs.model.DescribeDaemonTaskDefinitionRequest;
import software.amazon.awssdk.services.ecs.model.DescribeDaemonTaskDefinitionResponse;

/** Shows one revision of a daemon task definition, or the latest ACTIVE one of a family. */
public final class DescribeDaemonTaskDefinition {
    private DescribeDaemonTaskDefinition() {}

    public static DescribeDaemonTaskDefinitionResponse read(
            Image image, DescribeDaemonTaskDefinitionRequest request, Scope scope) {
        return DescribeDaemonTaskDefinitionResponse.builder()
                .daemonTaskDefinition(DaemonTaskDefinitions.find(image, scope, request.daemonTaskDefinition())
                        .orElseThrow(DaemonTaskDefinitions::notFound).definition())
                .build();
    }
}
