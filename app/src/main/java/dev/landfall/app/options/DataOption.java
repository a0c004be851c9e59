package dev.landfall.app.options;

import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;

/** {@code --data}, which every command that touches a running Landfall has. */
public final class DataOption {
    @Option(names = "--data", paramLabel = "DIR",
            description = "The data directory (LANDFALL_DATA; default ~/.landfall).")
    private Path given;

    public Path path() {
        return Optional.ofNullable(given)
                .or(() -> Optional.ofNullable(System.getenv("LANDFALL_DATA")).filter(s -> !s.isEmpty()).map(Path::of))
                .orElseGet(() -> Path.of(System.getProperty("user.home"), ".landfall"))
                .toAbsolutePath().normalize();
    }

    /** The agent's own directory, when it runs alone. */
    public Path agentPath() {
        return given == null ? path().resolve("agent") : path();
    }

    /** The data plane's own directory, when it runs alone. */
    public Path edgePath() {
        return given == null ? path().resolve("edge") : path();
    }
}
