package dev.landfall.state;

/**
 * Texts that begin alike are told apart by what follows: a head is the eight characters behind what all have in common,
 * as a number, less or equal wherever the text is less. It stands where it is compared, so that texts, which are
 * elsewhere in memory, are looked at only where heads are equal. Heads are unsigned.
 */
final class Heads {
    private static final int CHARACTERS = 8;

    /** The bits of each character; one that needs more stands as the greatest, and nothing behind it counts. */
    private static final int BITS = 8;
    private static final int MAX = 0xFF;

    private Heads() {}

    /** Of what follows the first {@code from} characters. */
    static long of(String text, int from) {
        long head = 0;
        int end = Math.min(text.length(), from + CHARACTERS);
        int shift = Long.SIZE;
        for (int i = from; i < end; i++) {
            shift -= BITS;
            char character = text.charAt(i);
            if (character >= MAX) {
                return head | (long) MAX << shift;
            }
            head |= (long) character << shift;
        }
        return head;
    }

    /** With how many characters both texts begin alike. */
    static int common(String a, String b) {
        int length = Math.min(a.length(), b.length());
        int common = 0;
        while (common < length && a.charAt(common) == b.charAt(common)) {
            common++;
        }
        return common;
    }

    /** With how many characters, {@code most} at most, both texts begin alike. */
    static int common(int most, String a, String b) {
        return most <= a.length() && a.regionMatches(0, b, 0, most) ? most : Math.min(most, common(a, b));
    }
}
