package dev.landfall.ecs.taskdef;

import dev.landfall.ecs.EcsErrors;
import dev.landfall.wire.SdkJson;
import software.amazon.awssdk.core.SdkPojo;

/** Service quota "Task definition size limit": 64 KiB. */
public final class DefinitionSize {
    private static final int BYTES_MAX = 65_536;

    private DefinitionSize() {}

    /** Measured in the JSON that it came in. */
    public static void require(SdkPojo definition) {
        int length = SdkJson.write(definition).length;
        if (length > BYTES_MAX) {
            throw EcsErrors.client(
                    "Actual length: '" + length + "'. Max allowed length is '" + BYTES_MAX + "' bytes.");
        }
    }
}
