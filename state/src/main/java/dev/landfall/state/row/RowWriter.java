package dev.landfall.state.row;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/**
 * Values of one batch, one behind the other, each with a {@link Tag} before it, so that a reader can pass over what it
 * does not know. Numbers are seven bits a byte, the lowest first; signed ones alternate between the signs, so that
 * small ones are short. Texts stand in a list of their own; a value is the number of one. Confined to one thread.
 */
public final class RowWriter {
    /** A task or two have as many. */
    private static final int FIRST_TEXTS = 100;

    private final Bytes values = new Bytes();
    private final Bytes texts = new Bytes();
    private final Map<String, Integer> numbers = HashMap.newHashMap(FIRST_TEXTS); // only looked up in
    private final Map<Layout, Integer> layouts = new HashMap<>(); // likewise
    private final List<int[]> layoutNames = new ArrayList<>();

    /** Which members of a group are there; a group that lacks others has another layout. */
    private record Layout(Object group, long first, long second) {}

    RowWriter() {}

    public void nothing() {
        values.put(Tag.NOTHING);
    }

    public void truth(boolean value) {
        values.put(value ? Tag.TRUE : Tag.FALSE);
    }

    public void number(long value) {
        if (value >= 0 && value < Tag.SMALL_NUMBERS) {
            values.put((byte) (Tag.SMALL_NUMBER + value));
        } else {
            values.put(Tag.NUMBER);
            values.signed(value);
        }
    }

    public void fraction(double value) {
        values.put(Tag.FRACTION);
        values.fixed(Double.doubleToRawLongBits(value));
    }

    public void time(Instant value) {
        values.put(Tag.TIME);
        values.signed(value.getEpochSecond());
        values.length(value.getNano());
    }

    public void bytes(byte[] value) {
        values.put(Tag.BYTES);
        values.length(value.length);
        values.append(value);
    }

    public void text(String value) {
        int number = numberOf(value);
        if (number < Tag.SMALL_TEXTS) {
            values.put((byte) (Tag.SMALL_TEXT + number));
        } else {
            values.put(Tag.TEXT);
            values.length(number);
        }
    }

    /** To be followed by so many values. */
    public void list(int count) {
        values.put(Tag.LIST);
        values.length(count);
    }

    /** To be followed by so many pairs of a text and a value. */
    public void map(int count) {
        values.put(Tag.MAP);
        values.length(count);
    }

    /**
     * To be followed by the values of the members that are there, in their order.
     *
     * @param group whose members they are; compared by identity or value
     * @param first a bit for each of the first 64 members, the lowest for the first of them
     * @param second likewise for the next 64
     */
    void group(Object group, long first, long second, IntFunction<String> name) {
        values.put(Tag.GROUP);
        values.length(layouts.computeIfAbsent(new Layout(group, first, second), any -> {
            layoutNames.add(present(first, second).map(member -> numberOf(name.apply(member))).toArray());
            return layoutNames.size() - 1;
        }));
    }

    private static IntStream present(long first, long second) {
        return IntStream.range(0, 2 * Long.SIZE).filter(member ->
                ((member < Long.SIZE ? first : second) >>> member & 1) != 0);
    }

    int numberOf(String text) {
        Integer known = numbers.putIfAbsent(text, numbers.size());
        if (known != null) {
            return known;
        }
        texts.characters(text);
        return numbers.size() - 1;
    }

    /** Where the values are written. */
    Bytes values() {
        return values;
    }

    /** The bytes of texts and values. */
    int size() {
        return texts.size() + values.size();
    }

    /** The texts, then the layouts, then the values. */
    byte[] toBytes() {
        var head = new Bytes();
        head.length(numbers.size());
        var named = new Bytes();
        named.length(layoutNames.size());
        for (int[] names : layoutNames) {
            named.length(names.length);
            for (int name : names) {
                named.length(name);
            }
        }
        return Bytes.joined(head, texts, named, values);
    }
}
