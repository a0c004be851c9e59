package dev.landfall.edge.hpack;

import java.nio.charset.StandardCharsets;

/** A field of a table. */
record Entry(byte[] name, byte[] value) {
    /** RFC 7541, 4.1: what an entry costs beside its letters. */
    private static final int OVERHEAD = 32;

    static Entry of(String name, String value) {
        return new Entry(name.getBytes(StandardCharsets.US_ASCII), value.getBytes(StandardCharsets.US_ASCII));
    }

    int size() {
        return name.length + value.length + OVERHEAD;
    }
}
