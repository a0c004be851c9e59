package dev.landfall.state.row;

import java.time.Instant;
import java.util.Arrays;
import java.util.function.ToIntFunction;

/**
 * Reads what a {@link RowWriter} wrote. Texts are made when they are first asked for, and once: all rows of a batch
 * share them. Confined to one thread at a time.
 *
 * <p>Anything that is not what a writer writes is an {@link IllegalArgumentException}.
 */
public final class RowReader {
    private static final int LOW_BITS = 0x7F;
    private static final int MORE = 0x80;
    private static final int BITS = 7;

    /** Nested deeper than any shape is. */
    private static final int DEPTH_MAX = 200;

    private final byte[] bytes;
    private final SharedTexts shared;
    private final String[] texts;

    /** Where each text's length stands. */
    private final int[] textStarts;

    private final int[][] layouts;

    /** For each layout the group it was last read as, and that group's members in its order. */
    private final Members[] members;

    private int at;

    private record Members(Object group, int[] numbers) {}

    RowReader(byte[] batch, SharedTexts shared) {
        this.bytes = batch;
        this.shared = shared;
        textStarts = new int[count()];
        texts = new String[textStarts.length];
        for (int i = 0; i < textStarts.length; i++) {
            textStarts[i] = at;
            int length = length();
            skip((length >>> 1) << (length & Bytes.WIDE));
        }
        layouts = new int[count()][];
        for (int i = 0; i < layouts.length; i++) {
            layouts[i] = new int[count()];
            for (int j = 0; j < layouts[i].length; j++) {
                layouts[i][j] = length();
            }
        }
        members = new Members[layouts.length];
    }

    // ---- values ----

    /** Passes over a value that is nothing; whether it was. */
    public boolean nothing() {
        if (at < bytes.length && bytes[at] == Tag.NOTHING) {
            at++;
            return true;
        }
        return false;
    }

    public boolean truth() {
        byte tag = next();
        if (tag != Tag.TRUE && tag != Tag.FALSE) {
            throw unexpected(tag, "a truth value");
        }
        return tag == Tag.TRUE;
    }

    public long number() {
        byte tag = next();
        if (tag >= Tag.SMALL_NUMBER && tag < Tag.SMALL_NUMBER + Tag.SMALL_NUMBERS) {
            return tag - Tag.SMALL_NUMBER;
        }
        require(tag, Tag.NUMBER, "a number");
        return signed();
    }

    public double fraction() {
        require(next(), Tag.FRACTION, "a fraction");
        long value = 0;
        for (int i = 0; i < Long.BYTES; i++) {
            value = value << Byte.SIZE | next() & 0xFF;
        }
        return Double.longBitsToDouble(value);
    }

    public Instant time() {
        require(next(), Tag.TIME, "a time");
        return Instant.ofEpochSecond(signed(), length());
    }

    public byte[] bytes() {
        require(next(), Tag.BYTES, "bytes");
        int length = length();
        int from = at;
        skip(length);
        return Arrays.copyOfRange(bytes, from, at);
    }

    public String text() {
        byte tag = next();
        if (tag < 0) {
            return text(tag - Tag.SMALL_TEXT);
        }
        require(tag, Tag.TEXT, "a text");
        return text(length());
    }

    /** How many values follow. */
    public int list() {
        require(next(), Tag.LIST, "a list");
        return count();
    }

    /** How many pairs of a text and a value follow. */
    public int map() {
        require(next(), Tag.MAP, "a map");
        return count();
    }

    /**
     * The members whose values follow, in their order; of one that the group does not have, which is to be {@linkplain
     * #skip skipped}, it is -1.
     */
    int[] group(Object group, ToIntFunction<String> memberOf) {
        require(next(), Tag.GROUP, "a group");
        int layout = length();
        Members known = at(members, layout);
        if (known == null || known.group != group) {
            int[] names = layouts[layout];
            var numbers = new int[names.length];
            for (int i = 0; i < names.length; i++) { // for each batch anew: a stream costs more than all of it
                numbers[i] = memberOf.applyAsInt(text(names[i]));
            }
            known = new Members(group, numbers);
            members[layout] = known;
        }
        return known.numbers;
    }

    /** Passes over one value of any kind. */
    void skip() {
        skipValue(0);
    }

    private void skipValue(int depth) {
        if (depth > DEPTH_MAX) {
            throw new IllegalArgumentException("values are nested too deeply");
        }
        byte tag = next();
        if (tag < 0 || tag >= Tag.SMALL_NUMBER && tag < Tag.SMALL_NUMBER + Tag.SMALL_NUMBERS) {
            return;
        }
        switch (tag) {
            case Tag.NOTHING, Tag.TRUE, Tag.FALSE -> { }
            case Tag.NUMBER -> signed();
            case Tag.FRACTION -> skip(Long.BYTES);
            case Tag.TIME -> {
                signed();
                length();
            }
            case Tag.BYTES -> skip(length());
            case Tag.TEXT -> length();
            case Tag.LIST -> skipValues(count(), depth);
            case Tag.MAP -> skipValues(2 * count(), depth);
            case Tag.GROUP -> skipValues(at(layouts, length()).length, depth);
            default -> throw unexpected(tag, "a value");
        }
    }

    private void skipValues(int count, int depth) {
        for (int i = 0; i < count; i++) {
            skipValue(depth + 1);
        }
    }

    // ---- bytes ----

    boolean atEnd() {
        return at == bytes.length;
    }

    int position() {
        return at;
    }

    void moveTo(int position) {
        at = position;
    }

    String text(int number) {
        String known = at(texts, number);
        if (known == null) {
            known = characters(textStarts[number]);
            texts[number] = known;
        }
        return known;
    }

    private String characters(int start) {
        int before = at;
        at = start;
        int length = length();
        String text = (length & Bytes.WIDE) == 0
                ? shared.of(bytes, at, length >>> 1) : wide(length >>> 1);
        at = before;
        return text;
    }

    private String wide(int length) {
        var characters = new char[length];
        for (int i = 0; i < length; i++) {
            characters[i] = (char) ((next() & 0xFF) << Byte.SIZE | next() & 0xFF);
        }
        return new String(characters);
    }

    int length() {
        int value = 0;
        for (int shift = 0; shift < Integer.SIZE; shift += BITS) {
            byte next = next();
            value |= (next & LOW_BITS) << shift;
            if ((next & MORE) == 0) {
                return value;
            }
        }
        throw new IllegalArgumentException("a length does not end");
    }

    /** Of things that take at least a byte each: nobody makes room for more than there can be. */
    private int count() {
        int count = length();
        if (count < 0 || count > bytes.length - at) {
            throw new IllegalArgumentException(count + " values where " + (bytes.length - at) + " bytes are left");
        }
        return count;
    }

    int fixed() {
        int value = 0;
        for (int i = 0; i < Integer.BYTES; i++) {
            value = value << Byte.SIZE | next() & 0xFF;
        }
        return value;
    }

    private long signed() {
        long value = 0;
        for (int shift = 0; shift < Long.SIZE; shift += BITS) {
            byte next = next();
            value |= (long) (next & LOW_BITS) << shift;
            if ((next & MORE) == 0) {
                return value >>> 1 ^ -(value & 1);
            }
        }
        throw new IllegalArgumentException("a number does not end");
    }

    void skip(int length) {
        if (length < 0 || length > bytes.length - at) {
            throw new IllegalArgumentException(length + " bytes where " + (bytes.length - at) + " are left");
        }
        at += length;
    }

    private byte next() {
        if (at >= bytes.length) {
            throw new IllegalArgumentException("it ends too early");
        }
        return bytes[at++];
    }

    private static <T> T at(T[] all, int number) {
        if (number < 0 || number >= all.length) {
            throw new IllegalArgumentException("number " + number + " of " + all.length);
        }
        return all[number];
    }

    private static void require(byte tag, byte expected, String what) {
        if (tag != expected) {
            throw unexpected(tag, what);
        }
    }

    private static IllegalArgumentException unexpected(byte tag, String what) {
        return new IllegalArgumentException("a value of kind " + tag + " where " + what + " is expected");
    }
}
