package dev.landfall.bench.edge;

import dev.landfall.bench.Cleanup;
import dev.landfall.bench.Refusal;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Programs of others on one processor, ended with the benchmark. */
final class Pinned {
    private static final Duration STARTING = Duration.ofSeconds(10);
    private static final Duration STOPPING = Duration.ofSeconds(5);

    private Pinned() {}

    static List<String> command(int processor, List<String> command) {
        var pinned = new ArrayList<>(List.of(Tools.path("taskset"), "-c", Integer.toString(processor)));
        pinned.addAll(command);
        return pinned;
    }

    /** Moves this process and all of its threads to one processor. */
    static void self(int processor) {
        Tools.run(List.of(Tools.path("taskset"), "-acp", Integer.toString(processor),
                Long.toString(ProcessHandle.current().pid())));
    }

    /** Starts a server that stays in the foreground, and waits until it listens; answers its process id. */
    static long server(Cleanup cleanup, int processor, List<String> command, Path output, int port) {
        try {
            Process process = new ProcessBuilder(command(processor, command))
                    .redirectInput(new File("/dev/null"))
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
            cleanup.add(() -> end(process));
            long end = System.nanoTime() + STARTING.toNanos();
            while (!listens(port)) {
                if (!process.isAlive() || System.nanoTime() > end) {
                    throw new Refusal(command.getFirst() + " does not start: " + Files.readString(output));
                }
                Thread.sleep(20);
            }
            return process.pid();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Refusal("interrupted");
        }
    }

    private static boolean listens(int port) {
        try (var socket = new Socket()) {
            socket.connect(new InetSocketAddress("127.0.0.1", port), 1_000);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private static void end(Process process) throws InterruptedException {
        process.destroy();
        if (!process.waitFor(STOPPING.toMillis(), TimeUnit.MILLISECONDS)) {
            process.destroyForcibly().waitFor();
        }
    }
}
