package dev.landfall.ecs;

import dev.landfall.state.Context;

/** UUIDs out of the identifiers a decision is given. */
public final class Uuids {
    private Uuids() {}

    public static String of(Context context) {
        String hex = context.ids().next();
        return hex.substring(0, 8) + '-' + hex.substring(8, 12) + '-' + hex.substring(12, 16) + '-'
                + hex.substring(16, 20) + '-' + hex.substring(20);
    }
}
