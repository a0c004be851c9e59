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
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.SdkField;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.util.SdkAutoConstructList;

/** One look at a request. Used by one thread. */
final class Look {
    /** The SDK's getters of a class that return an enum, or a list of one. */
    private static final ClassValue<List<Method>> ENUMERATED = new ClassValue<>() {
        @Override
        protected List<Method> computeValue(Class<?> type) {
            return Arrays.stream(type.getDeclaredMethods())
                    .filter(method -> method.getParameterCount() == 0 && enumOf(method.getGenericReturnType()) != null)
                    .toList();
        }
    };

    /** A longer value than this is named by its beginning. */
    private static final int SHOWN_MAX = 1_000;

    private final Constraints.Model model;
    private final List<String> found;

    /** @param found to which is added what does not hold, in AWS's words */
    Look(Constraints.Model model, List<String> found) {
        this.model = model;
        this.found = found;
    }

    /** Looks at one structure, whose members stand under {@code path}. */
    void look(SdkPojo pojo, String path) {
        String shape = pojo.getClass().getSimpleName();
        for (SdkField<?> field : pojo.sdkFields()) {
            String at = path + member(field.memberName());
            Object value = field.getValueOrDefault(pojo);
            var constraints = model.of(shape, field.memberName());
            if (value == null || value instanceof SdkAutoConstructList) {
                if (constraints.required()) {
                    violated("null", at, "Member must not be null");
                }
            } else {
                look(value, at, constraints, model.ofItems(shape, field.memberName()));
            }
        }
        known(pojo, path);
    }

    private void look(Object value, String at, Constraints constraints, Constraints ofItems) {
        switch (value) {
            case String text when !isUnicode(text) -> found.add("Value at '" + at + "' contains invalid characters");
            case String text -> constraints.violatedBy(text).forEach(what ->
                    violated(constraints.sensitive() ? "'***'" : quoted(text), at, what));
            case Number number -> constraints.violatedBy(number).forEach(what -> violated(quoted(number), at, what));
            case SdkBytes bytes -> constraints.violatedByLength(bytes.asByteArrayUnsafe().length)
                    .forEach(what -> violated("java.nio.HeapByteBuffer", at, what));
            case SdkPojo nested -> look(nested, at + '.');
            case Collection<?> items -> {
                constraints.violatedByLength(items.size()).forEach(what -> violated(quoted(items), at, what));
                int i = 0;
                for (Object item : items) {
                    i++;
                    if (item == null) {
                        violated("null", at + '.' + i + ".member", "Member must not be null");
                    } else {
                        look(item, at + '.' + i + ".member", ofItems, Constraints.NONE);
                    }
                }
            }
            default -> { }
        }
    }

    private void violated(String value, String at, String what) {
        found.add("Value " + value + " at '" + at + "' failed to satisfy constraint: " + what);
    }

    private static String quoted(Object value) {
        String text = value.toString();
        return "'" + (text.length() > SHOWN_MAX ? text.substring(0, SHOWN_MAX) + "…" : text) + "'";
    }

    /** Half a surrogate pair is no character: it could be neither kept nor answered. */
    private static boolean isUnicode(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (Character.isSurrogate(text.charAt(i))) {
                if (!Character.isHighSurrogate(text.charAt(i)) || i + 1 == text.length()
                        || !Character.isLowSurrogate(text.charAt(i + 1))) {
                    return false;
                }
                i++;
            }
        }
        return true;
    }

    private void known(SdkPojo pojo, String path) {
        for (Method getter : ENUMERATED.get(pojo.getClass())) {
            Object value = call(getter, pojo);
            Stream<?> values = value instanceof Collection<?> many ? many.stream() : Stream.ofNullable(value);
            if (values.filter(Objects::nonNull)
                    .anyMatch(each -> ((Enum<?>) each).name().equals("UNKNOWN_TO_SDK_VERSION"))) {
                List<String> known = Arrays.stream(enumOf(getter.getGenericReturnType()).getEnumConstants())
                        .map(Object::toString).filter(each -> !each.equals("null")).toList();
                violated(quoted(asSent(pojo, getter.getName())), path + getter.getName(),
                        "Member must satisfy enum value set: [" + String.join(", ", known) + "]");
            }
        }
    }

    private static Object asSent(SdkPojo pojo, String getter) {
        return pojo.sdkFields().stream().filter(field -> member(field.memberName()).equals(getter))
                .<Object>map(field -> field.getValueOrDefault(pojo)).findFirst().orElse("");
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
