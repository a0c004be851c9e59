package dev.landfall.state.row;

/** What a stored value begins with. Never to be given another meaning, but with a new version of the journal. */
final class Tag {
    static final byte NOTHING = 0;
    static final byte FALSE = 1;
    static final byte TRUE = 2;

    /** A signed number. */
    static final byte NUMBER = 3;

    /** The eight bytes of a double. */
    static final byte FRACTION = 4;

    /** The second since 1970, signed, and the nanosecond within it. */
    static final byte TIME = 5;

    /** A length and as many bytes. */
    static final byte BYTES = 6;

    /** The number of a text in the batch. */
    static final byte TEXT = 7;

    /** A length and as many values. */
    static final byte LIST = 8;

    /** A length and as many pairs of a text and a value. */
    static final byte MAP = 9;

    /** The number of a layout in the batch, and a value for each of its names. */
    static final byte GROUP = 10;

    /** The first of the numbers that are their own tags. */
    static final byte SMALL_NUMBER = 0x20;

    static final int SMALL_NUMBERS = 0x20;

    /** The first of the texts that are their own tags; these are the negative bytes. */
    static final byte SMALL_TEXT = (byte) 0x80;

    static final int SMALL_TEXTS = 0x80;

    private Tag() {}
}
