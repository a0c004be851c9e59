package dev.landfall.bench.engine;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.landfall.bench.Refusal;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** A tar of the host's static busybox, from which the engine makes the image that everything measured runs. */
final class BusyboxImage {
    private static final int BLOCK = 512;
    private static final List<String> COMMANDS = List.of("sh", "sleep");
    private static final char FILE = '0';
    private static final char LINK = '2';
    private static final char DIRECTORY = '5';

    private BusyboxImage() {}

    static byte[] tar() {
        Path busybox = Stream.of(System.getenv("PATH").split(File.pathSeparator))
                .map(directory -> Path.of(directory, "busybox"))
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow(() -> new Refusal(
                        "the image is made of Debian's busybox-static: run 'apt-get install busybox-static'"));
        var tar = new ByteArrayOutputStream();
        try {
            entry(tar, "bin/busybox", FILE, "", Files.readAllBytes(busybox));
            for (String command : COMMANDS) {
                entry(tar, "bin/" + command, LINK, "busybox", new byte[0]);
            }
            entry(tar, "etc/", DIRECTORY, "", new byte[0]);
            entry(tar, "tmp/", DIRECTORY, "", new byte[0]);
            tar.write(new byte[2 * BLOCK]);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return tar.toByteArray();
    }

    /** One file in the ustar format: a header block, and the content in whole blocks. */
    private static void entry(ByteArrayOutputStream tar, String name, char type, String link, byte[] content)
            throws IOException {
        byte[] header = new byte[BLOCK];
        put(header, 0, name);
        put(header, 100, "0000755");
        put(header, 108, "0000000");
        put(header, 116, "0000000");
        put(header, 124, "%011o".formatted(content.length));
        put(header, 136, "%011o".formatted(0));
        put(header, 156, String.valueOf(type));
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
