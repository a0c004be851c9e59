package dev.landfall.elb.edge;

import dev.landfall.protocol.edge.EdgeMessage;

/**
 * A data plane, in this process or at the other end of a socket. Called by one thread at a time, which it may hold up.
 */
@FunctionalInterface
public interface DataPlane {
    /** First everything, then what changes. Throwing ends the connection. */
    void accept(EdgeMessage message);
}
