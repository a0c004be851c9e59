package dev.landfall.agent;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/** A tar of the host's static busybox with the commands that tests use. */
final class BusyboxImage {
    private static final int BLOCK = 512;
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
        var tar = new ByteArrayOutputStream();
        byte[] binary = Files.readAllBytes(path.get());
        entry(tar, "bin/busybox", '0', "", binary);
        for (String command : COMMANDS) {
            entry(tar, "bin/" + command, '2', "busybox", new byte[0]);
        }
        entry(tar, "tmp/", '5', "", new byte[0]);
        entry(tar, "etc/", '5', "", new byte[0]);
        tar.write(new byte[2 * BLOCK]);
        return tar.toByteArray();
    }

    private static void entry(ByteArrayOutputStream tar, String name, char type, String link, byte[] content)
            throws IOException {
        byte[] header = new byte[BLOCK];
        put(header, 0, name);
        put(header, 100, "0000755");
        put(header, 108, "0000000");
        put(header, 116, "0000000");
        put(header, 124, "%011o".formatted(content.length));
        put(header, 136, "%011o".formatted(0));
        put(header, 156, "" + type);
        put(header, 157, link);
        put(header, 257, "ustar");
        put(header, 263, "00");
        Arrays.fill(header, 148, 156, (byte) ' ');
        int sum = 0;
        for (byte b : header) {
            sum += b & 0xff;
        }
        put(header, 148, "%06o\0".formatted(sum));
        tar.write(header);
        tar.write(content);
        tar.write(new byte[(BLOCK - content.length % BLOCK) % BLOCK]);
    }

    private static void put(byte[] header, int at, String text) {
        byte[] bytes = text.getBytes(US_ASCII);
        System.arraycopy(bytes, 0, header, at, bytes.length);
    }
}
