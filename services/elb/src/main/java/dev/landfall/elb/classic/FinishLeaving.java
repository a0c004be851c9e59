package dev.landfall.elb.classic;

import dev.landfall.elb.ElbTables;
import dev.landfall.state.Context;
import dev.landfall.state.Image;
import dev.landfall.state.Write;
import java.util.Collection;
import java.util.List;

/** Forgets the instances whose connections have had their time to end. Nobody asks for it but time. */
public final class FinishLeaving {
    private FinishLeaving() {}

    public static List<Write<?>> writes(Image image, Context context) {
        return image.values(ElbTables.CLASSIC, ElbTables.CLASSIC_LEAVING, "0",
                        ElbTables.millis(context.now().toEpochMilli() + 1)).values().stream()
                .flatMap(Collection::stream).distinct()
                .flatMap(arn -> image.get(ElbTables.CLASSIC, arn).stream())
                .<Write<?>>map(row -> Classic.put(row.withInstances(row.instanceIds(), row.leaving().stream()
                        .filter(each -> each.until().isAfter(context.now())).toList())))
                .toList();
    }
}
