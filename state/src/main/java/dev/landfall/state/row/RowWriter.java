package dev.landfall.state.row;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;

/**
 * Values of one batch, one behind the other, each with a {@link Tag} before it, so that a reader can pass over what it
 * does not know. Numbers are seven bits a byte, the lowest first; signed ones alternate between the signs, so that
 * small ones are short. Texts stand in a list of their own; a value is the number of one. Confined to one thread.
 */
public final class RowWriter {
    private static final int FIRST_BYTES = 1 << 10;
    private static final int LOW_BITS = 0x7F;
    private static final int MORE = 0x80;
    private static final int BITS = 7;

    /** The first bit of a text's length says whether a character takes two bytes. */
    static final int WIDE = 1;

    private byte[] bytes = new byte[FIRST_BYTES];
    private int size;
    private final Map<String, Integer> texts = new HashMap<>(); // only looked up in
    private final List<String> inOrder = new ArrayList<>();
    private final Map<Layout, Integer> layouts = new HashMap<>(); // likewise
    private final List<int[]> layoutNames = new ArrayList<>();

    /** Which members of a group are there; a group that lacks others has another layout. */
    private record Layout(Object group, long first, long second) {}

    RowWriter() {}

    public void nothing() {
        put(Tag.NOTHING);
    }

    public void truth(boolean value) {
        put(value ? Tag.TRUE : Tag.FALSE);
    }

    public void number(long value) {
        if (value >= 0 && value < Tag.SMALL_NUMBERS) {
            put((byte) (Tag.SMALL_NUMBER + value));
        } else {
            put(Tag.NUMBER);
            signed(value);
        }
    }

    public void fraction(double value) {
        put(Tag.FRACTION);
        fixed(Double.doubleToRawLongBits(value));
    }

    public void time(Instant value) {
        put(Tag.TIME);
        signed(value.getEpochSecond());
        length(value.getNano());
    }

    public void bytes(byte[] value) {
        put(Tag.BYTES);
        length(value.length);
        append(value);
    }

    public void text(String value) {
        int number = numberOf(value);
        if (number < Tag.SMALL_TEXTS) {
            put((byte) (Tag.SMALL_TEXT + number));
        } else {
            put(Tag.TEXT);
            length(number);
        }
    }

    /** To be followed by so many values. */
    public void list(int count) {
        put(Tag.LIST);
        length(count);
    }

    /** To be followed by so many pairs of a text and a value. */
    public void map(int count) {
        put(Tag.MAP);
        length(count);
    }

    /**
     * To be followed by the values of the members that are there, in their order.
     *
     * @param group whose members they are; compared by identity or value
     * @param first a bit for each of the first 64 members, the lowest for the first of them
     * @param second likewise for the next 64
     */
    void group(Object group, long first, long second, IntFunction<String> name) {
        put(Tag.GROUP);
        length(layouts.computeIfAbsent(new Layout(group, first, second), any -> {
            layoutNames.add(present(first, second).map(member -> numberOf(name.apply(member))).toArray());
            return layoutNames.size() - 1;
        }));
    }

    private static java.util.stream.IntStream present(long first, long second) {
        return java.util.stream.IntStream.range(0, 2 * Long.SIZE).filter(member ->
                ((member < Long.SIZE ? first : second) >>> member & 1) != 0);
    }

    int numberOf(String text) {
        Integer known = texts.putIfAbsent(text, inOrder.size());
        if (known != null) {
            return known;
        }
        inOrder.add(text);
        return inOrder.size() - 1;
    }

    int texts() {
        return inOrder.size();
    }

    /** About how many bytes the texts from that one on take. */
    long bytesOfTexts(int from) {
        long bytes = 0;
        for (int i = from; i < inOrder.size(); i++) {
            bytes += inOrder.get(i).length() + 1L;
        }
        return bytes;
    }

    // ---- bytes ----

    int size() {
        return size;
    }

    /** Appends a number that is not negative. */
    void length(int value) {
        int rest = value;
        while ((rest & ~LOW_BITS) != 0) {
            put((byte) (rest & LOW_BITS | MORE));
            rest >>>= BITS;
        }
        put((byte) rest);
    }

    private void signed(long value) {
        long rest = value << 1 ^ value >> Long.SIZE - 1;
        while ((rest & ~LOW_BITS) != 0) {
            put((byte) (rest & LOW_BITS | MORE));
            rest >>>= BITS;
        }
        put((byte) rest);
    }

    private void fixed(long value) {
        for (int shift = Long.SIZE - Byte.SIZE; shift >= 0; shift -= Byte.SIZE) {
            put((byte) (value >>> shift));
        }
    }

    /** Appends four bytes that are to be {@linkplain #setFixed set} later. */
    int reserve() {
        int at = size;
        room(Integer.BYTES);
        size += Integer.BYTES;
        return at;
    }

    void setFixed(int at, int value) {
        for (int i = 0; i < Integer.BYTES; i++) {
            bytes[at + i] = (byte) (value >>> Integer.SIZE - Byte.SIZE * (i + 1));
        }
    }

    private void put(byte value) {
        if (size == bytes.length) {
            room(1);
        }
        bytes[size++] = value;
    }

    private void append(byte[] value) {
        room(value.length);
        System.arraycopy(value, 0, bytes, size, value.length);
        size += value.length;
    }

    private void room(int more) {
        if (bytes.length - size < more) {
            bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, size + more));
        }
    }

    /** The texts, then the layouts, then the values. */
    byte[] toBytes() {
        var all = new RowWriter();
        all.room(size + inOrder.size() * Long.SIZE);
        all.length(inOrder.size());
        inOrder.forEach(all::characters);
        all.length(layoutNames.size());
        for (int[] names : layoutNames) {
            all.length(names.length);
            for (int name : names) {
                all.length(name);
            }
        }
        all.room(size);
        System.arraycopy(bytes, 0, all.bytes, all.size, size);
        return Arrays.copyOf(all.bytes, all.size + size);
    }

    private void characters(String text) {
        int length = text.length();
        int before = size;
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
}
