package dev.landfall.elb.classic;

import dev.landfall.elb.ElbTables;
import dev.landfall.state.Image;
import dev.landfall.state.Write;
import java.time.Instant;
import java.util.List;

/** Forgets the instances whose connections have had their time to end. Nobody asks for it but time. */
public final class FinishLeaving {
    private FinishLeaving() {}

    /** @param arns of those that may have some */
    public static List<Write<?>> writes(Image image, List<String> arns, Instant now) {
        return arns.stream()
                .flatMap(arn -> image.get(ElbTables.CLASSIC, arn).stream())
                .<Write<?>>map(row -> Classic.put(row.withInstances(row.instanceIds(), row.leaving().stream()
                        .filter(each -> each.until().isAfter(now)).toList())))
                .toList();
    }
}
