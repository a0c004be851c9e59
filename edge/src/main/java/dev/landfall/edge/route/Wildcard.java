package dev.landfall.edge.route;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A pattern in which {@code *} stands for any characters and {@code ?} for one. Matching goes back to the last star
 * only, so it never takes more than the product of both lengths.
 */
public final class Wildcard {
    private static final short ANY = 256;
    private static final short ONE = 257;

    /** Whether letters must match in their case, and whether a backslash takes a star's meaning away. */
    public enum Mode { EXACT, IGNORE_CASE, IGNORE_CASE_WITH_ESCAPES }

    private final short[] pattern;
    private final boolean ignoresCase;
    /** Without the letters that any stand for. */
    private final int shortest;

    private Wildcard(short[] pattern, boolean ignoresCase) {
        this.pattern = pattern;
        this.ignoresCase = ignoresCase;
        int letters = 0;
        for (short letter : pattern) {
            letters += letter == ANY ? 0 : 1;
        }
        shortest = letters;
    }

    public static Wildcard of(String text, Mode mode) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        var compiled = new short[bytes.length];
        int length = 0;
        for (int i = 0; i < bytes.length; i++) {
            if (bytes[i] == '\\' && mode == Mode.IGNORE_CASE_WITH_ESCAPES && i + 1 < bytes.length
                    && (bytes[i + 1] == '*' || bytes[i + 1] == '?' || bytes[i + 1] == '\\')) {
                compiled[length++] = bytes[++i];
            } else if (bytes[i] == '*') {
                if (length == 0 || compiled[length - 1] != ANY) {
                    compiled[length++] = ANY;
                }
            } else if (bytes[i] == '?') {
                compiled[length++] = ONE;
            } else {
                compiled[length++] = (short) (mode == Mode.EXACT ? bytes[i] : lower(bytes[i]));
            }
        }
        return new Wildcard(Arrays.copyOf(compiled, length), mode != Mode.EXACT);
    }

    private static int lower(int value) {
        return value >= 'A' && value <= 'Z' ? value + 32 : value;
    }

    /** Most patterns of a long list of rules are ruled out by their length or by a letter at either end. */
    private boolean endsDiffer(byte[] text, int from, int to) {
        int last = pattern.length - 1;
        if (last < 0 || from == to) {
            return false;
        }
        return differ(pattern[0], text[from]) || differ(pattern[last], text[to - 1]);
    }

    private boolean differ(short wanted, byte value) {
        return wanted != ANY && wanted != ONE && wanted != (ignoresCase ? lower(value) : value);
    }

    public boolean matches(byte[] text, int from, int to) {
        if (to - from < shortest || endsDiffer(text, from, to)) {
            return false;
        }
        int at = from;
        int next = 0;
        int star = -1;
        int resume = from;
        while (at < to) {
            short wanted = next < pattern.length ? pattern[next] : -1_000;
            if (wanted == ANY) {
                star = next++;
                resume = at;
                if (next == pattern.length) {
                    return true;
                }
            } else if (wanted == ONE || wanted == (ignoresCase ? lower(text[at]) : text[at])) {
                next++;
                at++;
            } else if (star >= 0) {
                next = star + 1;
                at = ++resume;
            } else {
                return false;
            }
        }
        while (next < pattern.length && pattern[next] == ANY) {
            next++;
        }
        return next == pattern.length;
    }
}
