package dev.landfall.elb.edge;

import dev.landfall.elb.Certificates;
import dev.landfall.elb.Instances;
import dev.landfall.protocol.edge.EdgeSnapshot;
import dev.landfall.state.Image;
import java.util.Optional;

/** What data planes would be told of an image. */
public final class SnapshotCheck {
    private SnapshotCheck() {}

    /** Throws for an image that the tables should not have let come about. */
    public static EdgeSnapshot of(Image image) {
        return new Snapshots((arn, scope) -> Optional.of(new Certificates.Certificate("chain of " + arn, "key of "
                + arn)),
                Instances.THIS_MACHINE).of(image, 1);
    }
}
