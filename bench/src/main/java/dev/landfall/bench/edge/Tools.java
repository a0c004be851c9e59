package dev.landfall.bench.edge;

import dev.landfall.bench.Refusal;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/** The programs of others that the benchmark needs, as Debian has them. */
final class Tools {
    private static final Map<String, String> PACKAGES = new TreeMap<>(Map.of(
            "haproxy", "haproxy", "nginx", "nginx", "wrk", "wrk", "h2load", "nghttp2-client", "taskset", "util-linux"));
    /** Where Debian keeps servers, and where a user's PATH may not look. */
    private static final List<String> ELSEWHERE = List.of("/usr/sbin", "/sbin", "/usr/local/sbin");

    private Tools() {}

    /** Where a program is. */
    static String path(String program) {
        return find(program).map(Path::toString)
                .orElseThrow(() -> new Refusal(program + " is missing: install " + PACKAGES.get(program)));
    }

    private static Optional<Path> find(String program) {
        String path = Optional.ofNullable(System.getenv("PATH")).orElse("");
        return Stream.concat(Arrays.stream(path.split(":")), ELSEWHERE.stream())
                .filter(directory -> !directory.isEmpty())
                .map(directory -> Path.of(directory, program)).filter(Files::isExecutable).findFirst();
    }

    /** Says all that is missing at once; the launcher has installed it where it may. */
    static void need() {
        var missing = new TreeSet<String>();
        PACKAGES.forEach((program, name) -> {
            if (find(program).isEmpty()) {
                missing.add(name);
            }
        });
        if (!missing.isEmpty()) {
            throw new Refusal("needs " + String.join(", ", missing) + ": run 'apt-get install "
                    + String.join(" ", missing) + "' as root");
        }
    }

    /** Runs a program to its end and answers what it printed. */
    static String run(List<String> command) {
        try {
            Process process = new ProcessBuilder(command).redirectErrorStream(true)
                    .redirectInput(new File("/dev/null")).start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor() != 0) {
                throw new Refusal(String.join(" ", command) + " failed: " + output.strip());
            }
            return output;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Refusal("interrupted");
        }
    }

    /** The first line that a program says of its version. */
    static String version(String program, String option) {
        return run(List.of(path(program), option)).lines().findFirst().orElse("").strip();
    }
}
