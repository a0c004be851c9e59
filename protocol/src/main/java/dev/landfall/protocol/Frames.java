package dev.landfall.protocol;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** The text frames of the agent protocol. Stateless; safe for any thread. */
public final class Frames {
    private static final ObjectMapper JSON = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .disable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .defaultPropertyInclusion(
                    JsonInclude.Value.construct(JsonInclude.Include.NON_NULL, JsonInclude.Include.USE_DEFAULTS))
            .build();
    private static final Map<String, Class<?>> TYPES = Arrays.stream(Message.class.getPermittedSubclasses())
            .filter(type -> type != Message.Unknown.class)
            .collect(Collectors.toUnmodifiableMap(Class::getSimpleName, type -> type));

    private Frames() {}

    /** A frame that cannot be read as {@code {"type":…,"message":{…}}}. */
    public static final class Malformed extends RuntimeException {
        Malformed(String message, Throwable cause) {
            super(message, cause);
        }
    }

    private record Frame(String type, Message message) {}

    public static String write(Message message) {
        try {
            return JSON.writeValueAsString(new Frame(message.getClass().getSimpleName(), message));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a message that cannot be written", e);
        }
    }

    /**
     * Reads one frame. Amazon's agent puts a signed HTTP header block before the JSON of each telemetry frame; whatever
     * stands before the first empty line is skipped.
     *
     * @throws Malformed if the text is no frame
     */
    public static Message read(String text) {
        int headersEnd = text.startsWith("{") ? -1 : text.indexOf("\r\n\r\n");
        String json = headersEnd < 0 ? text : text.substring(headersEnd + 4);
        try {
            Optional<Message> usual = readInOrder(json);
            if (usual.isPresent()) {
                return usual.get();
            }
            JsonNode frame = JSON.readTree(json);
            if (frame == null || !frame.path("type").isTextual() || !frame.path("message").isObject()) {
                throw new Malformed("a frame needs a type and a message", null);
            }
            Class<?> type = TYPES.get(frame.get("type").textValue());
            return type == null
                    ? new Message.Unknown(frame.get("type").textValue())
                    : (Message) JSON.treeToValue(frame.get("message"), type);
        } catch (JsonProcessingException e) {
            throw new Malformed("not a frame of the agent protocol", e);
        }
    }

    /** The message of a frame that says its type first, as all agents' do: it need not be read twice. */
    private static Optional<Message> readInOrder(String json) throws JsonProcessingException {
        try (JsonParser parser = JSON.createParser(json)) {
            if (parser.nextToken() != JsonToken.START_OBJECT || !"type".equals(parser.nextFieldName())
                    || parser.nextToken() != JsonToken.VALUE_STRING) {
                return Optional.empty();
            }
            Class<?> type = TYPES.get(parser.getText());
            if (type == null || !"message".equals(parser.nextFieldName())
                    || parser.nextToken() != JsonToken.START_OBJECT) {
                return Optional.empty();
            }
            var message = (Message) JSON.readValue(parser, type);
            return parser.nextToken() == JsonToken.END_OBJECT && parser.nextToken() == null
                    ? Optional.of(message) : Optional.empty();
        } catch (JsonProcessingException e) {
            throw e;
        } catch (IOException e) {
            throw new UncheckedIOException(e); // a text has no such errors
        }
    }
}
