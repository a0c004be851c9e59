package dev.landfall.wire;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.SdkField;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.protocol.MarshallLocation;
import software.amazon.awssdk.core.traits.DefaultValueTrait;
import software.amazon.awssdk.core.traits.ListTrait;
import software.amazon.awssdk.core.traits.MapTrait;
import software.amazon.awssdk.core.traits.RequiredTrait;
import software.amazon.awssdk.utils.builder.Buildable;

/**
 * Fills any SDK model class with random values of every kind, nested to a bound. The same seed gives the same value.
 */
final class RandomShapes {
    private static final int MAX_DEPTH = 5;

    private static final String[] JSON_STRINGS = {
        "", "a", " two words ", "é ü ß", "日本語", "😀👩‍🚀", "\"quoted\\\"", "a&b=c+d%20<e>'",
        "\u0000\u0001\u001f", "\t\r\n",
        "arn:aws:ecs:us-east-1:000000000000:cluster/default", "null", "true", "-0", "\uFFFD\u2028", "x".repeat(300)
    };
    private static final String[] XML_STRINGS = {
        "", "a", " two words ", "é ü ß", "日本語", "😀👩‍🚀", "\"quoted\\\"", "a&b=c+d%20<e>'",
        "]]>", "<![CDATA[x]]>", "\t\n",
        // No slash: Route 53's client cuts ids at the last one.
        "arn:aws:ecs:us-east-1:000000000000:cluster", "null", "true", "x".repeat(300)
    };
    private static final String[] HEADER_STRINGS = {"a", "b-c", "x/y", "\"q\"", "0", "name@host"};
    private static final long[] SECONDS = {
        0, 1, -1, 1_763_632_345L, 253_402_300_799L, -62_135_596_800L, 4_102_444_800L
    };

    private final Random random;
    private final boolean xml;
    private final boolean emptyCollections;

    /** @param emptyCollections whether the wire can tell an empty collection from an absent one */
    RandomShapes(long seed, boolean xml, boolean emptyCollections) {
        random = new Random(seed);
        this.xml = xml;
        this.emptyCollections = emptyCollections;
    }

    <T> T next(Class<T> type) {
        try {
            var builder = type.getMethod("builder");
            builder.setAccessible(true);
            return type.cast(fill((SdkPojo) builder.invoke(null), 0));
        } catch (ReflectiveOperationException e) {
            throw new IllegalArgumentException(type.getName(), e);
        }
    }

    private Object fill(SdkPojo builder, int depth) {
        for (SdkField<?> field : builder.sdkFields()) {
            boolean needed = field.containsTrait(DefaultValueTrait.class)
                    || field.containsTrait(RequiredTrait.class) && field.location() != MarshallLocation.PAYLOAD
                    || field.location() == MarshallLocation.PATH;
            if (needed || random.nextInt(depth + 3) < 2) {
                Object value = value(field, depth);
                if (value != null) {
                    field.set(builder, value);
                }
            }
        }
        return ((Buildable) builder).build();
    }

    private Object value(SdkField<?> field, int depth) {
        boolean inBody = field.location() == MarshallLocation.PAYLOAD;
        return switch (field.marshallingType().getKnownType()) {
            case STRING -> string(field);
            case INTEGER -> field.location() == MarshallLocation.STATUS_CODE
                    ? (Object) 202
                    : pick(0, 1, -1, 80, Integer.MAX_VALUE, Integer.MIN_VALUE, random.nextInt());
            case LONG -> pick(0L, 1L, -1L, Long.MAX_VALUE, Long.MIN_VALUE, random.nextLong(), 1L << 53);
            case SHORT -> pick((short) 0, Short.MAX_VALUE, Short.MIN_VALUE);
            case BYTE -> pick((byte) 0, Byte.MAX_VALUE, Byte.MIN_VALUE);
            case FLOAT -> pick(0f, -1.5f, Float.MAX_VALUE, Float.MIN_VALUE, random.nextFloat());
            case DOUBLE -> pick(0.0, -0.0, 1e300, Double.MIN_VALUE, Double.MAX_VALUE, random.nextDouble(), 1.0 / 3);
            case BIG_DECIMAL -> new BigDecimal("12345678901234567890.123456789");
            case BOOLEAN -> random.nextBoolean();
            case INSTANT -> instant(inBody);
            case SDK_BYTES -> SdkBytes.fromByteArray(bytes());
            case SDK_POJO -> structure(field, depth);
            case LIST -> list(field.getTrait(ListTrait.class).memberFieldInfo(), depth, inBody && emptyCollections);
            case MAP -> map(field.getTrait(MapTrait.class).valueFieldInfo(), depth);
            default -> null;
        };
    }

    @SafeVarargs
    private <T> T pick(T... values) {
        return values[random.nextInt(values.length)];
    }

    private String string(SdkField<?> field) {
        return switch (field.location()) {
            case HEADER -> pick(HEADER_STRINGS);
            case PATH, GREEDY_PATH -> pick("id-1", "fs 1", "é", "a+b", "x%y", "q?r&s=t");
            default -> xml ? pick(XML_STRINGS) : pick(JSON_STRINGS);
        };
    }

    private byte[] bytes() {
        byte[] bytes = new byte[random.nextInt(200)];
        random.nextBytes(bytes);
        return bytes;
    }

    /** In a header only whole seconds fit. */
    private Instant instant(boolean inBody) {
        long seconds = SECONDS[random.nextInt(SECONDS.length)];
        if (!inBody || xml && seconds < 0) {
            seconds = Math.abs(seconds) % 4_000_000_000L;
        }
        return Instant.ofEpochSecond(seconds, inBody ? pick(0, 1, 500, 999, 120) * 1_000_000L : 0);
    }

    /** A query cannot say that there is a structure without members. */
    private Object structure(SdkField<?> field, int depth) {
        if (depth >= MAX_DEPTH) {
            return null;
        }
        Object value = fill(field.constructor().get(), depth + 1);
        return xml && SdkJson.write((SdkPojo) value).length <= 2 ? null : value;
    }

    private List<Object> list(SdkField<?> element, int depth, boolean mayBeEmpty) {
        List<Object> values = new ArrayList<>();
        int size = depth >= MAX_DEPTH ? 0 : random.nextInt(mayBeEmpty ? 0 : 1, 4);
        for (int i = 0; i < size; i++) {
            Object value = value(element, depth + 1);
            if (value != null) {
                values.add(value);
            }
        }
        return values.isEmpty() && !mayBeEmpty ? null : values;
    }

    private Map<String, Object> map(SdkField<?> element, int depth) {
        Map<String, Object> values = new LinkedHashMap<>();
        int size = depth >= MAX_DEPTH ? 0 : random.nextInt(emptyCollections ? 0 : 1, 4);
        for (int i = 0; i < size; i++) {
            Object value = value(element, depth + 1);
            if (value != null) {
                values.put("key." + i + (xml ? "" : pick(JSON_STRINGS)), value);
            }
        }
        return values.isEmpty() && !emptyCollections ? null : values;
    }
}
