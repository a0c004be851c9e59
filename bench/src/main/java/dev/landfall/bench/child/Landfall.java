package dev.landfall.bench.child;

import dev.landfall.bench.Cleanup;
import dev.landfall.bench.Refusal;
import dev.landfall.bench.child.Installation.Start;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;

/** Processes of the product on data directories and ports of their own, so that nobody's real data is touched. */
public final class Landfall {
    private static final String MAIN = "dev.landfall.app.Main";
    private static final Pattern ENDPOINT = Pattern.compile("http://\\S+");

    private Landfall() {}

    /** A started process and where it answers. */
    public record Running(Child child, URI endpoint) {}

    /** A directory that is deleted in the end. */
    public static Path temporaryData(Cleanup cleanup) {
        try {
            Path directory = Files.createTempDirectory("landfall-bench");
            cleanup.add(() -> delete(directory));
            return directory;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void delete(Path directory) throws IOException {
        try (var files = Files.walk(directory)) {
            for (Path file : (Iterable<Path>) files.sorted(Comparator.reverseOrder())::iterator) {
                Files.deleteIfExists(file);
            }
        }
    }

    /** {@code up} and {@code agent} own containers, which their end in {@code cleanup} stops and removes. */
    public static Running start(Cleanup cleanup, Path data, List<String> jvmOptions, String... arguments) {
        Child child = launch(data, Start.WITH_AOT_CACHE, jvmOptions, arguments);
        boolean hasContainers = !arguments[0].equals("server");
        cleanup.add(() -> {
            if (hasContainers) {
                down(data);
            }
            child.close();
        });
        return ready(child);
    }

    public static Child launch(Path data, Start start, List<String> jvmOptions, String... arguments) {
        var command = new ArrayList<>(Installation.java(start, data, jvmOptions));
        command.add(MAIN);
        command.addAll(List.of(arguments));
        command.add("--data");
        command.add(data.toString());
        return Child.start(command, data.resolve("bench.log"));
    }

    public static Running ready(Child child) {
        String line = child.awaitReady();
        var endpoint = ENDPOINT.matcher(line);
        if (!endpoint.find()) {
            throw new Refusal("not a ready line: " + line);
        }
        return new Running(child, URI.create(endpoint.group()));
    }

    private static void down(Path data) {
        var command = new ArrayList<>(Installation.java(Start.WITH_AOT_CACHE, List.of()));
        command.addAll(List.of(MAIN, "down", "--stop-tasks", "--data", data.toString()));
        try (Child child = Child.start(command, data.resolve("bench.log"))) {
            child.awaitReady();
        }
    }

    /** A port that was free a moment ago; for measurements that have to know it before the process does. */
    public static int freePort() {
        try (var socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
