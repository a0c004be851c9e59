package dev.landfall.wire.codec;

import dev.landfall.wire.codec.Exchange.Answer;
import dev.landfall.wire.codec.Exchange.Refusal;
import dev.landfall.wire.codec.Exchange.Request;
import dev.landfall.wire.codec.Exchange.Routed;
import dev.landfall.wire.model.Member;
import dev.landfall.wire.model.OperationModel;
import dev.landfall.wire.model.Shape;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.protocol.MarshallLocation;
import software.amazon.awssdk.core.protocol.MarshallingKnownType;
import software.amazon.awssdk.core.traits.TimestampFormatTrait.Format;

/** REST-JSON and REST-XML: members spread over path, query, headers and body. */
final class Rest implements WireProtocol {
    static final Rest JSON = new Rest(false);
    static final Rest XML = new Rest(true);

    private final boolean xml;

    private Rest(boolean xml) {
        this.xml = xml;
    }

    private String contentType() {
        return xml ? "text/xml" : "application/json";
    }

    @Override
    public SdkPojo read(Routed call) {
        Shape shape = call.operation().request();
        SdkPojo builder = shape.builder();
        for (Member member : shape.members()) {
            Object value = switch (member.location()) {
                case PATH, GREEDY_PATH -> scalar(call.labels().get(member.locationName()), member, Format.ISO_8601);
                case QUERY_PARAM -> parameter(call.request().query(), member, call.operation());
                case HEADER -> header(call.request(), member);
                case PAYLOAD, STATUS_CODE -> null;
            };
            if (value != null) {
                member.set(builder, value);
            }
        }
        byte[] body = call.request().body();
        if (body.length > 0) {
            if (shape.payload() != null) {
                shape.payload().set(builder, payload(body, shape.payload()));
            } else if (shape.bodyMembers().length > 0) {
                readBody(body, builder, shape);
            }
        }
        return Shape.build(builder);
    }

    private void readBody(byte[] body, SdkPojo builder, Shape shape) {
        if (xml) {
            XmlReader.readInto(body, builder, shape);
        } else {
            Json.LOCATION_NAMES.readInto(body, builder, shape);
        }
    }

    private Object payload(byte[] body, Member member) {
        return switch (member.kind()) {
            case SDK_BYTES -> SdkBytes.fromByteArrayUnsafe(body);
            case STRING -> new String(body, StandardCharsets.UTF_8);
            case SDK_POJO -> {
                SdkPojo builder = member.shape().builder();
                readBody(body, builder, member.shape());
                yield Shape.build(builder);
            }
            default -> {
                if (xml) {
                    throw new Malformed("The body is not of the expected type");
                }
                yield Json.LOCATION_NAMES.read(body, in -> Json.LOCATION_NAMES.reader().readValue(in, member));
            }
        };
    }

    private static Object scalar(String text, Member member, Format times) {
        return text == null ? null : Scalars.parse(text, member, times);
    }

    private static Object parameter(Map<String, List<String>> query, Member member, OperationModel operation) {
        if (member.kind() == MarshallingKnownType.MAP) {
            return parameterMap(query, member, operation);
        }
        List<String> values = query.get(member.locationName());
        if (values == null) {
            return null;
        }
        return member.kind() == MarshallingKnownType.LIST
                ? list(values, member.element(), Format.ISO_8601)
                : Scalars.parse(values.getFirst(), member, Format.ISO_8601);
    }

    /** A map takes all parameters that no other member names. */
    private static Map<String, Object> parameterMap(
            Map<String, List<String>> query, Member member, OperationModel operation) {
        Map<String, Object> values = new LinkedHashMap<>();
        query.forEach((name, all) -> {
            boolean named = Arrays.stream(operation.request().members())
                    .anyMatch(other -> other.location() == MarshallLocation.QUERY_PARAM
                            && other.locationName().equals(name));
            if (!named) {
                values.put(name, member.element().kind() == MarshallingKnownType.LIST
                        ? list(all, member.element().element(), Format.ISO_8601)
                        : Scalars.parse(all.getFirst(), member.element(), Format.ISO_8601));
            }
        });
        return values.isEmpty() ? null : values;
    }

    private static List<Object> list(List<String> texts, Member element, Format times) {
        List<Object> values = new ArrayList<>();
        for (String text : texts) {
            values.add(Scalars.parse(text, element, times));
        }
        return values;
    }

    private static Object header(Request request, Member member) {
        if (member.kind() == MarshallingKnownType.MAP) {
            String prefix = member.locationName().toLowerCase(Locale.ROOT);
            Map<String, Object> values = new LinkedHashMap<>();
            request.headers().get().forEach((name, value) -> {
                if (name.startsWith(prefix)) {
                    values.put(name.substring(prefix.length()),
                            Scalars.parse(value, member.element(), Format.RFC_822));
                }
            });
            return values.isEmpty() ? null : values;
        }
        String text = request.header().apply(member.locationName());
        if (text == null) {
            return null;
        }
        if (member.kind() == MarshallingKnownType.LIST) {
            List<String> parts = Arrays.stream(text.split(",")).map(String::strip).toList();
            return list(parts, member.element(), Format.RFC_822);
        }
        if (member.isJsonValue()) {
            try {
                return new String(Base64.getDecoder().decode(text), StandardCharsets.UTF_8);
            } catch (IllegalArgumentException e) {
                throw new Malformed("The header " + member.locationName() + " is not base64");
            }
        }
        return Scalars.parse(text, member, Format.RFC_822);
    }

    @Override
    public Answer write(OperationModel operation, SdkPojo output, String requestId) {
        Shape shape = operation.response();
        int status = 200;
        Map<String, String> headers = new LinkedHashMap<>();
        for (Member member : shape.members()) {
            Object value = member.location() == MarshallLocation.PAYLOAD ? null : member.value(output);
            if (value == null) {
                continue;
            }
            if (member.location() == MarshallLocation.STATUS_CODE) {
                status = (Integer) value;
            } else if (member.location() == MarshallLocation.HEADER) {
                writeHeader(headers, value, member);
            }
        }
        if (shape.payload() != null) {
            return payloadAnswer(operation, status, headers, shape.payload().value(output));
        }
        if (shape.bodyMembers().length == 0) {
            return new Answer(status, null, headers, new byte[0]);
        }
        byte[] body = xml
                ? document(operation.name() + "Response", output, shape, operation)
                : Json.LOCATION_NAMES.write((out, shapes) -> shapes.write(out, output, shape));
        return new Answer(status, contentType(), headers, body);
    }

    private static byte[] document(String root, Object pojo, Shape shape, OperationModel operation) {
        return new XmlWriter()
                .open(root, operation.service().xmlNamespace())
                .members(pojo, shape)
                .close(root)
                .bytes();
    }

    private Answer payloadAnswer(
            OperationModel operation, int status, Map<String, String> headers, Object value) {
        Member payload = operation.response().payload();
        if (value == null) {
            return new Answer(status, null, headers, new byte[0]);
        }
        return switch (payload.kind()) {
            case SDK_BYTES -> new Answer(status, "application/octet-stream", headers, ((SdkBytes) value).asByteArray());
            case STRING -> new Answer(
                    status, "text/plain", headers, ((String) value).getBytes(StandardCharsets.UTF_8));
            case SDK_POJO -> xml
                    ? new Answer(status, contentType(), headers,
                            document(payload.unmarshallLocationName(), value, payload.shape(), operation))
                    : jsonAnswer(status, headers, value, payload);
            default -> jsonAnswer(status, headers, value, payload);
        };
    }

    private Answer jsonAnswer(int status, Map<String, String> headers, Object value, Member payload) {
        byte[] body = Json.LOCATION_NAMES.write((out, shapes) -> shapes.writeValue(out, value, payload));
        return new Answer(status, contentType(), headers, body);
    }

    private static void writeHeader(Map<String, String> headers, Object value, Member member) {
        switch (member.kind()) {
            case MAP -> ((Map<?, ?>) value).forEach((key, element) -> headers.put(
                    member.locationName() + key, Scalars.format(element, member.element(), Format.RFC_822)));
            case LIST -> headers.put(member.locationName(), String.join(",", ((List<?>) value)
                    .stream()
                            .map(element -> Scalars.format(element, member.element(), Format.RFC_822))
                            .toList()));
            default -> {
                String text = Scalars.format(value, member, Format.RFC_822);
                headers.put(member.locationName(), member.isJsonValue()
                        ? Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8))
                        : text);
            }
        }
    }

    @Override
    public Answer refuse(Refusal refusal, String requestId) {
        if (xml) {
            XmlWriter out = new XmlWriter();
            AwsQuery.errorResponse(out, refusal, requestId);
            return new Answer(refusal.status(), contentType(), out.bytes());
        }
        byte[] body = Json.LOCATION_NAMES.write((out, shapes) -> {
            out.writeStartObject();
            if (refusal.message() != null) {
                out.writeStringField("message", refusal.message());
            }
            if (refusal.details() != null) {
                shapes.writeMembers(out, refusal.details(), Shape.of(refusal.details().getClass()));
            }
            out.writeEndObject();
        });
        return new Answer(refusal.status(), contentType(), body).with("x-amzn-ErrorType", refusal.code());
    }
}
