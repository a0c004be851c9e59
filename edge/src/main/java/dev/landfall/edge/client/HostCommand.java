package dev.landfall.edge.client;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A program of this machine's administration, run to its end. */
public final class HostCommand {
    /** Each takes milliseconds; who hangs for so long would hold up all load balancers. */
    private static final int TIMEOUT_SECONDS = 5;

    private HostCommand() {}

    /**
     * What it printed on both outputs.
     *
     * @param input what it reads
     * @throws IOException with what it printed if it fails, and with what to do if it is not there
     */
    static String run(String input, String program, String... arguments) throws IOException {
        Path path = find(program).orElseThrow(() -> new IOException(
                program + " is not installed: apt-get install " + (program.equals("nft") ? "nftables" : "iproute2")));
        var command = new ArrayList<>(List.of(path.toString()));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        // A program that hangs is ended, with which the reading below ends.
        process.onExit().orTimeout(TIMEOUT_SECONDS, TimeUnit.SECONDS).exceptionally(late -> {
            process.destroyForcibly();
            return process;
        });
        try {
            try (var out = process.getOutputStream()) {
                out.write(input.getBytes(StandardCharsets.UTF_8));
            }
            String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            int code = process.waitFor();
            if (code != 0) {
                throw new IOException(program + " failed with " + code + ": " + printed.lines().findFirst().orElse(""));
            }
            return printed;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        } finally {
            process.destroyForcibly();
        }
    }

    /** Where a program is; also where a user's PATH may not look. */
    public static Optional<Path> find(String program) {
        return Stream.concat(
                        Stream.of(Optional.ofNullable(System.getenv("PATH")).orElse("").split(File.pathSeparator)),
                        Stream.of("/usr/sbin", "/sbin"))
                .filter(directory -> !directory.isEmpty())
                .map(directory -> Path.of(directory, program))
                .filter(Files::isExecutable)
                .findFirst();
    }
}
