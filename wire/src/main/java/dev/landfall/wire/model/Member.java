package dev.landfall.wire.model;

import com.fasterxml.jackson.core.SerializableString;
import com.fasterxml.jackson.core.io.SerializedString;
import java.lang.reflect.Field;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import software.amazon.awssdk.core.SdkField;
import software.amazon.awssdk.core.protocol.MarshallLocation;
import software.amazon.awssdk.core.protocol.MarshallingKnownType;
import software.amazon.awssdk.core.traits.DefaultValueTrait;
import software.amazon.awssdk.core.traits.JsonValueTrait;
import software.amazon.awssdk.core.traits.ListTrait;
import software.amazon.awssdk.core.traits.MapTrait;
import software.amazon.awssdk.core.traits.PayloadTrait;
import software.amazon.awssdk.core.traits.TimestampFormatTrait;
import software.amazon.awssdk.core.traits.XmlAttributeTrait;
import software.amazon.awssdk.core.traits.XmlAttributesTrait;
import software.amazon.awssdk.core.util.SdkAutoConstructList;
import software.amazon.awssdk.core.util.SdkAutoConstructMap;

/**
 * One member of a {@link Shape}, or the element of a list, or the value of a map: an {@link SdkField} with everything
 * the codecs ask of it looked up once. Immutable apart from the lazily found shape of a nested structure.
 */
public final class Member {
    private static final Field GETTER = getter();

    private final SdkField<Object> field;
    private final String memberName;
    private final String locationName;
    private final String unmarshallLocationName;
    private final SerializableString jsonLocationName;
    private final SerializableString jsonMemberName;
    private final MarshallingKnownType kind;
    private final MarshallLocation location;
    private final Member element;
    private final ListTrait list;
    private final MapTrait map;
    private final TimestampFormatTrait.Format timestampFormat;
    private final boolean payload;
    private final boolean jsonValue;
    private final boolean xmlAttribute;
    private final XmlAttributesTrait xmlAttributes;
    private final Function<Object, Object> reader;
    private volatile Shape shape;

    @SuppressWarnings("unchecked")
    Member(SdkField<?> described) {
        field = (SdkField<Object>) described;
        memberName = orEmpty(described.memberName());
        locationName = orEmpty(described.locationName());
        unmarshallLocationName = orEmpty(described.unmarshallLocationName());
        jsonLocationName = new SerializedString(locationName);
        jsonMemberName = new SerializedString(memberName);
        kind = described.marshallingType().getKnownType();
        location = described.location();
        list = described.getOptionalTrait(ListTrait.class).orElse(null);
        map = described.getOptionalTrait(MapTrait.class).orElse(null);
        element = list != null
                ? new Member(list.memberFieldInfo())
                : map != null ? new Member(map.valueFieldInfo()) : null;
        timestampFormat = described.getOptionalTrait(TimestampFormatTrait.class)
                .map(TimestampFormatTrait::format)
                .orElse(null);
        payload = described.containsTrait(PayloadTrait.class);
        jsonValue = described.containsTrait(JsonValueTrait.class);
        xmlAttribute = described.containsTrait(XmlAttributeTrait.class);
        xmlAttributes = described.getOptionalTrait(XmlAttributesTrait.class).orElse(null);
        reader = described.containsTrait(DefaultValueTrait.class) ? undefaulted(described) : field::getValueOrDefault;
    }

    private static String orEmpty(String name) {
        return name == null ? "" : name;
    }

    private static Field getter() {
        try {
            Field getter = SdkField.class.getDeclaredField("getter");
            getter.setAccessible(true);
            return getter;
        } catch (NoSuchFieldException e) {
            throw new IllegalStateException("SdkField has no getter", e);
        }
    }

    /** {@code getValueOrDefault} would make up an idempotency token each time the member is read. */
    @SuppressWarnings("unchecked")
    private static Function<Object, Object> undefaulted(SdkField<?> field) {
        try {
            return (Function<Object, Object>) GETTER.get(field);
        } catch (IllegalAccessException e) {
            throw new IllegalStateException("SdkField.getter cannot be read", e);
        }
    }

    /**
     * The value in {@code owner}; {@code null} when absent, which a collection the SDK constructed by itself is too.
     */
    public Object value(Object owner) {
        Object value = reader.apply(owner);
        return value instanceof SdkAutoConstructList || value instanceof SdkAutoConstructMap ? null : value;
    }

    public void set(Object builder, Object value) {
        field.set(builder, value);
    }

    public MarshallingKnownType kind() {
        return kind;
    }

    public MarshallLocation location() {
        return location;
    }

    /** The name in the service's model. */
    public String memberName() {
        return memberName;
    }

    /** The name in a request. */
    public String locationName() {
        return locationName;
    }

    /** The name in an XML response, which EC2 spells differently from the request's. */
    public String unmarshallLocationName() {
        return unmarshallLocationName;
    }

    public SerializableString jsonName(boolean ofModel) {
        return ofModel ? jsonMemberName : jsonLocationName;
    }

    /** What a list or map holds. */
    public Member element() {
        return element;
    }

    public boolean isFlattened() {
        return list != null ? list.isFlattened() : map != null && map.isFlattened();
    }

    public String listElementName() {
        return list.memberLocationName() == null ? "member" : list.memberLocationName();
    }

    public String mapKeyName() {
        return map.keyLocationName() == null ? "key" : map.keyLocationName();
    }

    public String mapValueName() {
        return map.valueLocationName() == null ? "value" : map.valueLocationName();
    }

    /** The member's own timestamp format, or {@code otherwise}. */
    public TimestampFormatTrait.Format timestampFormat(TimestampFormatTrait.Format otherwise) {
        return timestampFormat == null ? otherwise : timestampFormat;
    }

    /** Whether the member alone is the body. */
    public boolean isPayload() {
        return payload;
    }

    /** Whether a string holds JSON that travels base64-encoded in a header. */
    public boolean isJsonValue() {
        return jsonValue;
    }

    /** Whether the member is an attribute of its structure's element. */
    public boolean isXmlAttribute() {
        return xmlAttribute;
    }

    /** The attributes of the element that holds {@code value}, present ones only. */
    public Map<String, String> xmlAttributes(Object value) {
        if (xmlAttributes == null) {
            return Map.of();
        }
        Map<String, String> found = new LinkedHashMap<>();
        xmlAttributes.attributes().forEach((name, accessors) -> {
            String text = accessors.attributeGetter().apply(value);
            if (text != null) {
                found.put(name, text);
            }
        });
        return found;
    }

    /** The shape of a structure member. */
    public Shape shape() {
        Shape found = shape;
        if (found == null) {
            found = Shape.of(field.constructor().get().getClass());
            shape = found;
        }
        return found;
    }
}
