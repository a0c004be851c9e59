package dev.landfall.testkit;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.SdkField;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.protocol.MarshallingKnownType;
import software.amazon.awssdk.core.traits.ListTrait;
import software.amazon.awssdk.core.traits.MapTrait;
import software.amazon.awssdk.utils.builder.Buildable;
import software.amazon.awssdk.utils.builder.ToCopyableBuilder;

/**
 * Variants of a good request in each of which one member, however deep, has a value that nobody should send. What the
 * request leaves out on the way to a member is filled in.
 */
public final class Mutations {
    private static final List<String> TEXTS = List.of("", " "
            + "", "\t\n", "a", "FOO", "null", "-1", "0", "1", "80", "65536",
            "99999999999999999999", "1e9", "NaN", "x".repeat(33), "x".repeat(300), "x".repeat(100_000), "\u0000",
            "a\u0000b", "\u001b[2J", "\uD800", "\uDC00x", "x\uDBFF", "\u00e9\u2603\uD83D\uDE00", "\u202Egnp", "'; --",
            "../../etc/passwd", "*", "%s%n", "{\"a\":1}", "a/b", "a:b", ":", "/", "//", "true", "#{host}", "#{",
            "(((((((((", "(a+)+$", "\\", "[", "$9", "10.0.0.0/33", "256.256.256.256", "10.0.0.1", "::1", "::/0",
                    "1.2.3",
            "vpc-", "subnet-x", "sg-x", "i-x", "all", "arn:", "arn:aws:elasticloadbalancing", "arn:::::::",
            "arn:aws:acm:eu-central-1:123456789012:certificate/x");
    private static final List<Integer> NUMBERS = List.of(Integer.MIN_VALUE, -65_536, -1, 0, 1, 2, 11, 101, 65_535,
            65_536, 1_000_000, Integer.MAX_VALUE);
    private static final List<Long> LONG_NUMBERS = List.of(Long.MIN_VALUE, -1L, 0L, 1L, Long.MAX_VALUE);
    private static final List<String> BYTES = List.of("", "a", "\u0000\u0001", "x".repeat(6_000), "x".repeat(40_000),
            "-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n",
            "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n", "-----BEGIN", "pass#phrase");
    private static final int LONG_LIST = 2_000;

    /**
     * @param path the member, such as {@code actions[].forwardConfig.targetGroups[].weight}
     * @param what says which value it has
     */
    public record Variant(String path, String what, SdkPojo request) {}

    private final List<String> texts;

    /** @param moreTexts what a service might take for something of its own, such as ARNs that are almost right */
    public Mutations(List<String> moreTexts) {
        texts = Stream.concat(TEXTS.stream(), moreTexts.stream()).toList();
    }

    public List<Variant> of(SdkPojo request) {
        return of(request, "");
    }

    private List<Variant> of(SdkPojo pojo, String path) {
        var variants = new ArrayList<Variant>();
        for (SdkField<?> field : pojo.sdkFields()) {
            String at = path + Character.toLowerCase(field.memberName().charAt(0)) + field.memberName().substring(1);
            Object current = field.getValueOrDefault(pojo);
            for (Object value : values(field, current)) {
                variants.add(new Variant(at, brief(value), with(pojo, field, value)));
            }
            SdkField<?> inner = inner(field);
            if (inner.marshallingType().getKnownType() == MarshallingKnownType.SDK_POJO) {
                SdkPojo nested = switch (current) {
                    case SdkPojo there -> there;
                    case List<?> items when !items.isEmpty() -> (SdkPojo) items.getFirst();
                    case null, default -> filled(inner);
                };
                for (Variant deeper : of(nested, at + (inner == field ? "." : "[]."))) {
                    variants.add(new Variant(deeper.path, deeper.what,
                            with(pojo, field, wrapped(field, current, deeper.request))));
                }
            }
        }
        return variants;
    }

    private static String brief(Object value) {
        String text = String.valueOf(value).chars().limit(1_000)
                .mapToObj(each -> each < 32 || each > 126 ? "\\u%04x".formatted(each) : Character.toString(each))
                .reduce("", String::concat);
        return text.length() < 80 ? text : text.substring(0, 80) + "… of " + text.length();
    }

    @SuppressWarnings("unchecked") // a field's own value
    private static SdkPojo with(SdkPojo pojo, SdkField<?> field, Object value) {
        SdkPojo builder = (SdkPojo) ((ToCopyableBuilder<?, ?>) pojo).toBuilder();
        ((SdkField<Object>) field).set(builder, value);
        return (SdkPojo) ((Buildable) builder).build();
    }

    private static Object wrapped(SdkField<?> field, Object current, Object member) {
        if (field.marshallingType().getKnownType() != MarshallingKnownType.LIST) {
            return member;
        }
        var items = new ArrayList<Object>(current instanceof List<?> there ? there : List.of());
        if (items.isEmpty()) {
            items.add(member);
        } else {
            items.set(0, member);
        }
        return items;
    }

    /** The field itself, or that of a list's members. */
    private static SdkField<?> inner(SdkField<?> field) {
        return switch (field.marshallingType().getKnownType()) {
            case LIST -> field.getTrait(ListTrait.class).memberFieldInfo();
            case MAP -> field.getTrait(MapTrait.class).valueFieldInfo();
            default -> field;
        };
    }

    /** With a text, a number and so on in each member. */
    @SuppressWarnings("unchecked")
    private static SdkPojo filled(SdkField<?> field) {
        SdkPojo builder = field.constructor().get();
        for (SdkField<?> member : builder.sdkFields()) {
            ((SdkField<Object>) member).set(builder, one(member));
        }
        return (SdkPojo) ((Buildable) builder).build();
    }

    private static Object one(SdkField<?> field) {
        return switch (field.marshallingType().getKnownType()) {
            case STRING -> "a";
            case INTEGER -> 1;
            case LONG -> 1L;
            case BOOLEAN -> true;
            case SDK_BYTES -> SdkBytes.fromUtf8String("a");
            case LIST -> List.of(one(inner(field)));
            case MAP -> Map.of("k", "v");
            case SDK_POJO -> filled(field);
            default -> throw new IllegalStateException("no request has a member of " + field.marshallingType());
        };
    }

    private List<Object> values(SdkField<?> field, Object current) {
        var values = new ArrayList<Object>();
        values.add(null);
        switch (field.marshallingType().getKnownType()) {
            case STRING -> values.addAll(texts);
            case INTEGER -> values.addAll(NUMBERS);
            case LONG -> values.addAll(LONG_NUMBERS);
            case BOOLEAN -> values.addAll(List.of(true, false));
            case SDK_BYTES -> BYTES.forEach(text -> values.add(SdkBytes.fromUtf8String(text)));
            case SDK_POJO -> values.add(((Buildable) field.constructor().get()).build());
            case MAP -> {
                values.add(Map.of());
                values.add(Collections.singletonMap("k", null));
                texts.forEach(text -> values.add(Map.of(text, text)));
            }
            case LIST -> {
                Object member = current instanceof List<?> items && !items.isEmpty() ? items.getFirst()
                        : one(inner(field));
                values.addAll(List.of(List.of(), Collections.nCopies(2, member),
                        Collections.nCopies(LONG_LIST, member), Arrays.asList(member, null)));
                if (member instanceof String) {
                    texts.forEach(text -> values.add(List.of(text)));
                }
            }
            default -> throw new IllegalStateException("no request has a member of " + field.marshallingType());
        }
        return values;
    }
}
