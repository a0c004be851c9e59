package dev.landfall.ecs;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
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

    /** The SDK's getters of a class that return an enum, or a list of one. */
    private static final ClassValue<List<Method>> ENUMERATED = new ClassValue<>() {
        @Override
        protected List<Method> computeValue(Class<?> type) {
            return Arrays.stream(type.getDeclaredMethods())
                    .filter(method -> method.getParameterCount() == 0 && enumOf(method.getGenericReturnType()) != null)
                    .toList();
        }
    };

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
            throw EcsErrors.invalidParameter(member(field.memberName()) + " should not contain null.");
        }
        return item;
    }

    /** Half a surrogate pair is no character: it could be neither kept nor answered. */
    private static void requireUnicode(SdkField<?> field, String text) {
        for (int i = 0; i < text.length(); i++) {
            if (Character.isSurrogate(text.charAt(i))) {
                if (!Character.isHighSurrogate(text.charAt(i)) || i + 1 == text.length()
                        || !Character.isLowSurrogate(text.charAt(i + 1))) {
                    throw EcsErrors.invalidParameter(member(field.memberName()) + " contains invalid characters.");
                }
                i++;
            }
        }
    }

    private static void requireKnown(SdkPojo pojo) {
        for (Method getter : ENUMERATED.get(pojo.getClass())) {
            Object value = call(getter, pojo);
            Stream<?> values = value instanceof Collection<?> many ? many.stream() : Stream.ofNullable(value);
            if (values.anyMatch(each -> ((Enum<?>) each).name().equals("UNKNOWN_TO_SDK_VERSION"))) {
                List<String> known = Arrays.stream(enumOf(getter.getGenericReturnType()).getEnumConstants())
                        .map(Object::toString).filter(each -> !each.equals("null")).toList();
                throw EcsErrors.invalidParameter(
                        worded(getter.getName()) + " should be one of [" + String.join(",", known) + "]");
            }
        }
    }

    /** ECS calls some members otherwise than its model does. */
    private static String worded(String member) {
        return switch (member) {
            case "launchType" -> "launch type";
            case "schedulingStrategy" -> "Scheduling strategy";
            default -> member;
        };
    }

    private static Object call(Method getter, SdkPojo pojo) {
        try {
            return getter.invoke(pojo);
        } catch (IllegalAccessException | InvocationTargetException e) {
            throw new IllegalStateException("the getter " + getter + " failed", e);
        }
    }

    private static Class<?> enumOf(Type type) {
        Type element = type instanceof ParameterizedType list && list.getRawType() == List.class
                ? list.getActualTypeArguments()[0] : type;
        return element instanceof Class<?> plain && plain.isEnum() ? plain : null;
    }

    private static String member(String name) {
        return Character.toLowerCase(name.charAt(0)) + name.substring(1);
    }
}
