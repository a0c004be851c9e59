package dev.landfall.wire;

import dev.landfall.wire.codec.Json;
import dev.landfall.wire.codec.Malformed;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import software.amazon.awssdk.core.document.Document;

/** The JSON of documents: members of SDK model classes that may be anything. Stateless; safe for any thread. */
public final class DocumentJson {
    private DocumentJson() {}

    public static String write(Document document) {
        return new String(Json.LOCATION_NAMES.write((out, shapes) -> shapes.writeDocument(out, document)),
                StandardCharsets.UTF_8);
    }

    /** @throws IllegalArgumentException if the text is no JSON */
    public static Document read(String json) {
        try {
            return Optional.ofNullable(Json.LOCATION_NAMES.read(json.getBytes(StandardCharsets.UTF_8),
                            in -> Json.LOCATION_NAMES.reader().readDocument(in)))
                    .orElseThrow(() -> new IllegalArgumentException("there is nothing to read"));
        } catch (Malformed e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }
}
