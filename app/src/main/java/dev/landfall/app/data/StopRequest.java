package dev.landfall.app.data;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A note that {@code down --stop-tasks} leaves for the process it is about to stop: a signal carries no words. */
public final class StopRequest {
    private static final String FILE = "stop-tasks";

    private StopRequest() {}

    public static void tasksToo(Path dataDirectory) {
        try {
            Files.writeString(dataDirectory.resolve(FILE), "");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A note that an earlier process was killed over must not stop the tasks of this one. */
    static void forget(Path dataDirectory) throws IOException {
        Files.deleteIfExists(dataDirectory.resolve(FILE));
    }

    /** Takes the note away: it is for one stop only. */
    public static boolean wantsTasksStopped(Path dataDirectory) {
        try {
            return Files.deleteIfExists(dataDirectory.resolve(FILE));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
