package dev.landfall.edge.hpack;

import dev.landfall.edge.net.ByteSink;

/**
 * Writes field sections with the static table alone: what a response saves by a table of its own is not worth keeping
 * one for each connection. Names are written in small letters. Stateless.
 */
public final class HpackEncoder {
    /** A dynamic table of size 0 (RFC 7541, 6.3). */
    private static final int NO_TABLE = 0x20;

    private HpackEncoder() {}

    /** What a section begins with after the other side has limited its table (RFC 7541, 4.2). */
    public static void noTable(ByteSink sink) {
        sink.put(NO_TABLE);
    }

    public static void status(ByteSink sink, int status) {
        int index = StaticTable.statusIndex(status);
        if (index > 0) {
            sink.put(0x80 | index);
        } else {
            sink.put(StaticTable.STATUS_200).put(3).putDecimal(status);
        }
    }

    /** A field that is not to be remembered. */
    public static void field(ByteSink sink, byte[] bytes, int nameStart, int nameEnd, int valueStart, int valueEnd) {
        int index = StaticTable.nameIndex(bytes, nameStart, nameEnd);
        integer(sink, 0, 4, index);
        if (index == 0) {
            integer(sink, 0, 7, nameEnd - nameStart);
            sink.putLowerCase(bytes, nameStart, nameEnd);
        }
        integer(sink, 0, 7, valueEnd - valueStart);
        sink.put(bytes, valueStart, valueEnd);
    }

    private static void integer(ByteSink sink, int flags, int prefix, int value) {
        int mask = (1 << prefix) - 1;
        if (value < mask) {
            sink.put(flags | value);
            return;
        }
        sink.put(flags | mask);
        int rest = value - mask;
        while (rest >= 0x80) {
            sink.put(rest & 0x7f | 0x80);
            rest >>>= 7;
        }
        sink.put(rest);
    }
}
