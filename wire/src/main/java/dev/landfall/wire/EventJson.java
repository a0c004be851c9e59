package dev.landfall.wire;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.landfall.wire.codec.Json;
import dev.landfall.wire.codec.Times;
import dev.landfall.wire.model.Shape;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.SequencedMap;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.traits.TimestampFormatTrait.Format;

/** The JSON that AWS services put into events: as {@link SdkJson}, with timestamps like 2020-01-23T17:57:58.103Z. */
public final class EventJson {
    private EventJson() {}

    /** The members of {@code value} and, after them, {@code more}. */
    public static String write(SdkPojo value, SequencedMap<String, ?> more) {
        return text((out, shapes) -> {
            out.writeStartObject();
            shapes.writeMembers(out, value, Shape.of(value.getClass()));
            write(out, more);
            out.writeEndObject();
        });
    }

    /** An object of texts, integers, instants and lists of texts. */
    public static String write(SequencedMap<String, ?> members) {
        return text((out, shapes) -> {
            out.writeStartObject();
            write(out, members);
            out.writeEndObject();
        });
    }

    private static String text(Json.Content content) {
        return new String(Json.EVENTS.write(content), StandardCharsets.UTF_8);
    }

    private static void write(JsonGenerator out, SequencedMap<String, ?> members) throws IOException {
        for (var member : members.entrySet()) {
            out.writeFieldName(member.getKey());
            switch (member.getValue()) {
                case String text -> out.writeString(text);
                case Integer number -> out.writeNumber(number);
                case Instant time -> out.writeString(Times.format(time, Format.ISO_8601));
                case List<?> texts -> {
                    out.writeStartArray();
                    for (Object each : texts) {
                        out.writeString((String) each);
                    }
                    out.writeEndArray();
                }
                default -> throw new IllegalArgumentException("no member of an event: " + member.getValue());
            }
        }
    }
}
