package dev.landfall.ecs.account;

import dev.landfall.ecs.EcsErrors;
import dev.landfall.ecs.Scope;
import dev.landfall.state.Image;
import java.util.List;
import software.amazon.awssdk.services.ecs.model.PropagateTags;
import software.amazon.awssdk.services.ecs.model.SettingName;
import software.amazon.awssdk.services.ecs.model.Tag;

/**
 * What an account that has turned the long ARN format off may not ask for: tags need it (ECS Developer Guide, Amazon
 * Resource Names and IDs). The ARNs themselves are always long, as they are for every new account.
 */
public final class LongArns {
    private LongArns() {}

    /** What a request would do with tags. */
    public enum Use {
        NONE(""),
        TAGS("to add tags to the %s."),
        PROPAGATED("to propagate tags."),
        MANAGED("to work with ECS managed tags.");

        private final String purpose;

        Use(String purpose) {
            this.purpose = purpose;
        }

        /** @param propagate what the caller sent, or null; likewise {@code managed} */
        public static Use of(List<Tag> tags, PropagateTags propagate, Boolean managed) {
            if (!tags.isEmpty()) {
                return TAGS;
            }
            if (propagate != null && propagate != PropagateTags.NONE) {
                return PROPAGATED;
            }
            return Boolean.TRUE.equals(managed) ? MANAGED : NONE;
        }
    }

    /** @param kind "task" or "service" */
    public static void require(Image image, Scope scope, String kind, Use use) {
        SettingName setting = kind.equals("service")
                ? SettingName.SERVICE_LONG_ARN_FORMAT : SettingName.TASK_LONG_ARN_FORMAT;
        if (use != Use.NONE && AccountSettings.value(image, scope, setting).equals("disabled")) {
            throw EcsErrors.invalidParameter("The new ARN and resource ID format must be enabled "
                    + use.purpose.formatted(kind) + " Opt in to the new format and try again.");
        }
    }
}
