package dev.landfall.agent.pause;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.landfall.agent.engine.Engine;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/**
 * The image of pause containers: one static binary, built into an image in memory. Its tag is the binary's hash, so a
 * new version of the agent makes its own.
 */
public final class PauseImage {
    private static final String REPOSITORY = "landfall/pause";
    private static final int TAR_BLOCK = 512;

    private PauseImage() {}

    /** The image's reference; it is made if the engine lacks it. */
    public static String provide(Engine engine, String architecture) {
        byte[] binary = binary(architecture);
        String tag = hash(binary).substring(0, 12);
        String reference = REPOSITORY + ":" + tag;
        if (engine.image(reference).isEmpty()) {
            engine.importImage(tar("pause", binary), REPOSITORY, tag, List.of("ENTRYPOINT [\"/pause\"]"));
        }
        return reference;
    }

    private static byte[] binary(String architecture) {
        String name = architecture.equals("amd64") ? "x86_64" : architecture.equals("arm64") ? "aarch64" : architecture;
        try (var in = PauseImage.class.getResourceAsStream("pause-" + name)) {
            if (in == null) {
                throw new IllegalStateException("no pause binary for this architecture: " + architecture);
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String hash(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A tar with one executable file. */
    static byte[] tar(String name, byte[] content) {
        int blocks = 1 + (content.length + TAR_BLOCK - 1) / TAR_BLOCK + 2;
        byte[] tar = new byte[blocks * TAR_BLOCK];
        put(tar, 0, name);
        put(tar, 100, "0000755");
        put(tar, 108, "0000000");
        put(tar, 116, "0000000");
        put(tar, 124, "%011o".formatted(content.length));
        put(tar, 136, "%011o".formatted(0));
        put(tar, 156, "0");
        put(tar, 257, "ustar");
        put(tar, 263, "00");
        Arrays.fill(tar, 148, 156, (byte) ' ');
        int sum = 0;
        for (int i = 0; i < TAR_BLOCK; i++) {
            sum += tar[i] & 0xff;
        }
        put(tar, 148, "%06o\0".formatted(sum));
        System.arraycopy(content, 0, tar, TAR_BLOCK, content.length);
        return tar;
    }

    private static void put(byte[] tar, int at, String text) {
        byte[] bytes = text.getBytes(US_ASCII);
        System.arraycopy(bytes, 0, tar, at, bytes.length);
    }
}
