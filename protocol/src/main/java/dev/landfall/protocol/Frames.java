package dev.landfall.protocol;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Arrays;
import java.util.Map;
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

    public static String write(Message message) {
        ObjectNode frame = JSON.createObjectNode();
        frame.put("type", message.getClass().getSimpleName());
        frame.set("message", JSON.valueToTree(message));
        return frame.toString();
    }

    /**
     * Reads one frame. Amazon's agent puts a signed HTTP header block before the JSON of each telemetry frame; whatever
     * stands before the first empty line is skipped.
     *
     * @throws Malformed if the text is no frame
     */
    public static Message read(String text) {
        int headersEnd = text.startsWith("{") ? -1 : text.indexOf("\r\n\r\n");
        try {
            JsonNode frame = JSON.readTree(headersEnd < 0 ? text : text.substring(headersEnd + 4));
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
}
