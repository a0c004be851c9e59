package dev.landfall.ecs;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.SdkField;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.document.Document;
import software.amazon.awssdk.core.protocol.MarshallingKnownType;
import software.amazon.awssdk.core.traits.ListTrait;
import software.amazon.awssdk.core.traits.MapTrait;
import software.amazon.awssdk.utils.builder.Buildable;

/** Fills requests with what callers should not send, beside what they may. One seed gives one sequence of requests. */
public final class HostileShapes {
    private static final int DEPTH_MAX = 6;
    private static final List<Integer> NUMBERS =
            List.of(0, 1, 2, 10, 11, -1, 101, 256, 1_000_000, Integer.MIN_VALUE, Integer.MAX_VALUE);
    private static final List<String> TEXTS =
            List.of("", " ", "a", "FOO", "-1", "0", "1", "99999999999999999999", "null",
            "arn:", "arn:aws:ecs", "arn:aws:ecs:::", "arn:aws:ecs:us-east-1:000000000000:", "service:svc", "a/b",
                    "a\nb",
            "\u0000", "\uD800", "\u00e9\u2603", "x".repeat(300), "x".repeat(10_000), "10.0.0.0/33", "1.5 vCPU");

    private final Random random;

    /** Of a hundred values that many are hostile, and of ten members that many are given. */
    private final int malice;
    private final int fullness;

    /** Names of what exists, so that requests get beyond the first check. */
    private final Map<String, List<String>> known;

    HostileShapes(long seed, Map<String, List<String>> known) {
        this.random = new Random(seed);
        this.known = known;
        this.malice = List.of(0, 1, 3, 30, 100).get(random.nextInt(5));
        this.fullness = 2 + random.nextInt(8);
    }

    private HostileShapes(Random random, Map<String, List<String>> known) {
        this.random = random;
        this.known = known;
        this.malice = 0;
        this.fullness = 1 + random.nextInt(10);
    }

    /** Fills with nothing but what may be sent, each by itself; one seed fills more members than another. */
    public static HostileShapes good(long seed, Map<String, List<String>> known) {
        return new HostileShapes(new Random(seed), known);
    }

    /** Fills and builds it. */
    public Object filled(SdkPojo builder) {
        return filled(builder, 0);
    }

    private Object filled(SdkPojo builder, int depth) {
        for (SdkField<?> field : builder.sdkFields()) {
            if (random.nextInt(10) < fullness - depth) {
                set(field, builder, value(field, field.memberName(), builder, depth));
            }
        }
        return ((Buildable) builder).build();
    }

    @SuppressWarnings("unchecked") // a field's own values
    private static void set(SdkField<?> field, SdkPojo builder, Object value) {
        ((SdkField<Object>) field).set(builder, value);
    }

    private Object value(SdkField<?> field, String member, SdkPojo owner, int depth) {
        if (hostile() && random.nextInt(10) == 0) {
            return null;
        }
        MarshallingKnownType type = field.marshallingType().getKnownType();
        return switch (type) {
            case STRING -> text(member, owner);
            case INTEGER -> number();
            case LONG -> (long) number() * (random.nextBoolean() ? 1 : Integer.MAX_VALUE);
            case SHORT -> (short) number();
            case BYTE -> (byte) number();
            case FLOAT -> (float) number();
            case DOUBLE -> (double) number();
            case BIG_DECIMAL -> java.math.BigDecimal.valueOf(number());
            case BOOLEAN -> random.nextBoolean();
            case INSTANT -> Instant.ofEpochSecond(number());
            case SDK_BYTES -> SdkBytes.fromUtf8String("x");
            case SDK_POJO -> depth > DEPTH_MAX ? null : filled(field.constructor().get(), depth + 1);
            case LIST -> list(field, member, owner, depth);
            case MAP -> map(field, member, owner, depth);
            case DOCUMENT -> Document.fromString("x");
            case NULL -> null;
        };
    }

    private boolean hostile() {
        return random.nextInt(100) < malice;
    }

    private int number() {
        return !hostile() ? 1 + random.nextInt(2) : NUMBERS.get(random.nextInt(NUMBERS.size()));
    }

    private String text(String member, SdkPojo owner) {
        if (hostile()) {
            return TEXTS.get(random.nextInt(TEXTS.size()));
        }
        String name = Character.toLowerCase(member.charAt(0)) + member.substring(1);
        List<String> from = enumerated(owner.getClass().getEnclosingClass(), name);
        if (from.isEmpty()) {
            from = known.getOrDefault(name, List.of("a", "b1"));
        }
        return from.get(random.nextInt(from.size()));
    }

    /** The values of an enumerated member, which the SDK's getter tells. */
    private static List<String> enumerated(Class<?> model, String name) {
        try {
            Type type = model.getMethod(name).getGenericReturnType();
            Type element = type instanceof ParameterizedType list ? list.getActualTypeArguments()[0] : type;
            return element instanceof Class<?> plain && plain.isEnum()
                    ? Arrays.stream(plain.getEnumConstants()).map(Object::toString)
                            .filter(value -> !value.equals("null")).toList()
                    : List.of();
        } catch (NoSuchMethodException e) {
            return List.of(); // a member whose getter has another name is not enumerated
        }
    }

    private List<Object> list(SdkField<?> field, String member, SdkPojo owner, int depth) {
        var members = new ArrayList<>();
        int size = !hostile() ? 1 : random.nextInt(20) == 0 ? 150 : random.nextInt(3);
        for (int i = 0; i < size; i++) {
            members.add(value(field.getTrait(ListTrait.class).memberFieldInfo(), member, owner, depth + 1));
        }
        return members;
    }

    private Map<String, Object> map(SdkField<?> field, String member, SdkPojo owner, int depth) {
        var entries = new LinkedHashMap<String, Object>();
        for (int i = random.nextInt(3); i > 0; i--) {
            entries.put(hostile() ? TEXTS.get(random.nextInt(TEXTS.size())) : "k" + i,
                    value(field.getTrait(MapTrait.class).valueFieldInfo(), member, owner, depth + 1));
        }
        return entries;
    }
}
