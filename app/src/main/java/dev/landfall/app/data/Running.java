package dev.landfall.app.data;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The Landfall process that runs on a data directory, as its {@code landfall.pid} tells. */
public record Running(long pid, URI endpoint, Instant since, String version) {
    private static final String FILE = "landfall.pid";
    private static final int LINES = 4;

    /** Empty also when the file is left over from a process that was killed. */
    public static Optional<Running> find(Path dataDirectory) {
        try {
            List<String> lines = Files.readAllLines(dataDirectory.resolve(FILE));
            if (lines.size() < LINES) {
                return Optional.empty();
            }
            var running = new Running(
                    Long.parseLong(lines.get(0)), URI.create(lines.get(1)), Instant.parse(lines.get(2)), lines.get(3));
            return running.isAlive() ? Optional.of(running) : Optional.empty();
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IllegalArgumentException | DateTimeException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Also true only when the number was not given to some other program in the meantime. */
    public boolean isAlive() {
        if (!ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false)) {
            return false;
        }
        try {
            var commandLine = Files.readAllBytes(Path.of("/proc", Long.toString(pid), "cmdline"));
            return new String(commandLine, StandardCharsets.UTF_8).contains("dev.landfall.app.Main");
        } catch (IOException e) {
            return ProcessHandle.of(pid).isPresent();
        }
    }

    void write(Path dataDirectory) {
        try {
            Path next = dataDirectory.resolve(FILE + ".next");
            Files.writeString(next, pid + "\n" + endpoint + "\n" + since + "\n" + version + "\n");
            Files.move(next, dataDirectory.resolve(FILE), StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static void forget(Path dataDirectory) throws IOException {
        Files.deleteIfExists(dataDirectory.resolve(FILE));
    }
}
