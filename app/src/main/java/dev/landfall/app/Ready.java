package dev.landfall.app;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;

/** The one line that says a start is over. */
final class Ready {
    private Ready() {}

    static String line(URI endpoint, Path dataDirectory) {
        double seconds = Duration.between(started(), Instant.now()).toMillis() / 1000.0;
        return String.format(Locale.ROOT, "Landfall is ready at %s (data in %s, %.2f s)",
                endpoint, dataDirectory, seconds);
    }

    /** When the user's command began: the launcher tells, since the JVM's own clock starts later. */
    private static Instant started() {
        String told = Optional.ofNullable(System.getProperty("landfall.startedAt")).orElse("");
        return told.matches("[0-9]+[.,][0-9]{6}")
                ? Instant.ofEpochMilli(Long.parseLong(told.replaceAll("[.,]", "")) / 1000)
                : ProcessHandle.current().info().startInstant().orElseGet(Instant::now);
    }
}
