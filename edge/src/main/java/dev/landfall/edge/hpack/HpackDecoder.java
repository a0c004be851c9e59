package dev.landfall.edge.hpack;

import dev.landfall.edge.net.ByteSink;
import java.util.Arrays;

/** Reads field sections of one connection, one after the other (RFC 7541). Of one event loop. */
public final class HpackDecoder {
    /** Takes the fields of a section in turn; the arrays are valid during the call only. */
    @FunctionalInterface
    public interface Fields {
        void field(byte[] names, int nameStart, int nameEnd, byte[] values, int valueStart, int valueEnd);
    }

    /** SETTINGS_HEADER_TABLE_SIZE as it is without saying so (RFC 9113, 6.5.2). */
    private static final int TABLE_BYTES = 4_096;
    /** No integer that means anything here is larger. */
    private static final int MAX_INTEGER = 1 << 24;

    private final DynamicTable table = new DynamicTable(TABLE_BYTES);
    private ByteSink scratch;
    private byte[] block;
    private int at;
    private int end;
    /** Where the string that was read last is. */
    private boolean inScratch;
    private int stringStart;
    private int stringEnd;

    /**
     * @param room scratch space
     * @throws HpackException if the section cannot be read; then no later one can be
     */
    public void decode(byte[] bytes, int length, ByteSink room, Fields fields) throws HpackException {
        block = bytes;
        scratch = room;
        at = 0;
        end = length;
        boolean begun = false;
        while (at < end) {
            int first = block[at];
            if ((first & 0x80) != 0) {
                Entry entry = entry(integer(7));
                fields.field(entry.name(), 0, entry.name().length, entry.value(), 0, entry.value().length);
            } else if ((first & 0x40) != 0) {
                literal(integer(6), Remembered.YES, fields);
            } else if ((first & 0x20) != 0) {
                int capacity = integer(5);
                if (begun || capacity > TABLE_BYTES) {
                    throw HpackException.MALFORMED;     // RFC 7541, 4.2: at the beginning, and not above what we said
                }
                table.capacity(capacity);
                continue;
            } else {
                literal(integer(4), Remembered.NO, fields);
            }
            begun = true;
        }
    }

    private enum Remembered { YES, NO }

    private void literal(int nameIndex, Remembered remembered, Fields fields) throws HpackException {
        scratch.clear();
        byte[] names = null;
        int nameStart = 0;
        int nameEnd;
        boolean nameInScratch = false;
        if (nameIndex > 0) {
            names = entry(nameIndex).name();
            nameEnd = names.length;
        } else {
            string();
            names = block;
            nameInScratch = inScratch;
            nameStart = stringStart;
            nameEnd = stringEnd;
        }
        string();
        if (nameInScratch) {
            names = scratch.bytes();        // which the value may have made larger
        }
        byte[] values = inScratch ? scratch.bytes() : block;
        fields.field(names, nameStart, nameEnd, values, stringStart, stringEnd);
        if (remembered == Remembered.YES) {
            byte[] name = nameIndex > 0 ? names : Arrays.copyOfRange(names, nameStart, nameEnd);
            table.add(new Entry(name, Arrays.copyOfRange(values, stringStart, stringEnd)));
        }
    }

    private void string() throws HpackException {
        if (at == end) {
            throw HpackException.MALFORMED;
        }
        boolean huffman = (block[at] & 0x80) != 0;
        int length = integer(7);
        if (length > end - at) {
            throw HpackException.MALFORMED;
        }
        inScratch = huffman;
        if (huffman) {
            stringStart = scratch.length();
            Huffman.decode(block, at, at + length, scratch);
            stringEnd = scratch.length();
        } else {
            stringStart = at;
            stringEnd = at + length;
        }
        at += length;
    }

    /** An integer with a prefix of so many bits (RFC 7541, 5.1). */
    private int integer(int prefix) throws HpackException {
        int mask = (1 << prefix) - 1;
        int value = block[at++] & mask;
        if (value < mask) {
            return value;
        }
        for (int shift = 0; at < end && shift <= 21; shift += 7) {
            int next = block[at++];
            value += (next & 0x7f) << shift;
            if (next >= 0) {
                if (value > MAX_INTEGER) {
                    break;
                }
                return value;
            }
        }
        throw HpackException.MALFORMED;
    }

    private Entry entry(int index) throws HpackException {
        if (index >= 1 && index <= StaticTable.LENGTH) {
            return StaticTable.entry(index);
        }
        if (index == 0 || index - StaticTable.LENGTH > table.count()) {
            throw HpackException.MALFORMED;
        }
        return table.entry(index - StaticTable.LENGTH);
    }
}
