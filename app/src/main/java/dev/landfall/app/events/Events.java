package dev.landfall.app.events;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.landfall.app.Refusal;
import dev.landfall.app.options.DataOption;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code landfall events}: what ECS told EventBridge, one JSON document a line, oldest first. */
@Command(name = "events", description = "Print the events that ECS sends to EventBridge.",
        mixinStandardHelpOptions = true)
public final class Events implements Runnable {
    private static final Duration LOOK = Duration.ofMillis(200);
    private static final ObjectMapper JSON = new ObjectMapper();

    @Mixin private DataOption data;

    @Option(names = {"-f", "--follow"}, description = "Go on as events happen.")
    private boolean follow;

    @Option(names = {"-t", "--detail-type"}, paramLabel = "TYPE",
            description = "Only events of this type, such as 'ECS Task State Change'.")
    private String detailType;

    @Override
    public void run() {
        Path directory = data.path();
        if (!Files.isDirectory(directory)) {
            throw new Refusal("There is no data directory " + directory + ": start Landfall with './landfall up', or "
                    + "name its directory with --data");
        }
        try {
            for (int age = EventFile.FILES_MAX - 1; age > 0; age--) {
                print(EventFile.file(directory, age));
            }
            if (follow) {
                follow(directory);
            } else {
                print(EventFile.file(directory, 0));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void print(Path file) throws IOException {
        try (BufferedReader lines = Files.newBufferedReader(file)) {
            lines.lines().forEach(this::printLine);
        } catch (NoSuchFileException e) {
            // the machine has not had as many events yet
        }
    }

    /** Reads a file to its end, then on as it grows, and goes over to its successor once it was rotated. */
    private void follow(Path directory) throws IOException, InterruptedException {
        Path path = EventFile.file(directory, 0);
        while (true) {
            while (!Files.exists(path)) {
                Thread.sleep(LOOK);
            }
            try (BufferedReader lines = Files.newBufferedReader(path)) {
                Object key = key(path);
                var line = new StringBuilder();
                boolean rotated = false;
                while (true) {
                    int next = lines.read();
                    if (next == '\n') {
                        printLine(line.toString());
                        line.setLength(0);
                    } else if (next >= 0) {
                        line.append((char) next);
                    } else if (rotated) {
                        break; // nobody writes to it any more, and it was read to its end
                    } else {
                        rotated = !key.equals(key(path));
                        if (!rotated) {
                            System.out.flush();
                            Thread.sleep(LOOK);
                        }
                    }
                }
            } catch (NoSuchFileException e) {
                Thread.sleep(LOOK); // between the rotation and its successor
            }
        }
    }

    /** Tells a file from its successor of the same name. */
    private static Object key(Path path) throws IOException {
        try {
            return Files.getAttribute(path, "unix:ino");
        } catch (NoSuchFileException e) {
            return "none";
        }
    }

    private void printLine(String line) {
        if (type(line).filter(type -> detailType == null || type.equals(detailType)).isPresent()) {
            System.out.println(line);
        }
    }

    /** Empty for what is no event: half a line that a lost machine left. */
    private static Optional<String> type(String line) {
        try {
            return Optional.ofNullable(JSON.readTree(line).path("detail-type").textValue());
        } catch (JsonProcessingException e) {
            return Optional.empty();
        }
    }
}
