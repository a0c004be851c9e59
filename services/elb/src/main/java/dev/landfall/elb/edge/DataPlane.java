package dev.landfall.elb.edge;

import dev.landfall.protocol.edge.EdgeMessage;
import dev.landfall.protocol.edge.EdgeSnapshot;
import java.util.function.Consumer;

/**
 * A data plane, in this process or at the other end of a socket. Called by one thread at a time, which it may hold up.
 */
@FunctionalInterface
public interface DataPlane {
    /** First everything, then what changes. Throwing ends the connection. */
    void accept(EdgeMessage message);

    /** One that takes whole snapshots, each newer than the one before. */
    static DataPlane ofSnapshots(Consumer<EdgeSnapshot> snapshots) {
        return new DataPlane() {
            private EdgeSnapshot has = EdgeSnapshot.EMPTY;

            @Override
            public void accept(EdgeMessage message) {
                EdgeSnapshot next = message.after(has);
                if (next.version() > has.version()) {
                    has = next;
                    snapshots.accept(next);
                }
            }
        };
    }
}
