package dev.landfall.protocol.edge;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.type.LogicalType;
import java.io.IOException;

/**
 * The JSON of this package's records. Unknown members are ignored, so that the two sides may differ in age; anything
 * else that does not fit is refused or, where it can be, left out. Stateless; safe for any thread.
 */
public final class EdgeJson {
    private static final ObjectMapper JSON = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .enable(DeserializationFeature.FAIL_ON_NUMBERS_FOR_ENUMS)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
            .withCoercionConfig(LogicalType.Integer,
                    config -> config.setCoercion(CoercionInputShape.String, CoercionAction.Fail))
            .defaultPropertyInclusion(
                    JsonInclude.Value.construct(JsonInclude.Include.NON_NULL, JsonInclude.Include.USE_DEFAULTS))
            .build();

    private EdgeJson() {}

    /** A document that is not what was asked for. */
    public static final class Malformed extends RuntimeException {
        Malformed(String message, Throwable cause) {
            super(message, cause);
        }
    }

    /** @param value a record of this package */
    public static byte[] write(Object value) {
        try {
            return JSON.writeValueAsBytes(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a record that cannot be written", e);
        }
    }

    /**
     * Of a snapshot or a change of one, a listener or target that cannot be understood is left out and the rest is read
     * ({@link Salvage}).
     *
     * @throws Malformed if the bytes are no {@code type}
     */
    public static <T> T read(byte[] json, Class<T> type) {
        try {
            T value = JSON.readValue(json, type);
            if (value == null) {
                throw new Malformed("null is no " + type.getSimpleName(), null);
            }
            return value;
        } catch (IOException e) {
            return readInPart(json, type, e);
        }
    }

    private static <T> T readInPart(byte[] json, Class<T> type, IOException whole) {
        try {
            JsonNode document = JSON.readTree(json);
            if (Salvage.prune(document, JSON)) {
                return JSON.treeToValue(document, type);
            }
        } catch (IOException e) {
            whole.addSuppressed(e);
        }
        throw new Malformed("no " + type.getSimpleName(), whole);
    }
}
