package dev.landfall.state.row;

import java.nio.charset.StandardCharsets;

/**
 * Texts that were read lately, so that rows of different batches share theirs, too: names of what millions of rows
 * belong to are there once, and comparing them costs nothing. Texts that came later take the places of earlier ones.
 * Threads may use it at once: what they write over each other is only shared less.
 */
public final class SharedTexts {
    /** Many times what a few batches have of their own, which drives out what is shared. */
    private static final int PLACES = 1 << 18;

    /** Texts of the same kind, such as ARNs, differ at their ends. */
    private static final int TELLING_BYTES = 24;

    private final int[] hashes;
    private final String[] texts;

    public SharedTexts() {
        this(PLACES);
    }

    /** @param places a power of two */
    SharedTexts(int places) {
        hashes = new int[places];
        texts = new String[places];
    }

    /** The text of these ISO 8859-1 characters. */
    String of(byte[] bytes, int from, int length) {
        int hash = hash(bytes, from, length);
        int place = (hash ^ hash >>> 16) & texts.length - 1;
        if (hashes[place] == hash) {
            String known = texts[place];
            if (known != null && known.length() == length && same(known, bytes, from)) {
                return known;
            }
        }
        String text = new String(bytes, from, length, StandardCharsets.ISO_8859_1);
        texts[place] = text;
        hashes[place] = hash;
        return text;
    }

    private static int hash(byte[] bytes, int from, int length) {
        int hash = length;
        for (int i = from + Math.max(0, length - TELLING_BYTES); i < from + length; i++) {
            hash = 31 * hash + bytes[i];
        }
        return hash;
    }

    private static boolean same(String text, byte[] bytes, int from) {
        for (int i = text.length() - 1; i >= 0; i--) {
            if (text.charAt(i) != (bytes[from + i] & 0xFF)) {
                return false;
            }
        }
        return true;
    }
}
