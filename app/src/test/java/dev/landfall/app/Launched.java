package dev.landfall.app;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The program in a process of its own, as the launcher starts it. Closing it kills what is left. */
final class Launched implements AutoCloseable {
    private static final long LIMIT_SECONDS = 60;

    private final Process process;
    private final BufferedReader out;

    private Launched(Process process) {
        this.process = process;
        out = process.inputReader();
    }

    static Launched start(String... arguments) throws IOException {
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "--enable-native-access=ALL-UNNAMED",
                "-cp", System.getProperty("java.class.path"), "dev.landfall.app.Main"));
        command.addAll(List.of(arguments));
        return new Launched(new ProcessBuilder(command).start());
    }

    /** Runs it to its end. */
    static Ended run(String... arguments) throws IOException, InterruptedException {
        try (var launched = start(arguments)) {
            return launched.await();
        }
    }

    record Ended(int status, String out, String err) {}

    /** The ready line, or the empty string when the start failed. */
    String firstLine() throws IOException {
        String line = out.readLine();
        return line == null ? "" : line;
    }

    long pid() {
        return process.pid();
    }

    /** As {@code kill} does. */
    void stop() throws InterruptedException {
        process.destroy();
        process.waitFor();
    }

    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    Ended await() throws IOException, InterruptedException {
        String rest = String.join("\n", out.lines().toList());
        String errors = String.join("\n", process.errorReader().lines().toList());
        if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
            throw new AssertionError("still running; printed: " + rest + errors);
        }
        return new Ended(process.exitValue(), rest, errors);
    }

    @Override
    public void close() {
        process.destroyForcibly();
        try {
            out.close();
            process.waitFor();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
