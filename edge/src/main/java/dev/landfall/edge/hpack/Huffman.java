package dev.landfall.edge.hpack;

import dev.landfall.edge.net.ByteSink;

/**
 * The Huffman code of header fields (RFC 7541, appendix B). It is canonical: codes of one length follow each other in
 * the order of their symbols, so that the lengths are all there is to know. Decoded four bits at a time by a table of
 * what each state becomes; no code is so short that four bits end two symbols.
 */
final class Huffman {
    private static final int END_OF_STRING = 256;
    /** How many bits the code of each symbol has; the last one is the end of a string. */
    private static final byte[] LENGTHS = {
        13, 23, 28, 28, 28, 28, 28, 28, 28, 24, 30, 28, 28, 30, 28, 28, 28, 28, 28, 28, 28, 28, 30, 28, 28, 28, 28, 28,
        28, 28, 28, 28, 6, 10, 10, 12, 13, 6, 8, 11, 10, 10, 8, 11, 8, 6, 6, 6, 5, 5, 5, 6, 6, 6, 6, 6, 6, 6, 7, 8, 15,
        6, 12, 10, 13, 6, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 8, 7, 8, 13, 19, 13, 14, 6,
        15, 5, 6, 5, 6, 5, 6, 6, 6, 5, 7, 7, 6, 6, 6, 5, 6, 7, 6, 5, 5, 6, 7, 7, 7, 7, 7, 15, 11, 14, 13, 28, 20, 22,
        20, 20, 22, 22, 22, 23, 22, 23, 23, 23, 23, 23, 24, 23, 24, 24, 22, 23, 24, 23, 23, 23, 23, 21, 22, 23, 22, 23,
        23, 24, 22, 21, 20, 22, 22, 23, 23, 21, 23, 22, 22, 24, 21, 22, 23, 23, 21, 21, 22, 21, 23, 22, 23, 23, 20, 22,
        22, 22, 23, 22, 22, 23, 26, 26, 20, 19, 22, 23, 22, 25, 26, 26, 26, 27, 27, 26, 24, 25, 19, 21, 26, 27, 27, 26,
        27, 24, 21, 21, 26, 26, 28, 27, 27, 27, 20, 24, 20, 21, 22, 21, 21, 23, 22, 22, 25, 25, 24, 24, 26, 23, 26, 27,
        26, 26, 27, 27, 27, 27, 27, 28, 27, 27, 27, 27, 27, 26, 30};

    private static final int LONGEST = 30;
    /** A step: the next state below, whether a symbol ends, whether there is no such code, and the symbol above. */
    private static final int STATE = 0x1ff;
    private static final int EMITS = 0x200;
    private static final int FAILS = 0x400;
    private static final int SYMBOL_SHIFT = 16;
    /** One for each inner node of the tree: one fewer than symbols. */
    private static final int STATES = LENGTHS.length - 1;
    private static final int[] STEPS = new int[STATES << 4];
    /** Whether a string may end here: fewer than eight bits of padding, all ones (RFC 7541, 5.2). */
    private static final boolean[] FINAL = new boolean[STATES];

    static {
        int[][] tree = tree();
        for (int state = 0; state < STATES; state++) {
            for (int bits = 0; bits < 16; bits++) {
                STEPS[state << 4 | bits] = step(tree, state, bits);
            }
        }
        int state = 0;
        for (int ones = 0; ones < 8; ones++) {
            FINAL[state] = true;
            state = tree[state][1];
        }
    }

    private Huffman() {}

    /** For each inner node its children: an inner node, or a symbol as its complement. */
    private static int[][] tree() {
        var tree = new int[STATES][2];
        int nodes = 1;
        int code = 0;
        for (int length = 1; length <= LONGEST; length++) {
            code <<= 1;
            for (int symbol = 0; symbol < LENGTHS.length; symbol++) {
                if (LENGTHS[symbol] != length) {
                    continue;
                }
                int at = 0;
                for (int bit = length - 1; bit > 0; bit--) {
                    int side = code >>> bit & 1;
                    if (tree[at][side] == 0) {
                        tree[at][side] = nodes++;
                    }
                    at = tree[at][side];
                }
                tree[at][code & 1] = ~symbol;
                code++;
            }
        }
        return tree;
    }

    private static int step(int[][] tree, int from, int bits) {
        int state = from;
        int emitted = 0;
        for (int bit = 3; bit >= 0; bit--) {
            int next = tree[state][bits >>> bit & 1];
            if (next >= 0) {
                state = next;
            } else if (~next == END_OF_STRING) {
                return FAILS;
            } else {
                emitted = EMITS | ~next << SYMBOL_SHIFT;
                state = 0;
            }
        }
        return emitted | state;
    }

    /** @throws HpackException if the bytes are no string */
    static void decode(byte[] bytes, int from, int to, ByteSink out) throws HpackException {
        int state = 0;
        for (int i = from; i < to; i++) {
            int value = bytes[i];
            for (int bits = value >>> 4 & 15, half = 0; half < 2; half++, bits = value & 15) {
                int step = STEPS[state << 4 | bits];
                if ((step & FAILS) != 0) {
                    throw HpackException.MALFORMED;
                }
                if ((step & EMITS) != 0) {
                    out.put(step >>> SYMBOL_SHIFT);
                }
                state = step & STATE;
            }
        }
        if (!FINAL[state]) {
            throw HpackException.MALFORMED;
        }
    }
}
