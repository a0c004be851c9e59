package dev.landfall.wire;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.Version;
import com.fasterxml.jackson.databind.BeanDescription;
import com.fasterxml.jackson.databind.DeserializationConfig;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.Module;
import com.fasterxml.jackson.databind.SerializationConfig;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.deser.Deserializers;
import com.fasterxml.jackson.databind.exc.InvalidFormatException;
import com.fasterxml.jackson.databind.jsontype.TypeSerializer;
import com.fasterxml.jackson.databind.ser.Serializers;
import dev.landfall.wire.codec.Json;
import dev.landfall.wire.codec.Malformed;
import dev.landfall.wire.model.Shape;
import java.io.IOException;
import software.amazon.awssdk.core.SdkPojo;

/**
 * The awsJson form of any SDK model class: for services' durable rows and for tools. Timestamps are epoch seconds with
 * a fraction down to milliseconds, enums their raw values, blobs base64; absent members, and the collections the SDK
 * constructs by itself, are left out. Stateless; safe for any thread.
 */
public final class SdkJson {
    private SdkJson() {}

    public static byte[] write(SdkPojo value) {
        return Json.LOCATION_NAMES.write(value);
    }

    /** @throws IllegalArgumentException if {@code json} is not that type's */
    public static <T> T read(byte[] json, Class<T> type) {
        Shape shape = Shape.of(type);
        SdkPojo builder = shape.builder();
        try {
            Json.LOCATION_NAMES.readInto(json, builder, shape);
        } catch (Malformed e) {
            throw new IllegalArgumentException(type.getName() + ": " + e.getMessage(), e);
        }
        return type.cast(Shape.build(builder));
    }

    /**
     * Lets an {@code ObjectMapper} read and write SDK model classes wherever they occur, as record components for one.
     */
    public static Module module() {
        return new SdkModule();
    }

    private static final class SdkModule extends Module {
        @Override
        public String getModuleName() {
            return "aws-sdk-shapes";
        }

        @Override
        public Version version() {
            return Version.unknownVersion();
        }

        @Override
        public void setupModule(SetupContext context) {
            context.addSerializers(new Serializers.Base() {
                @Override
                public JsonSerializer<?> findSerializer(
                        SerializationConfig config, JavaType type, BeanDescription description) {
                    return SdkPojo.class.isAssignableFrom(type.getRawClass()) ? new ShapeSerializer() : null;
                }
            });
            context.addDeserializers(new Deserializers.Base() {
                @Override
                public JsonDeserializer<?> findBeanDeserializer(
                        JavaType type, DeserializationConfig config, BeanDescription description) {
                    return SdkPojo.class.isAssignableFrom(type.getRawClass())
                            ? new ShapeDeserializer(Shape.of(type.getRawClass()))
                            : null;
                }
            });
        }
    }

    private static final class ShapeSerializer extends JsonSerializer<SdkPojo> {
        @Override
        public void serialize(SdkPojo value, JsonGenerator out, SerializerProvider provider) throws IOException {
            Json.LOCATION_NAMES.writer().write(out, value);
        }

        @Override
        public void serializeWithType(
                SdkPojo value, JsonGenerator out, SerializerProvider provider, TypeSerializer type) throws IOException {
            serialize(value, out, provider);
        }
    }

    private static final class ShapeDeserializer extends JsonDeserializer<SdkPojo> {
        private final Shape shape;

        ShapeDeserializer(Shape shape) {
            this.shape = shape;
        }

        @Override
        public SdkPojo deserialize(JsonParser in, DeserializationContext context) throws IOException {
            try {
                return Json.LOCATION_NAMES.reader().read(in, shape);
            } catch (Malformed e) {
                throw new InvalidFormatException(in, e.getMessage(), null, shape.type());
            }
        }
    }
}
