package dev.landfall.edge.http;

/** Bytes that are text. */
public final class Ascii {
    private static final boolean[] TOKEN = new boolean[256];

    static {
        for (char c : "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ".toCharArray()) {
            TOKEN[c] = true;
        }
    }

    private Ascii() {}

    /** RFC 9110, 5.6.2: tchar. */
    public static boolean isToken(byte value) {
        return TOKEN[value & 0xff];
    }

    public static int lower(int value) {
        return value >= 'A' && value <= 'Z' ? value + 32 : value;
    }

    /** @param lowerCase without upper case letters */
    public static boolean equalsIgnoreCase(byte[] bytes, int from, int to, byte[] lowerCase) {
        if (to - from != lowerCase.length) {
            return false;
        }
        for (int i = 0; i < lowerCase.length; i++) {
            if (lower(bytes[from + i]) != lowerCase[i]) {
                return false;
            }
        }
        return true;
    }

    /** Whether a comma-separated list holds {@code lowerCase}, in whatever case. */
    static boolean listContains(byte[] bytes, int from, int to, byte[] lowerCase) {
        int start = from;
        for (int i = from; i <= to; i++) {
            if (i == to || bytes[i] == ',') {
                int first = start;
                int last = i;
                while (first < last && isSpace(bytes[first])) {
                    first++;
                }
                while (last > first && isSpace(bytes[last - 1])) {
                    last--;
                }
                if (equalsIgnoreCase(bytes, first, last, lowerCase)) {
                    return true;
                }
                start = i + 1;
            }
        }
        return false;
    }

    static boolean isSpace(byte value) {
        return value == ' ' || value == '\t';
    }

    static int indexOf(byte[] bytes, int from, int to, int wanted) {
        for (int i = from; i < to; i++) {
            if (bytes[i] == wanted) {
                return i;
            }
        }
        return -1;
    }
}
