package dev.landfall.testkit;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** A tar archive (POSIX ustar) in memory: as much of the format as an image of a few files needs. */
public final class Tar {
    private static final int BLOCK = 512;
    private static final int NAME_LIMIT = 100;
    private static final int CHECKSUM_OFFSET = 148;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    public void directory(String name, int mode) {
        header(name + "/", mode, 0, '5', "");
    }

    public void file(String name, int mode, byte[] content) {
        header(name, mode, content.length, '0', "");
        out.writeBytes(content);
        out.writeBytes(new byte[Math.floorMod(-content.length, BLOCK)]);
    }

    /** A symbolic link. */
    public void link(String name, String target) {
        header(name, 0777, 0, '2', target);
    }

    public byte[] bytes() {
        var all = new ByteArrayOutputStream();
        all.writeBytes(out.toByteArray());
        all.writeBytes(new byte[2 * BLOCK]);
        return all.toByteArray();
    }

    private void header(String name, int mode, int size, char type, String target) {
        if (name.length() > NAME_LIMIT) {
            throw new IllegalArgumentException("name too long for this format: " + name);
        }
        var header = new byte[BLOCK];
        put(header, 0, name);
        put(header, 100, octal(7, mode));
        put(header, 108, octal(7, 0));
        put(header, 116, octal(7, 0));
        put(header, 124, octal(11, size));
        put(header, 136, octal(11, 0));
        put(header, CHECKSUM_OFFSET, "        ");
        put(header, 156, String.valueOf(type));
        put(header, 157, target);
        put(header, 257, "ustar\00000");
        int sum = 0;
        for (byte b : header) {
            sum += b & 0xff;
        }
        put(header, CHECKSUM_OFFSET, octal(6, sum) + "\0 ");
        out.writeBytes(header);
    }

    private static String octal(int width, int value) {
        return String.format(Locale.ROOT, "%0" + width + "o", value);
    }

    private static void put(byte[] header, int offset, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(bytes, 0, header, offset, bytes.length);
    }
}
