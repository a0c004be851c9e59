package dev.landfall.bench.report;

import dev.landfall.bench.child.Installation;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;

/** {@code --out}, which every benchmark has. */
public final class OutOption {
    @Option(names = "--out", paramLabel = "DIR", description = "Where the JSON file goes (default bench/results).")
    private Path given;

    public Path directory() {
        return Optional.ofNullable(given).orElseGet(() -> Installation.root().resolve("bench/results"));
    }
}
