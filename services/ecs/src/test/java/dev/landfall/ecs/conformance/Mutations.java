package dev.landfall.ecs.conformance;

import dev.landfall.ecs.World;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.SdkField;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.document.Document;
import software.amazon.awssdk.core.protocol.MarshallingKnownType;
import software.amazon.awssdk.core.traits.ListTrait;
import software.amazon.awssdk.core.traits.MapTrait;
import software.amazon.awssdk.utils.builder.Buildable;
import software.amazon.awssdk.utils.builder.ToCopyableBuilder;

/**
 * Variants of a request in each of which one member, however deep, has a value that nobody should send. The rest stays
 * as it was, so that a variant of a good request gets as far as that member. What the request leaves out on the way to
 * a member is filled in.
 */
final class Mutations {
    private static final String OTHERS = "arn:aws:ecs:eu-central-1:999999999999:";
    private static final String OURS = World.ARN;

    /** Texts of all kinds: no content, too much, what text forms stumble over, names of what is not the caller's. */
    private static final List<String> TEXTS = List.of("", " ", "\t\n", "a", "FOO", "null", "-1", "0", "1", "65536",
            "99999999999999999999", "1e9", "NaN", "x".repeat(300), "x".repeat(100_000), "\u0000", "a\u0000b", "\u001b[2J",
            "\uD800", "\uDC00x", "x\uDBFF", "\u00e9\u2603\uD83D\uDE00", "\u202Egnp", "'; --", "../../etc/passwd", "*",
            "%s%n", "{\"a\":1}", "a/b", "a:b", ":", "/", "service:svc", "web:0", "web:2147483648", "web:1:1",
            "arn:", "arn:aws:ecs", "arn:aws:ecs:::", "arn:aws:ecs:eu-central-1:123456789012:", "arn:::::::",
            OURS + "cluster/", OURS + "cluster/default/x", OURS + "cluster/" + OURS + "cluster/default",
            OURS + "task/default", OURS + "task/default/", OURS + "task/default/" + "0".repeat(32),
            OURS + "service/default/svc/svc", OURS + "container-instance/" + "0".repeat(32),
            OURS + "task-definition/web", OURS + "task-definition/web:1:1", OURS + "task-definition/:1",
            OURS + "capacity-provider/FARGATE", OURS + "task-set/default/svc/ecs-svc/1",
            OTHERS + "cluster/default", OTHERS + "task/default/" + "0".repeat(32), OTHERS + "service/default/svc",
            OTHERS + "task-definition/web:1", OTHERS + "container-instance/default/" + "0".repeat(32),
            "arn:aws:ecs:us-east-1:123456789012:cluster/default", "arn:aws:iam::999999999999:root",
            "10.0.0.0/33", "256.256.256.256", "1.5 vCPU", "attribute:a == b and (", "agentVersion > (((");

    private static final List<Number> NUMBERS = List.of(Integer.MIN_VALUE, -65_536, -1, 0, 1, 2, 11, 101, 65_536,
            1_000_000, Integer.MAX_VALUE);

    /** Longer than every limit of ECS. */
    private static final int LONG_LIST = 2_000;

    /** As ECS's shapes do not contain themselves, none is deeper. */
    private static final int DEPTH_MAX = 12;

    /**
     * @param path the member, such as {@code containerDefinitions[].portMappings[].hostPort}
     * @param member the shape and the member, such as {@code PortMapping.hostPort}
     * @param what says which value it has
     */
    record Variant(String path, String member, String what, SdkPojo request) {}

    private final Function<SdkPojo, SdkPojo> filled;

    /** @param filled builds what a builder is for, with something in its members */
    Mutations(Function<SdkPojo, SdkPojo> filled) {
        this.filled = filled;
    }

    List<Variant> of(SdkPojo request) {
        return of(request, "", 0);
    }

    private List<Variant> of(SdkPojo pojo, String path, int depth) {
        var variants = new ArrayList<Variant>();
        if (depth > DEPTH_MAX) {
            throw new IllegalStateException("shapes are deeper than expected: " + path);
        }
        for (SdkField<?> field : pojo.sdkFields()) {
            String name = field.locationName();
            String member = pojo.getClass().getSimpleName() + '.' + name;
            for (Object value : values(field, field.getValueOrDefault(pojo))) {
                variants.add(new Variant(path + name, member, brief(value), with(pojo, field, value)));
            }
            for (Variant deeper : deeper(field, field.getValueOrDefault(pojo), path + name, depth)) {
                variants.add(new Variant(deeper.path, deeper.member, deeper.what,
                        with(pojo, field, wrapped(field, field.getValueOrDefault(pojo), deeper.request))));
            }
        }
        return variants;
    }

    private static String brief(Object value) {
        String text = String.valueOf(value).chars().limit(1_000)
                .mapToObj(each -> each < 32 || each > 126 ? "\\u%04x".formatted(each) : Character.toString(each))
                .collect(Collectors.joining());
        return text.length() < 60 ? text : text.substring(0, 60) + "… of " + text.length();
    }

    @SuppressWarnings("unchecked") // a field's own value
    private static SdkPojo with(SdkPojo pojo, SdkField<?> field, Object value) {
        SdkPojo builder = (SdkPojo) ((ToCopyableBuilder<?, ?>) pojo).toBuilder();
        ((SdkField<Object>) field).set(builder, value);
        return (SdkPojo) ((Buildable) builder).build();
    }

    // ---- One level down ----

    private List<Variant> deeper(SdkField<?> field, Object current, String path, int depth) {
        SdkField<?> inner = inner(field);
        if (inner.marshallingType().getKnownType() != MarshallingKnownType.SDK_POJO) {
            return List.of();
        }
        SdkPojo nested = switch (current) {
            case SdkPojo pojo -> pojo;
            case List<?> items when !items.isEmpty() -> (SdkPojo) items.getFirst();
            case Map<?, ?> entries when !entries.isEmpty() -> (SdkPojo) entries.values().iterator().next();
            case null, default -> filled.apply(inner.constructor().get());
        };
        return of(nested, path + (inner == field ? "." : "[]."), depth + 1);
    }

    /** The field itself, or that of a list's or a map's members. */
    private static SdkField<?> inner(SdkField<?> field) {
        return switch (field.marshallingType().getKnownType()) {
            case LIST -> field.getTrait(ListTrait.class).memberFieldInfo();
            case MAP -> field.getTrait(MapTrait.class).valueFieldInfo();
            default -> field;
        };
    }

    private static Object wrapped(SdkField<?> field, Object current, Object member) {
        return switch (field.marshallingType().getKnownType()) {
            case LIST -> {
                var items = new ArrayList<Object>(current instanceof List<?> items0 ? items0 : List.of());
                if (items.isEmpty()) {
                    items.add(member);
                } else {
                    items.set(0, member);
                }
                yield items;
            }
            case MAP -> Map.of("k", member);
            default -> member;
        };
    }

    // ---- The values ----

    private List<Object> values(SdkField<?> field, Object current) {
        var values = new ArrayList<Object>();
        values.add(null);
        switch (field.marshallingType().getKnownType()) {
            case LIST -> lists(field, current, values);
            case MAP -> maps(field, values);
            case SDK_POJO -> values.add(((Buildable) field.constructor().get()).build());
            default -> values.addAll(scalars(field));
        }
        return values;
    }

    private void lists(SdkField<?> field, Object current, List<Object> values) {
        SdkField<?> inner = inner(field);
        values.add(List.of());
        values.add(Arrays.asList((Object) null));
        boolean pojo = inner.marshallingType().getKnownType() == MarshallingKnownType.SDK_POJO;
        Object one = current instanceof List<?> items && !items.isEmpty() ? items.getFirst()
                : pojo ? filled.apply(inner.constructor().get()) : scalars(inner).getLast();
        values.add(Collections.nCopies(2, one));
        values.add(Collections.nCopies(LONG_LIST, one));
        values.add(Arrays.asList(one, null));
        if (pojo) {
            values.add(List.of(((Buildable) inner.constructor().get()).build()));
        } else {
            scalars(inner).forEach(each -> values.add(List.of(each)));
        }
    }

    private void maps(SdkField<?> field, List<Object> values) {
        SdkField<?> inner = inner(field);
        values.add(Map.of());
        values.add(Collections.singletonMap("k", null));
        boolean pojo = inner.marshallingType().getKnownType() == MarshallingKnownType.SDK_POJO;
        Object one = pojo ? filled.apply(inner.constructor().get()) : scalars(inner).getLast();
        TEXTS.forEach(key -> values.add(Map.of(key, one)));
        var many = new LinkedHashMap<String, Object>();
        for (int i = 0; i < LONG_LIST; i++) {
            many.put("k" + i, one);
        }
        values.add(many);
        if (!pojo) {
            scalars(inner).forEach(each -> values.add(Map.of("k", each)));
        }
    }

    private static List<?> scalars(SdkField<?> field) {
        return switch (field.marshallingType().getKnownType()) {
            case STRING -> TEXTS;
            case INTEGER -> NUMBERS;
            case LONG -> List.of(Long.MIN_VALUE, -1L, 0L, 1L, 1L << 53, Long.MAX_VALUE);
            case SHORT -> List.of(Short.MIN_VALUE, (short) 0, Short.MAX_VALUE);
            case BYTE -> List.of(Byte.MIN_VALUE, (byte) 0, Byte.MAX_VALUE);
            case FLOAT -> List.of(Float.NaN, Float.NEGATIVE_INFINITY, -1f, 0f, 100.5f, Float.MAX_VALUE);
            case DOUBLE -> List.of(Double.NaN, Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY, -1.0, -0.0,
                    Double.MIN_VALUE, 100.5, Double.MAX_VALUE);
            case BIG_DECIMAL -> List.of(BigDecimal.TEN.pow(400), BigDecimal.ONE.negate());
            case BOOLEAN -> List.of(true, false);
            case INSTANT -> List.of(Instant.EPOCH, Instant.ofEpochSecond(-1), Instant.ofEpochSecond(1L << 40));
            case SDK_BYTES -> List.of(SdkBytes.fromByteArray(new byte[0]), SdkBytes.fromByteArray(new byte[100_000]));
            case DOCUMENT -> List.of(Document.fromNull(), Document.fromString("x"));
            case NULL, SDK_POJO, LIST, MAP -> List.of();
        };
    }
}
