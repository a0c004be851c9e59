package dev.landfall.ecs.agents;

import java.net.URI;
import software.amazon.awssdk.services.ecs.model.DiscoverPollEndpointResponse;

/** Tells an agent where to connect: this very server, under the name it is known by. */
public final class DiscoverPollEndpoint {
    private DiscoverPollEndpoint() {}

    public static DiscoverPollEndpointResponse read(URI server) {
        return DiscoverPollEndpointResponse.builder()
                .endpoint(server.resolve(AcsEndpoint.BASE).toString())
                .telemetryEndpoint(server.resolve(TcsEndpoint.BASE).toString())
                .serviceConnectEndpoint(server.resolve("/sc/").toString())
                .build();
    }
}
