package dev.landfall.wire.rules;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import software.amazon.awssdk.core.SdkPojo;

/**
 * An enumerated member of an SDK shape, or a list of such values, that holds one the model does not know.
 *
 * @param name as the SDK's getter has it
 * @param known the values that it may have
 */
public record Enumerated(String name, List<String> known) {
    /** The SDK's getters of a class that return an enum, or a list of one. */
    private static final ClassValue<List<Method>> GETTERS = new ClassValue<>() {
        @Override
        protected List<Method> computeValue(Class<?> type) {
            return Arrays.stream(type.getDeclaredMethods())
                    .filter(method -> method.getParameterCount() == 0 && enumOf(method.getGenericReturnType()) != null)
                    .toList();
        }
    };

    /** Those of one structure; what is nested in it has its own. */
    public static List<Enumerated> unknown(SdkPojo pojo) {
        return GETTERS.get(pojo.getClass()).stream().filter(getter -> unknown(call(getter, pojo)))
                .map(getter -> new Enumerated(getter.getName(), values(getter))).toList();
    }

    private static boolean unknown(Object value) {
        Stream<?> values = value instanceof Collection<?> many ? many.stream() : Stream.ofNullable(value);
        return values.filter(Objects::nonNull)
                .anyMatch(each -> ((Enum<?>) each).name().equals("UNKNOWN_TO_SDK_VERSION"));
    }

    private static List<String> values(Method getter) {
        return Arrays.stream(enumOf(getter.getGenericReturnType()).getEnumConstants())
                .map(Object::toString).filter(each -> !each.equals("null")).toList();
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
}
