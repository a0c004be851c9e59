package dev.landfall.agent;

import dev.landfall.testkit.Tar;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/** A tar of the host's static busybox with the commands that tests use. */
final class BusyboxImage {
    private static final int EXECUTABLE = 0755;
    private static final List<String> COMMANDS = List.of("sh", "sleep", "true", "false", "echo", "cat", "httpd", "nc",
            "wget", "ls", "test", "kill", "hostname", "dd", "touch", "mkdir", "tail", "id", "wc", "head", "ip",
            "env", "readlink");

    private BusyboxImage() {}

    static byte[] tar() throws IOException {
        var path = Stream.of(System.getenv("PATH").split(File.pathSeparator))
                .map(directory -> Path.of(directory, "busybox"))
                .filter(Files::isExecutable)
                .findFirst();
        Assumptions.assumeTrue(path.isPresent(), "busybox (static) is not on the PATH");
        var tar = new Tar();
        tar.file("bin/busybox", EXECUTABLE, Files.readAllBytes(path.get()));
        for (String command : COMMANDS) {
            tar.link("bin/" + command, "busybox");
        }
        tar.directory("tmp", EXECUTABLE);
        tar.directory("etc", EXECUTABLE);
        return tar.bytes();
    }
}
