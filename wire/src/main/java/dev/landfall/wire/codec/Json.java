package dev.landfall.wire.codec;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.exc.StreamReadException;
import com.fasterxml.jackson.core.util.ByteArrayBuilder;
import com.fasterxml.jackson.core.util.JsonRecyclerPools;
import com.fasterxml.jackson.dataformat.cbor.CBORFactory;
import dev.landfall.wire.model.Shape;
import java.io.IOException;
import java.io.UncheckedIOException;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.traits.TimestampFormatTrait.Format;

/** The JSON and CBOR forms of SDK shapes, from and to bytes. Immutable; safe for any thread. */
public final class Json {
    /** Deeper than any AWS model nests, shallow enough for any stack. */
    public static final int MAX_DEPTH = 100;

    private static final int FIRST_BLOCK = 2_048;
    private static final StreamReadConstraints CONSTRAINTS =
            StreamReadConstraints.builder().maxNestingDepth(MAX_DEPTH).build();
    private static final JsonFactory TEXT = ((JsonFactoryBuilder) JsonFactory.builder())
            .streamReadConstraints(CONSTRAINTS)
            .recyclerPool(JsonRecyclerPools.newConcurrentDequePool())
            .build();
    private static final JsonFactory BINARY = CBORFactory.builder()
            .streamReadConstraints(CONSTRAINTS)
            .recyclerPool(JsonRecyclerPools.newConcurrentDequePool())
            .build();

    /** JSON under location names: what the SDK's own JSON protocols use. */
    public static final Json LOCATION_NAMES = new Json(TEXT, false, false, Format.UNIX_TIMESTAMP);

    /** JSON under model names: for services whose SDK speaks another protocol. */
    public static final Json MODEL_NAMES = new Json(TEXT, false, true, Format.UNIX_TIMESTAMP);

    public static final Json CBOR = new Json(BINARY, true, true, Format.UNIX_TIMESTAMP);

    /** As {@link #LOCATION_NAMES}, with ISO 8601 timestamps, as EventBridge's events have them. */
    public static final Json EVENTS = new Json(TEXT, false, false, Format.ISO_8601);

    private final JsonFactory factory;
    private final JsonWriter writer;
    private final JsonReader reader;

    private Json(JsonFactory factory, boolean cbor, boolean modelNames, Format timestamps) {
        this.factory = factory;
        writer = new JsonWriter(factory, cbor, modelNames, timestamps);
        reader = new JsonReader(cbor, modelNames);
    }

    /** What is written into an open document. */
    public interface Content {
        void writeTo(JsonGenerator out, JsonWriter writer) throws IOException;
    }

    public byte[] write(SdkPojo value) {
        return write((out, shapes) -> shapes.write(out, value));
    }

    public byte[] write(Content content) {
        var bytes = new ByteArrayBuilder(FIRST_BLOCK); // grows by blocks: what is written is not copied as it grows
        try (JsonGenerator out = factory.createGenerator(bytes)) {
            content.writeTo(out, writer);
        } catch (IOException e) {
            throw new UncheckedIOException("a shape cannot be written", e);
        }
        return bytes.toByteArray();
    }

    /**
     * Reads one document. Nothing at all is an empty structure.
     *
     * @throws Malformed if the bytes are no document of that shape
     */
    public void readInto(byte[] body, SdkPojo builder, Shape shape) {
        read(body, in -> {
            reader.readInto(in, builder, shape);
            return null;
        });
    }

    /** Reads what {@code read} takes from the first token on, and requires the document to end there. */
    public <T> T read(byte[] body, Reading<T> read) {
        if (body.length == 0) {
            return null;
        }
        try (JsonParser in = factory.createParser(body)) {
            if (in.nextToken() == null) {
                return null;
            }
            T value = read.from(in);
            JsonToken after = in.nextToken();
            if (after != null) {
                throw new Malformed("Unexpected content after the document");
            }
            return value;
        } catch (StreamReadException e) {
            throw new Malformed(e.getOriginalMessage());
        } catch (IOException e) {
            throw new Malformed("Could not parse the document");
        }
    }

    /** Takes a value from a parser standing on its first token. */
    public interface Reading<T> {
        T from(JsonParser in) throws IOException;
    }

    public JsonReader reader() {
        return reader;
    }

    public JsonWriter writer() {
        return writer;
    }
}
