package dev.landfall.wire;

import com.fasterxml.jackson.annotation.JsonAutoDetect;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.PropertyAccessor;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.smile.databind.SmileMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;

/**
 * How services' rows are stored: records by their components, SDK shapes in their wire form, all in Smile, the binary
 * form of JSON (<a href="https://github.com/FasterXML/smile-format-specification">specification</a>): half the size,
 * and half the time to read.
 */
public final class RowJson {
    private RowJson() {}

    /** Reads and writes only what the record's components say; no method of a record becomes a member. */
    public static ObjectMapper mapper() {
        return SmileMapper.builder()
                .addModule(SdkJson.module())
                .addModule(new JavaTimeModule())
                .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                // Switching getters off with a MapperFeature would take the records' own accessors away as well.
                .visibility(PropertyAccessor.FIELD, JsonAutoDetect.Visibility.ANY)
                .visibility(PropertyAccessor.GETTER, JsonAutoDetect.Visibility.NONE)
                .visibility(PropertyAccessor.IS_GETTER, JsonAutoDetect.Visibility.NONE)
                .defaultPropertyInclusion(
                        JsonInclude.Value.construct(JsonInclude.Include.NON_NULL, JsonInclude.Include.USE_DEFAULTS))
                .build();
    }
}
