package dev.landfall.bench.child;

import dev.landfall.bench.Refusal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Where the built product is, and how its JVM is started: the very command that the launcher uses. */
public final class Installation {
    private Installation() {}

    /** As in the launcher. */
    private static final long LARGE_JOURNAL_BYTES = 64 << 20;

    /** With the AOT cache, as users run it, or without. */
    public enum Start { WITH_AOT_CACHE, WITHOUT_AOT_CACHE }

    public static Path root() {
        return Path.of(Optional.ofNullable(System.getProperty("landfall.root"))
                .orElseThrow(() -> new Refusal("run the benchmarks by './landfall bench'")));
    }

    public static boolean hasAotCache() {
        return Files.exists(root().resolve("app/target/landfall.aot"));
    }

    /** As the other, for a control plane on a data directory: the launcher has more flags for a large one. */
    static List<String> java(Start start, Path data, List<String> jvmOptions) {
        if (data.resolve("state.db").toFile().length() <= LARGE_JOURNAL_BYTES) {
            return java(start, jvmOptions);
        }
        var options = new ArrayList<String>();
        options.add("@" + root().resolve("app/target/landfall.large.args"));
        options.addAll(jvmOptions);
        return java(start, options);
    }

    /** The beginning of a command line; the main class and its arguments follow. */
    public static List<String> java(Start start, List<String> jvmOptions) {
        var command = new ArrayList<String>();
        // In a session of its own, so that Ctrl-C reaches the benchmark alone, which then ends its children in order.
        command.add("setsid");
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("@" + root().resolve("app/target/landfall.args"));
        if (start == Start.WITH_AOT_CACHE && hasAotCache()) {
            command.add("-XX:AOTCache=" + root().resolve("app/target/landfall.aot"));
        }
        command.addAll(jvmOptions);
        return command;
    }
}
