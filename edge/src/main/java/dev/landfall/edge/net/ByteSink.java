package dev.landfall.edge.net;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A growing array of bytes that heads are written into before they are sent in one piece. Of one event loop. */
public final class ByteSink {
    private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

    private byte[] bytes;
    private int length;

    public ByteSink() {
        this(4_096);
    }

    /** @param capacity bytes that it holds before it grows */
    public ByteSink(int capacity) {
        bytes = new byte[capacity];
    }

    public ByteSink clear() {
        length = 0;
        return this;
    }

    public int length() {
        return length;
    }

    public byte[] bytes() {
        return bytes;
    }

    /** Takes back what was written after {@code length}. */
    public void truncate(int length) {
        this.length = length;
    }

    public ByteSink put(byte[] source) {
        return put(source, 0, source.length);
    }

    public ByteSink put(byte[] source, int from, int to) {
        int count = to - from;
        reserve(count);
        System.arraycopy(source, from, bytes, length, count);
        length += count;
        return this;
    }

    public ByteSink put(int value) {
        reserve(1);
        bytes[length++] = (byte) value;
        return this;
    }

    /** In ISO 8859-1; what that does not have becomes a question mark, and never by its low bits the end of a line. */
    public ByteSink put(CharSequence text) {
        int count = text.length();
        reserve(count);
        for (int i = 0; i < count; i++) {
            char c = text.charAt(i);
            bytes[length++] = (byte) (c <= 0xff ? c : '?');
        }
        return this;
    }

    /** Without upper case letters. */
    public ByteSink putLowerCase(byte[] source, int from, int to) {
        reserve(to - from);
        for (int i = from; i < to; i++) {
            byte value = source[i];
            bytes[length++] = value >= 'A' && value <= 'Z' ? (byte) (value + 32) : value;
        }
        return this;
    }

    public ByteSink putDecimal(long value) {
        if (value < 0) {
            put('-');
            return putDecimal(-value);
        }
        int digits = 1;
        for (long rest = value / 10; rest != 0; rest /= 10) {
            digits++;
        }
        reserve(digits);
        int at = length + digits;
        long rest = value;
        do {
            bytes[--at] = (byte) ('0' + rest % 10);
            rest /= 10;
        } while (rest != 0);
        length += digits;
        return this;
    }

    public ByteSink putHex(long value, int digits) {
        reserve(digits);
        for (int shift = (digits - 1) * 4; shift >= 0; shift -= 4) {
            bytes[length++] = HEX[(int) (value >>> shift) & 15];
        }
        return this;
    }

    /** A buffer of its own with what was written, and {@code room} bytes behind it. */
    public ByteBuf copy(ByteBufAllocator allocator, int room) {
        ByteBuf copy = allocator.directBuffer(length + room);
        copy.writeBytes(bytes, 0, length);
        return copy;
    }

    public String text(int from) {
        return new String(bytes, from, length - from, StandardCharsets.ISO_8859_1);
    }

    private void reserve(int count) {
        if (bytes.length - length < count) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + count));
        }
    }
}
