package dev.landfall.wire.codec;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.landfall.wire.model.Member;
import dev.landfall.wire.model.Shape;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.document.Document;
import software.amazon.awssdk.core.traits.TimestampFormatTrait.Format;

/**
 * Reads SDK shapes from JSON or CBOR, in one pass over the tokens. Unknown members are skipped, {@code null} members
 * are absent, anything of another type than the model's is {@link Malformed}. Immutable; safe for any thread.
 */
public final class JsonReader {
    private final boolean cbor;
    private final boolean modelNames;

    /** @param modelNames whether members go by their model's names, not their location names */
    public JsonReader(boolean cbor, boolean modelNames) {
        this.cbor = cbor;
        this.modelNames = modelNames;
    }

    /** Reads the structure whose first token the parser stands on. */
    public SdkPojo read(JsonParser in, Shape shape) throws IOException {
        SdkPojo builder = shape.builder();
        readInto(in, builder, shape);
        return Shape.build(builder);
    }

    public void readInto(JsonParser in, SdkPojo builder, Shape shape) throws IOException {
        if (in.currentToken() != JsonToken.START_OBJECT) {
            throw mismatch(in, "structure");
        }
        Member[] members = shape.bodyMembers();
        int next = 0;
        for (String name = in.nextFieldName(); name != null; name = in.nextFieldName()) {
            Member member;
            // Most writers keep the model's order, which makes the next member the likeliest.
            if (next < members.length && members[next].jsonName(modelNames).getValue().equals(name)) {
                member = members[next++];
            } else {
                member = shape.bodyMember(name, modelNames);
            }
            JsonToken token = in.nextToken();
            if (member == null) {
                in.skipChildren();
            } else if (token != JsonToken.VALUE_NULL) {
                member.set(builder, readValue(in, member));
            }
        }
        requireEnd(in, JsonToken.END_OBJECT);
    }

    public Object readValue(JsonParser in, Member member) throws IOException {
        return switch (member.kind()) {
            case STRING -> readString(in);
            case INTEGER -> (int) readWhole(in, Integer.MIN_VALUE, Integer.MAX_VALUE, "Integer");
            case LONG -> readWhole(in, Long.MIN_VALUE, Long.MAX_VALUE, "Long");
            case SHORT -> (short) readWhole(in, Short.MIN_VALUE, Short.MAX_VALUE, "Short");
            case BYTE -> (byte) readWhole(in, Byte.MIN_VALUE, Byte.MAX_VALUE, "Byte");
            case FLOAT -> (float) readReal(in, "Float");
            case DOUBLE -> readReal(in, "Double");
            case BIG_DECIMAL -> {
                requireNumber(in, "BigDecimal");
                yield in.getDecimalValue();
            }
            case BOOLEAN -> readBoolean(in);
            case INSTANT -> readTime(in, member);
            case SDK_BYTES -> readBytes(in);
            case SDK_POJO -> read(in, member.shape());
            case LIST -> readList(in, member.element());
            case MAP -> readMap(in, member.element());
            case DOCUMENT -> readDocument(in);
            case NULL -> {
                in.skipChildren();
                yield null;
            }
        };
    }

    private static String readString(JsonParser in) throws IOException {
        if (in.currentToken() != JsonToken.VALUE_STRING) {
            throw mismatch(in, "String");
        }
        return in.getText();
    }

    private static boolean readBoolean(JsonParser in) {
        return switch (in.currentToken()) {
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            default -> throw mismatch(in, "Boolean");
        };
    }

    private static long readWhole(JsonParser in, long min, long max, String type) throws IOException {
        if (in.currentToken() != JsonToken.VALUE_NUMBER_INT) {
            throw mismatch(in, type);
        }
        if (in.getNumberType() == JsonParser.NumberType.BIG_INTEGER) {
            throw new Malformed("NUMBER_VALUE is out of the range of type " + type);
        }
        long value = in.getLongValue();
        if (value < min || value > max) {
            throw new Malformed("NUMBER_VALUE is out of the range of type " + type);
        }
        return value;
    }

    private static double readReal(JsonParser in, String type) throws IOException {
        if (in.currentToken() == JsonToken.VALUE_STRING) {
            return switch (in.getText()) {
                case "NaN" -> Double.NaN;
                case "Infinity" -> Double.POSITIVE_INFINITY;
                case "-Infinity" -> Double.NEGATIVE_INFINITY;
                default -> throw mismatch(in, type);
            };
        }
        requireNumber(in, type);
        return in.getDoubleValue();
    }

    private static void requireNumber(JsonParser in, String type) {
        if (in.currentToken() != JsonToken.VALUE_NUMBER_INT && in.currentToken() != JsonToken.VALUE_NUMBER_FLOAT) {
            throw mismatch(in, type);
        }
    }

    private Instant readTime(JsonParser in, Member member) throws IOException {
        Format format = member.timestampFormat(Format.UNIX_TIMESTAMP);
        return switch (in.currentToken()) {
            case VALUE_NUMBER_INT -> {
                if (in.getNumberType() == JsonParser.NumberType.BIG_INTEGER) {
                    throw new Malformed("Timestamp out of range");
                }
                yield format == Format.UNIX_TIMESTAMP_MILLIS && !cbor
                        ? Instant.ofEpochMilli(in.getLongValue())
                        : Times.ofEpochSeconds(in.getLongValue());
            }
            case VALUE_NUMBER_FLOAT -> {
                if (in.isNaN()) {
                    throw new Malformed("Timestamp out of range");
                }
                yield Times.ofEpochSeconds(in.getDecimalValue());
            }
            case VALUE_STRING -> {
                if (cbor || in.getText().isEmpty()) {
                    throw mismatch(in, "Timestamp");
                }
                yield Times.parse(in.getText(), format);
            }
            default -> throw mismatch(in, "Timestamp");
        };
    }

    private static SdkBytes readBytes(JsonParser in) throws IOException {
        if (in.currentToken() != JsonToken.VALUE_STRING && in.currentToken() != JsonToken.VALUE_EMBEDDED_OBJECT) {
            throw mismatch(in, "ByteBuffer");
        }
        return SdkBytes.fromByteArrayUnsafe(in.getBinaryValue());
    }

    private List<Object> readList(JsonParser in, Member element) throws IOException {
        if (in.currentToken() != JsonToken.START_ARRAY) {
            throw mismatch(in, "list");
        }
        List<Object> values = new ArrayList<>();
        for (JsonToken token = in.nextToken(); token != JsonToken.END_ARRAY; token = in.nextToken()) {
            if (token == null) {
                throw new Malformed("Unexpected end of document");
            }
            if (token == JsonToken.VALUE_NULL) {
                throw new Malformed("NULL_VALUE found where a list element was expected");
            }
            values.add(readValue(in, element));
        }
        return values;
    }

    private Map<String, Object> readMap(JsonParser in, Member element) throws IOException {
        if (in.currentToken() != JsonToken.START_OBJECT) {
            throw mismatch(in, "map");
        }
        Map<String, Object> values = new LinkedHashMap<>();
        for (String key = in.nextFieldName(); key != null; key = in.nextFieldName()) {
            if (in.nextToken() != JsonToken.VALUE_NULL) {
                values.put(key, readValue(in, element));
            }
        }
        requireEnd(in, JsonToken.END_OBJECT);
        return values;
    }

    /** Reads any JSON at all from a parser standing on its first token. */
    public Document readDocument(JsonParser in) throws IOException {
        return switch (in.currentToken()) {
            case VALUE_STRING -> Document.fromString(in.getText());
            case VALUE_TRUE -> Document.fromBoolean(true);
            case VALUE_FALSE -> Document.fromBoolean(false);
            case VALUE_NULL -> Document.fromNull();
            case VALUE_NUMBER_INT -> Document.fromNumber(in.getBigIntegerValue());
            case VALUE_NUMBER_FLOAT -> Document.fromNumber(in.getDecimalValue());
            case START_ARRAY -> {
                List<Document> values = new ArrayList<>();
                while (in.nextToken() != JsonToken.END_ARRAY) {
                    values.add(readDocument(in));
                }
                yield Document.fromList(values);
            }
            case START_OBJECT -> {
                Map<String, Document> values = new LinkedHashMap<>();
                for (String key = in.nextFieldName(); key != null; key = in.nextFieldName()) {
                    in.nextToken();
                    values.put(key, readDocument(in));
                }
                yield Document.fromMap(values);
            }
            case null, default -> throw mismatch(in, "Document");
        };
    }

    /** {@code nextFieldName} answers {@code null} for any token that is no name, not only for the end. */
    private static void requireEnd(JsonParser in, JsonToken end) {
        if (in.currentToken() != end) {
            throw new Malformed("Unexpected end of document");
        }
    }

    private static Malformed mismatch(JsonParser in, String expected) {
        String found = switch (in.currentToken()) {
            case START_OBJECT -> "Start of structure or map";
            case START_ARRAY -> "Start of list";
            case VALUE_STRING -> "STRING_VALUE";
            case VALUE_NUMBER_INT -> "NUMBER_VALUE";
            case VALUE_NUMBER_FLOAT -> "DECIMAL_VALUE";
            case VALUE_TRUE -> "TRUE_VALUE";
            case VALUE_FALSE -> "FALSE_VALUE";
            case VALUE_NULL -> "NULL_VALUE";
            case null, default -> "Unexpected token";
        };
        return found.endsWith("_VALUE") && Character.isUpperCase(expected.charAt(0))
                ? new Malformed(found + " can not be converted to " + article(expected) + expected)
                : new Malformed(found + " found where not expected.");
    }

    private static String article(String noun) {
        return "AEIOU".indexOf(noun.charAt(0)) >= 0 ? "an " : "a ";
    }
}
