package dev.landfall.bench.child;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** JVM options that have a child record itself with Flight Recorder, which slows it: its figures do not count. */
public final class Recording {
    private Recording() {}

    /** Every flush of a file is recorded: they are what durable work waits for. */
    public static List<String> to(Optional<Path> file) {
        return file.map(path -> List.of("-XX:StartFlightRecording=settings=profile,jdk.FileForce#threshold=0ns,"
                        + "filename=" + path.toAbsolutePath()))
                .orElse(List.of());
    }
}
