package dev.landfall.elb;

import dev.landfall.state.Image;
import dev.landfall.state.Table;
import java.util.List;

/** Comparing images by what stands in their tables. */
public final class Images {
    private Images() {}

    /** The names of the tables that differ. */
    public static List<String> changed(Image before, Image after) {
        return before.tables().stream().filter(table -> !same(before, after, table)).map(Table::name).toList();
    }

    private static boolean same(Image before, Image after, Table<?> table) {
        return List.copyOf(before.all(table)).equals(List.copyOf(after.all(table)));
    }
}
