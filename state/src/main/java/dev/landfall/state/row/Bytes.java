package dev.landfall.state.row;

import java.util.Arrays;

/**
 * Bytes, one behind the other. Numbers are seven bits a byte, the lowest first; signed ones alternate between the
 * signs, so that small ones are short. Confined to one thread.
 */
final class Bytes {
    private static final int FIRST_BYTES = 1 << 10;
    private static final int LOW_BITS = 0x7F;
    private static final int MORE = 0x80;
    private static final int BITS = 7;

    /** The first bit of a text's length says whether a character takes two bytes. */
    static final int WIDE = 1;

    private byte[] bytes = new byte[FIRST_BYTES];
    private int size;

    int size() {
        return size;
    }

    void put(byte value) {
        if (size == bytes.length) {
            room(1);
        }
        bytes[size++] = value;
    }

    void append(byte[] value) {
        room(value.length);
        System.arraycopy(value, 0, bytes, size, value.length);
        size += value.length;
    }

    /** A number that is not negative. */
    void length(int value) {
        int rest = value;
        while ((rest & ~LOW_BITS) != 0) {
            put((byte) (rest & LOW_BITS | MORE));
            rest >>>= BITS;
        }
        put((byte) rest);
    }

    void signed(long value) {
        long rest = value << 1 ^ value >> Long.SIZE - 1;
        while ((rest & ~LOW_BITS) != 0) {
            put((byte) (rest & LOW_BITS | MORE));
            rest >>>= BITS;
        }
        put((byte) rest);
    }

    void fixed(long value) {
        for (int shift = Long.SIZE - Byte.SIZE; shift >= 0; shift -= Byte.SIZE) {
            put((byte) (value >>> shift));
        }
    }

    /** Appends four bytes that are to be {@linkplain #set set} later. */
    int reserve() {
        int at = size;
        room(Integer.BYTES);
        size += Integer.BYTES;
        return at;
    }

    void set(int at, int value) {
        for (int i = 0; i < Integer.BYTES; i++) {
            bytes[at + i] = (byte) (value >>> Integer.SIZE - Byte.SIZE * (i + 1));
        }
    }

    /** A text's length and its characters, of one byte each if they are small enough, else of two. */
    void characters(String text) {
        int before = size;
        int length = text.length();
        length(length << 1);
        room(length);
        for (int i = 0; i < length; i++) {
            char character = text.charAt(i);
            if (character > LOW_BITS) {
                size = before;
                wide(text);
                return;
            }
            bytes[size++] = (byte) character;
        }
    }

    /** Not in UTF-8, which has no place for half of a surrogate pair. */
    private void wide(String text) {
        length(text.length() << 1 | WIDE);
        room(text.length() * Character.BYTES);
        for (int i = 0; i < text.length(); i++) {
            bytes[size++] = (byte) (text.charAt(i) >>> Byte.SIZE);
            bytes[size++] = (byte) text.charAt(i);
        }
    }

    private void room(int more) {
        if (bytes.length - size < more) {
            bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, size + more));
        }
    }

    static byte[] joined(Bytes... parts) {
        byte[] all = new byte[Arrays.stream(parts).mapToInt(Bytes::size).sum()];
        int at = 0;
        for (Bytes part : parts) {
            System.arraycopy(part.bytes, 0, all, at, part.size);
            at += part.size;
        }
        return all;
    }
}
