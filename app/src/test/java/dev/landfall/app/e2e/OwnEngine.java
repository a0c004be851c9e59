package dev.landfall.app.e2e;

import dev.landfall.testkit.Await;
import dev.landfall.testkit.TemporaryDirectory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * A Docker Engine of the test's own, beside the machine's: it may be restarted. It leaves the machine's packet
 * filter alone. Closing it removes all it had.
 */
final class OwnEngine implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final String BRIDGE = "lf-e2e";

    private final TemporaryDirectory directory = TemporaryDirectory.create("engine");
    private final List<String> links = new ArrayList<>(List.of(BRIDGE));
    private Optional<Process> process = Optional.empty();

    /** Whether this user can run an engine on this machine. */
    static boolean possible() {
        boolean root = "root".equals(System.getProperty("user.name"));
        return root && List.of("dockerd", "docker", "ip").stream().allMatch(OwnEngine::onPath);
    }

    private static boolean onPath(String name) {
        return List.of("/usr/bin", "/usr/sbin", "/sbin", "/usr/local/bin", "/usr/local/sbin").stream()
                .anyMatch(place -> Files.isExecutable(Path.of(place, name)));
    }

    static OwnEngine started() {
        var engine = new OwnEngine();
        run("ip", "link", "delete", BRIDGE);    // of a test that was killed
        run("ip", "link", "add", BRIDGE, "type", "bridge");
        run("ip", "address", "add", "10.253.253.1/24", "dev", BRIDGE);
        run("ip", "link", "set", BRIDGE, "up");
        engine.start();
        return engine;
    }

    String host() {
        return "unix://" + directory.path().resolve("docker.sock");
    }

    /** Names a network interface that the engine may leave behind. */
    void leaves(String link) {
        links.add(link);
    }

    void start() {
        Path place = directory.path();
        var builder = new ProcessBuilder("dockerd", "--data-root", place.resolve("data").toString(),
                "--exec-root", place.resolve("exec").toString(), "--pidfile", place.resolve("pid").toString(),
                "--host", host(), "--bridge", BRIDGE, "--iptables=false", "--ip-forward=false", "--ip-masq=false");
        builder.redirectErrorStream(true).redirectOutput(
                ProcessBuilder.Redirect.appendTo(place.resolve("log").toFile()));
        try {
            Process started = builder.start();
            process = Optional.of(started);
            Await.until("the engine answers", PATIENCE, () -> {
                if (!started.isAlive()) {
                    throw new AssertionError(log());
                }
                return run("docker", "--host", host(), "version") == 0;
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

    private static int run(String... command) {
        try {
            return ended(new ProcessBuilder(command)
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
        killLeftovers();
        unmount();
        directory.close();
    }

    /** Containers that the engine could not end, which after a restart of its happens. */
    private void killLeftovers() {
        ProcessHandle.allProcesses()
                .filter(each -> each.info().commandLine().orElse("").contains(directory.path().toString()))
                .forEach(each -> {
                    each.descendants().forEach(ProcessHandle::destroyForcibly);
                    each.destroyForcibly();
                    each.onExit().join();
                });
    }

    /** What the engine leaves mounted for the next one. */
    private void unmount() {
        try {
            List<String> mounts = Files.readAllLines(Path.of("/proc/self/mounts")).stream()
                    .map(line -> line.split(" ")[1])
                    .filter(mount -> mount.startsWith(directory.path().toString()))
                    .toList();
            for (String mount : mounts.reversed()) {
                run("umount", "--lazy", mount);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
