package dev.landfall.testkit.load;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/** A whole message of a websocket in one frame (RFC 6455, 5.2), of less than 64 KiB. */
record Frame(int opcode, byte[] payload) {
    static final int TEXT = 1;
    static final int CLOSE = 8;

    private static final int SHORT_MAX = 125;
    private static final int FINAL = 0x80;
    private static final int MASKED = 0x80;

    static Frame text(String text) {
        return new Frame(TEXT, text.getBytes(StandardCharsets.UTF_8));
    }

    String text() {
        return new String(payload, StandardCharsets.UTF_8);
    }

    /** Of either side. */
    static Frame read(InputStream stream) throws IOException {
        var in = new DataInputStream(stream);
        int opcode = in.readUnsignedByte() & 0x0f;
        int second = in.readUnsignedByte();
        int length = second & 0x7f;
        if (length > SHORT_MAX + 1) {
            throw new IOException("a frame is too long");
        }
        if (length > SHORT_MAX) {
            length = in.readUnsignedShort();
        }
        int mask = (second & MASKED) == 0 ? 0 : in.readInt();
        var payload = new byte[length];
        in.readFully(payload);
        return new Frame(opcode, masked(payload, mask));
    }

    private static byte[] masked(byte[] payload, int mask) {
        byte[] key = ByteBuffer.allocate(Integer.BYTES).putInt(mask).array();
        var out = new byte[payload.length];
        for (int i = 0; i < out.length; i++) {
            out[i] = (byte) (payload[i] ^ key[i % key.length]);
        }
        return out;
    }

    /** As servers send it. */
    byte[] ofServer() {
        return bytes(0, new byte[0], payload);
    }

    /** As clients send it. */
    byte[] ofClient(int mask) {
        return bytes(MASKED, ByteBuffer.allocate(Integer.BYTES).putInt(mask).array(), masked(payload, mask));
    }

    private byte[] bytes(int flag, byte[] mask, byte[] content) {
        var out = new ByteArrayOutputStream();
        out.write(FINAL | opcode);
        if (content.length > SHORT_MAX) {
            out.write(flag | SHORT_MAX + 1);
            out.write(content.length >> 8);
            out.write(content.length);
        } else {
            out.write(flag | content.length);
        }
        out.writeBytes(mask);
        out.writeBytes(content);
        return out.toByteArray();
    }

    /** What the server answers to the client's key (RFC 6455, 4.2.2). */
    static String accepted(String key) {
        try {
            byte[] text = (key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").getBytes(StandardCharsets.US_ASCII);
            return Base64.getEncoder().encodeToString(MessageDigest.getInstance("SHA-1").digest(text));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-1", e);
        }
    }
}
