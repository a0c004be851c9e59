package dev.landfall.ecs.shift;

import dev.landfall.ecs.EcsTables;
import dev.landfall.state.Decision;
import dev.landfall.state.Image;
import dev.landfall.state.Write;

/** Notes that all traffic goes where a stage wants it, or that the load balancers refuse to send it there. */
final class ObserveTraffic {
    private ObserveTraffic() {}

    /** @param seen the shift for which it was seen; it may have gone on since */
    static Decision<Void> settled(Image image, ShiftRow seen) {
        return Shifts.unchanged(image, seen).filter(row -> !row.progress().trafficSeen())
                .map(row -> Decision.<Void>of(null,
                        Write.put(EcsTables.SHIFTS, row.with(row.progress().withTrafficSeen()))))
                .orElseGet(() -> Decision.of(null));
    }

    /** @param why the load balancers' words */
    static Decision<Void> refused(Image image, ShiftRow seen, String why) {
        return Shifts.unchanged(image, seen).filter(row -> row.stage().forward()
                        && row.progress().refusal().isEmpty())
                .map(row -> Decision.<Void>of(null, Write.put(EcsTables.SHIFTS, row.with(row.progress().withRefusal(
                        "because " + row.stage().shown() + " lifecycle hook(s) failed. " + why)))))
                .orElseGet(() -> Decision.of(null));
    }
}
