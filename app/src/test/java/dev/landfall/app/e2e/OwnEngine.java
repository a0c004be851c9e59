package dev.landfall.app.e2e;

import dev.landfall.testkit.Await;
import dev.landfall.testkit.TemporaryDirectory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * A Docker Engine of the test's own, beside the machine's: it may be restarted. It has no default bridge and leaves the
 * machine's packet filter alone. Closing it removes all it had.
 */
final class OwnEngine implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final TemporaryDirectory directory = TemporaryDirectory.create("engine");
    private Optional<Process> process = Optional.empty();

    /** Whether this user can run an engine on this machine. */
    static boolean possible() {
        boolean root = "root".equals(System.getProperty("user.name"));
        return root && List.of("dockerd", "docker").stream().allMatch(name -> onPath(name));
    }

    private static boolean onPath(String name) {
        return List.of("/usr/bin", "/usr/sbin", "/usr/local/bin", "/usr/local/sbin").stream()
                .anyMatch(place -> Files.isExecutable(Path.of(place, name)));
    }

    static OwnEngine started() {
        var engine = new OwnEngine();
        engine.start();
        return engine;
    }

    String host() {
        return "unix://" + directory.path().resolve("docker.sock");
    }

    void start() {
        Path place = directory.path();
        var builder = new ProcessBuilder("dockerd", "--data-root", place.resolve("data").toString(),
                "--exec-root", place.resolve("exec").toString(), "--pidfile", place.resolve("pid").toString(),
                "--host", host(), "--bridge", "none", "--iptables=false", "--ip-forward=false", "--ip-masq=false");
        builder.redirectErrorStream(true).redirectOutput(
                ProcessBuilder.Redirect.appendTo(place.resolve("log").toFile()));
        try {
            Process started = builder.start();
            process = Optional.of(started);
            Await.until("the engine answers", PATIENCE, () -> {
                if (!started.isAlive()) {
                    throw new AssertionError(log());
                }
                return docker("version") == 0;
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String log() {
        try {
            return Files.readString(directory.path().resolve("log"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Stops it in order, and with it every container, as no container outlives this engine. */
    void stop() {
        process.ifPresent(running -> {
            running.destroy();
            ended(running);
        });
        process = Optional.empty();
    }

    /** As {@code kill -9}; the next start finds the containers running. */
    void kill() {
        process.ifPresent(running -> {
            running.destroyForcibly();
            ended(running);
        });
        process = Optional.empty();
    }

    /** Copies an image from the machine's engine. */
    void load(String image) {
        try {
            var pipeline = ProcessBuilder.startPipeline(List.of(
                    new ProcessBuilder("docker", "save", image),
                    new ProcessBuilder("docker", "--host", host(), "load")
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)));
            for (Process part : pipeline) {
                if (ended(part) != 0) {
                    throw new AssertionError("cannot copy the image " + image);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private int docker(String command) {
        try {
            return ended(new ProcessBuilder("docker", "--host", host(), command)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD).redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static int ended(Process process) {
        try {
            if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                throw new AssertionError("does not end: " + process);
            }
            return process.exitValue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() {
        stop();
        unmount();
        directory.close();
    }

    /** An engine that was killed leaves mounts behind. */
    private void unmount() {
        try {
            List<String> mounts = Files.readAllLines(Path.of("/proc/self/mounts")).stream()
                    .map(line -> line.split(" ")[1])
                    .filter(mount -> mount.startsWith(directory.path().toString()))
                    .toList();
            for (String mount : mounts.reversed()) {
                ended(new ProcessBuilder("umount", "--lazy", mount).start());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
