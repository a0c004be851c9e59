package dev.landfall.edge.hpack;

/** The fields that both sides know from the start (RFC 7541, appendix A). */
final class StaticTable {
    static final int LENGTH = 61;
    static final int STATUS_200 = 8;
    private static final int FIRST_STATUS = STATUS_200;
    private static final int LAST_STATUS = 14;

    private static final String[] FIELDS = {
        ":authority", "", ":method", "GET", ":method", "POST", ":path", "/", ":path", "/index.html",
        ":scheme", "http", ":scheme", "https", ":status", "200", ":status", "204", ":status", "206",
        ":status", "304", ":status", "400", ":status", "404", ":status", "500", "accept-charset", "",
        "accept-encoding", "gzip, deflate", "accept-language", "", "accept-ranges", "", "accept", "",
        "access-control-allow-origin", "", "age", "", "allow", "", "authorization", "", "cache-control", "",
        "content-disposition", "", "content-encoding", "", "content-language", "", "content-length", "",
        "content-location", "", "content-range", "", "content-type", "", "cookie", "", "date", "", "etag", "",
        "expect", "", "expires", "", "from", "", "host", "", "if-match", "", "if-modified-since", "",
        "if-none-match", "", "if-range", "", "if-unmodified-since", "", "last-modified", "", "link", "",
        "location", "", "max-forwards", "", "proxy-authenticate", "", "proxy-authorization", "", "range", "",
        "referer", "", "refresh", "", "retry-after", "", "server", "", "set-cookie", "",
        "strict-transport-security", "", "transfer-encoding", "", "user-agent", "", "vary", "", "via", "",
        "www-authenticate", ""};
    private static final Entry[] ENTRIES = new Entry[LENGTH + 1];

    /** Indexes by a hash of the name; a name's first index, in a table with room to spare. */
    private static final byte[] BY_NAME = new byte[256];

    static {
        for (int i = 1; i <= LENGTH; i++) {
            ENTRIES[i] = Entry.of(FIELDS[2 * i - 2], FIELDS[2 * i - 1]);
            byte[] name = ENTRIES[i].name();
            if (nameIndex(name, 0, name.length) == 0) {
                int slot = hash(name, 0, name.length);
                while (BY_NAME[slot] != 0) {
                    slot = slot + 1 & 255;
                }
                BY_NAME[slot] = (byte) i;
            }
        }
    }

    private StaticTable() {}

    /** @param index 1 to {@link #LENGTH} */
    static Entry entry(int index) {
        return ENTRIES[index];
    }

    private static int hash(byte[] bytes, int from, int to) {
        int hash = to - from;
        for (int i = from; i < to; i++) {
            hash = hash * 31 + (bytes[i] | 0x20);
        }
        return (hash ^ hash >>> 8) & 255;
    }

    /** The first index with that name, whose letters may be of either case; 0 without one. */
    static int nameIndex(byte[] bytes, int from, int to) {
        for (int slot = hash(bytes, from, to); BY_NAME[slot] != 0; slot = slot + 1 & 255) {
            byte[] name = ENTRIES[BY_NAME[slot]].name();
            if (name.length == to - from && same(name, bytes, from)) {
                return BY_NAME[slot];
            }
        }
        return 0;
    }

    private static boolean same(byte[] name, byte[] bytes, int from) {
        for (int i = 0; i < name.length; i++) {
            int value = bytes[from + i];
            if (name[i] != (value >= 'A' && value <= 'Z' ? value + 32 : value)) {
                return false;
            }
        }
        return true;
    }

    /** The index of ":status" with that value; 0 without one. */
    static int statusIndex(int status) {
        for (int i = FIRST_STATUS; i <= LAST_STATUS; i++) {
            byte[] value = ENTRIES[i].value();
            if ((value[0] - '0') * 100 + (value[1] - '0') * 10 + value[2] - '0' == status) {
                return i;
            }
        }
        return 0;
    }
}
