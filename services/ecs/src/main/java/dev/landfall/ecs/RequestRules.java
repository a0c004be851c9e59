package dev.landfall.ecs;

import dev.landfall.wire.rules.Enumerated;
import dev.landfall.wire.rules.Texts;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.core.SdkField;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.services.ecs.model.DeleteAccountSettingRequest;
import software.amazon.awssdk.services.ecs.model.EcsRequest;
import software.amazon.awssdk.services.ecs.model.ListAccountSettingsRequest;
import software.amazon.awssdk.services.ecs.model.ListTaskDefinitionsRequest;
import software.amazon.awssdk.services.ecs.model.PutAccountSettingDefaultRequest;
import software.amazon.awssdk.services.ecs.model.PutAccountSettingRequest;
import software.amazon.awssdk.services.ecs.model.RegisterTaskDefinitionRequest;
import software.amazon.awssdk.services.ecs.model.SubmitAttachmentStateChangesRequest;
import software.amazon.awssdk.services.ecs.model.SubmitContainerStateChangeRequest;
import software.amazon.awssdk.services.ecs.model.SubmitTaskStateChangeRequest;

/**
 * What holds for the requests of all actions, so that no action needs to look: lists and maps have no null in them,
 * texts are Unicode, and an enumerated member has one of its values. Stateless; safe for any thread.
 */
final class RequestRules {
    /**
     * Actions with words of their own for a value they do not know, and agents' reports, which may be newer than we
     * are.
     */
    private static final List<Class<? extends EcsRequest>> ANY_VALUE = List.of(RegisterTaskDefinitionRequest.class,
            ListTaskDefinitionsRequest.class, PutAccountSettingRequest.class, PutAccountSettingDefaultRequest.class,
            DeleteAccountSettingRequest.class, ListAccountSettingsRequest.class, SubmitTaskStateChangeRequest.class,
            SubmitContainerStateChangeRequest.class, SubmitAttachmentStateChangesRequest.class);

    private RequestRules() {}

    /** The request, if it keeps the rules. */
    static <R extends EcsRequest> R checked(R request) {
        boolean anyValue = ANY_VALUE.contains(request.getClass());
        walk(request, anyValue ? pojo -> { } : RequestRules::requireKnown);
        return request;
    }

    private interface Check {
        void on(SdkPojo pojo);
    }

    private static void walk(SdkPojo pojo, Check check) {
        for (SdkField<?> field : pojo.sdkFields()) {
            walk(field, field.getValueOrDefault(pojo), check);
        }
        check.on(pojo); // after its lists, which have no null in them then
    }

    private static void walk(SdkField<?> field, Object value, Check check) {
        switch (value) {
            case String text -> requireUnicode(field, text);
            case SdkPojo nested -> walk(nested, check);
            case Collection<?> items -> items.forEach(item -> walk(field, present(field, item), check));
            case Map<?, ?> entries -> entries.forEach((key, item) -> {
                requireUnicode(field, (String) key);
                walk(field, present(field, item), check);
            });
            case null, default -> { }
        }
    }

    private static Object present(SdkField<?> field, Object item) {
        if (item == null) {
            throw EcsErrors.invalidParameter(Texts.member(field.memberName()) + " should not contain null.");
        }
        return item;
    }

    private static void requireUnicode(SdkField<?> field, String text) {
        if (!Texts.isUnicode(text)) {
            throw EcsErrors.invalidParameter(Texts.member(field.memberName()) + " contains invalid characters.");
        }
    }

    private static void requireKnown(SdkPojo pojo) {
        Enumerated.unknown(pojo).stream().findFirst().ifPresent(unknown -> {
            throw EcsErrors.invalidParameter(
                    worded(unknown.name()) + " should be one of [" + String.join(",", unknown.known()) + "]");
        });
    }

    /** ECS calls some members otherwise than its model does. */
    private static String worded(String member) {
        return switch (member) {
            case "launchType" -> "launch type";
            case "schedulingStrategy" -> "Scheduling strategy";
            default -> member;
        };
    }
}
