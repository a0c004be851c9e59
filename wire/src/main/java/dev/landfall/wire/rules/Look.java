package dev.landfall.wire.rules;

import java.util.Collection;
import java.util.List;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.SdkField;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.util.SdkAutoConstructList;

/** One look at a request. Used by one thread. */
final class Look {
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
            String at = path + Texts.member(field.memberName());
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
            case String text when !Texts.isUnicode(text) ->
                found.add("Value at '" + at + "' contains invalid characters");
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

    private void known(SdkPojo pojo, String path) {
        for (Enumerated unknown : Enumerated.unknown(pojo)) {
            violated(quoted(asSent(pojo, unknown.name())), path + unknown.name(),
                    "Member must satisfy enum value set: [" + String.join(", ", unknown.known()) + "]");
        }
    }

    private static Object asSent(SdkPojo pojo, String getter) {
        return pojo.sdkFields().stream().filter(field -> Texts.member(field.memberName()).equals(getter))
                .<Object>map(field -> field.getValueOrDefault(pojo)).findFirst().orElse("");
    }
}
