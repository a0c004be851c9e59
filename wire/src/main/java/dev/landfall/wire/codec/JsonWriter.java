package dev.landfall.wire.codec;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.dataformat.cbor.CBORGenerator;
import dev.landfall.wire.model.Member;
import dev.landfall.wire.model.Shape;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.document.Document;
import software.amazon.awssdk.core.protocol.MarshallingKnownType;
import software.amazon.awssdk.core.traits.TimestampFormatTrait.Format;

/** Writes SDK shapes as JSON or CBOR. Absent members are left out. Immutable; safe for any thread. */
public final class JsonWriter {
    /** The tag that marks a CBOR number as seconds since the epoch. */
    private static final int CBOR_EPOCH = 1;

    private final EncodedShapes kept = new EncodedShapes();
    private final JsonFactory factory;
    private final boolean cbor;
    private final boolean modelNames;
    private final Format timestamps;

    /**
     * @param modelNames whether members go by their model's names, not their location names
     * @param timestamps the form of those whose model does not name one
     */
    JsonWriter(JsonFactory factory, boolean cbor, boolean modelNames, Format timestamps) {
        this.factory = factory;
        this.cbor = cbor;
        this.modelNames = modelNames;
        this.timestamps = timestamps;
    }

    public void write(JsonGenerator out, Object pojo, Shape shape) throws IOException {
        out.writeStartObject();
        writeMembers(out, pojo, shape);
        out.writeEndObject();
    }

    /** The body members alone, for a caller that writes members of its own beside them. */
    public void writeMembers(JsonGenerator out, Object pojo, Shape shape) throws IOException {
        for (Member member : shape.bodyMembers()) {
            Object value = member.value(pojo);
            if (value != null) {
                out.writeFieldName(member.jsonName(modelNames));
                writeValue(out, value, member);
            }
        }
    }

    public void writeValue(JsonGenerator out, Object value, Member member) throws IOException {
        if (value == null) {
            out.writeNull();
            return;
        }
        switch (member.kind()) {
            case STRING -> out.writeString((String) value);
            case INTEGER -> out.writeNumber((Integer) value);
            case LONG -> out.writeNumber((Long) value);
            case SHORT -> out.writeNumber((Short) value);
            case BYTE -> out.writeNumber((short) (Byte) value);
            case FLOAT -> out.writeNumber((Float) value);
            case DOUBLE -> out.writeNumber((Double) value);
            case BIG_DECIMAL -> out.writeNumber((BigDecimal) value);
            case BOOLEAN -> out.writeBoolean((Boolean) value);
            case INSTANT -> writeTime(out, (Instant) value, member);
            case SDK_BYTES -> out.writeBinary(((SdkBytes) value).asByteArrayUnsafe());
            case SDK_POJO -> write(out, value, member.shape());
            case LIST -> writeList(out, (List<?>) value, member.element());
            case MAP -> writeMap(out, (Map<?, ?>) value, member.element());
            case DOCUMENT -> writeDocument(out, (Document) value);
            case NULL -> out.writeNull();
        }
    }

    private void writeTime(JsonGenerator out, Instant value, Member member) throws IOException {
        if (cbor) {
            ((CBORGenerator) out).writeTag(CBOR_EPOCH);
            out.writeNumber(Times.epochSecondsDouble(value));
            return;
        }
        Format format = member.timestampFormat(timestamps);
        String text = Times.format(value, format);
        if (format == Format.UNIX_TIMESTAMP || format == Format.UNIX_TIMESTAMP_MILLIS) {
            out.writeNumber(text);
        } else {
            out.writeString(text);
        }
    }

    private void writeList(JsonGenerator out, List<?> values, Member element) throws IOException {
        if (!cbor && values.size() >= EncodedShapes.LIST_MIN && element.kind() == MarshallingKnownType.SDK_POJO
                && element.shape().bodyMembers().length >= EncodedShapes.MEMBERS_MIN) {
            writeKept(out, values, element.shape());
            return;
        }
        out.writeStartArray();
        for (Object value : values) {
            writeValue(out, value, element);
        }
        out.writeEndArray();
    }

    private void writeKept(JsonGenerator out, List<?> values, Shape shape) throws IOException {
        out.writeStartArray();
        for (Object value : values) {
            if (value == null) {
                out.writeNull();
            } else {
                out.writeRawValue(kept.of(value, each -> encode(each, shape)));
            }
        }
        out.writeEndArray();
    }

    private byte[] encode(Object value, Shape shape) throws IOException {
        var bytes = new ByteArrayOutputStream(2_048);
        try (JsonGenerator alone = factory.createGenerator(bytes)) {
            write(alone, value, shape);
        }
        return bytes.toByteArray();
    }

    private void writeMap(JsonGenerator out, Map<?, ?> values, Member element) throws IOException {
        out.writeStartObject();
        for (var entry : values.entrySet()) {
            out.writeFieldName((String) entry.getKey());
            writeValue(out, entry.getValue(), element);
        }
        out.writeEndObject();
    }

    /** Writes what is any JSON at all. */
    public void writeDocument(JsonGenerator out, Document document) throws IOException {
        if (document.isNull()) {
            out.writeNull();
        } else if (document.isBoolean()) {
            out.writeBoolean(document.asBoolean());
        } else if (document.isNumber()) {
            out.writeNumber(document.asNumber().bigDecimalValue());
        } else if (document.isString()) {
            out.writeString(document.asString());
        } else if (document.isList()) {
            out.writeStartArray();
            for (Document element : document.asList()) {
                writeDocument(out, element);
            }
            out.writeEndArray();
        } else {
            out.writeStartObject();
            for (var entry : document.asMap().entrySet()) {
                out.writeFieldName(entry.getKey());
                writeDocument(out, entry.getValue());
            }
            out.writeEndObject();
        }
    }

    /** As {@link #write(JsonGenerator, Object, Shape)}, with the shape of the object's own class. */
    public void write(JsonGenerator out, SdkPojo pojo) throws IOException {
        write(out, pojo, Shape.of(pojo.getClass()));
    }
}
