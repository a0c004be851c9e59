package dev.landfall.app;

import dev.landfall.app.data.DataDirectory;
import dev.landfall.app.options.EventsOption.Events;
import dev.landfall.ecs.capacity.CapacityPolicy;
import dev.landfall.elb.edge.EdgeFeed;
import java.net.URI;
import software.amazon.awssdk.services.ecs.EcsClient;

/** The AWS APIs of one Landfall, listening. */
interface ControlPlane extends AutoCloseable {
    /** Starts it and returns when calls are answered. Port 0 takes a free one. */
    static ControlPlane start(DataDirectory data, String host, int port, Events events, CapacityPolicy capacity) {
        PortInUse.check(host, port);
        Preparation.complete();
        return Wiring.controlPlane(data, host, port, events, capacity);
    }

    URI endpoint();

    /** The service itself, without a wire between. */
    EcsClient ecs();

    /** Where data planes of load balancing connect. */
    EdgeFeed edges();

    @Override
    void close();
}
