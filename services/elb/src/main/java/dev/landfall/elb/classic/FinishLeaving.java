package dev.landfall.elb.classic;

import dev.landfall.elb.ElbTables;
import dev.landfall.elb.classic.ClassicRow.Leaving;
import dev.landfall.state.Image;
import dev.landfall.state.Write;
import java.time.Instant;
import java.util.List;

/**
 * Has the time of instances begin that leave, and forgets those whose connections have had it. Nobody asks for it but
 * time.
 */
public final class FinishLeaving {
    private FinishLeaving() {}

    /** @param arns of those that may have some, of whose present state all data planes know */
    public static List<Write<?>> writes(Image image, List<String> arns, Instant now) {
        return arns.stream()
                .flatMap(arn -> image.get(ElbTables.CLASSIC, arn).stream())
                .<Write<?>>map(row -> Classic.put(row.withInstances(row.instanceIds(), row.leaving().stream()
                        .map(each -> each.timeHasBegun() ? each : begun(row, each, now))
                        .filter(each -> each.until().isAfter(now)).toList())))
                .toList();
    }

    private static Leaving begun(ClassicRow row, Leaving leaving, Instant now) {
        int seconds = row.attributes().connectionDraining().timeout();
        return new Leaving(leaving.instanceId(), leaving.since(), now.plusSeconds(seconds));
    }
}
