package dev.landfall.app.balancing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import java.util.regex.Pattern;

/** The name by which a control plane knows a data plane again: made once, and kept in its directory. */
final class EdgeId {
    private static final Pattern FORM = Pattern.compile("[0-9a-f-]{36}");

    private EdgeId() {}

    /** @throws UncheckedIOException if the directory can be neither read nor written */
    static String of(Path directory) {
        Path file = directory.resolve("edge-id");
        try {
            if (Files.exists(file)) {
                String kept = Files.readString(file, StandardCharsets.UTF_8).strip();
                if (FORM.matcher(kept).matches()) {
                    return kept;
                }
            }
            String made = UUID.randomUUID().toString();
            Files.createDirectories(directory);
            Files.writeString(file, made + "\n", StandardCharsets.UTF_8);
            return made;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot keep the data plane's name in " + file, e);
        }
    }
}
