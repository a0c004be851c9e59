package dev.landfall.app.e2e;

import dev.landfall.wire.SdkJson;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import software.amazon.awssdk.services.ecs.model.RegisterTaskDefinitionRequest;

/** The JSON documents that people learn ECS from, word for word but for the image. */
final class Documents {
    private Documents() {}

    static String text(String name, String image) {
        try (var in = Objects.requireNonNull(Documents.class.getResourceAsStream(name), name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .replaceAll("\"image\": \"[^\"]*\"", "\"image\": \"" + image + "\"");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The document as a request, its image replaced by {@link WebImage}. */
    static RegisterTaskDefinitionRequest taskDefinition(String name) {
        return taskDefinition(name, WebImage.NAME);
    }

    static RegisterTaskDefinitionRequest taskDefinition(String name, String image) {
        return SdkJson.read(text(name, image).getBytes(StandardCharsets.UTF_8), RegisterTaskDefinitionRequest.class);
    }
}
