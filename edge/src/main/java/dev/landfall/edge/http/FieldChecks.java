package dev.landfall.edge.http;

import java.nio.charset.StandardCharsets;

/** What can be wrong with a single header field. */
final class FieldChecks {
    private static final byte[] CONTENT_LENGTH = "contentlength".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] TRANSFER_ENCODING = "transferencoding".getBytes(StandardCharsets.US_ASCII);
    /** More digits than a long has. */
    private static final int MAX_DIGITS = 18;

    private FieldChecks() {}

    /**
     * A name that is no token is unusual. One that some server could take for a framing field is suspicious, and is not
     * sent on: to the target the request then has the one meaning it has here.
     */
    static void name(Head head, int at, boolean token) {
        byte[] bytes = head.bytes;
        int start = head.nameStart(at);
        int end = head.nameEnd(at);
        if (resembles(bytes, start, end, CONTENT_LENGTH) || resembles(bytes, start, end, TRANSFER_ENCODING)) {
            head.desync = head.desync.worse(Desync.SUSPICIOUS_HEADER);
            head.suspicious |= resembles(bytes, start, end, CONTENT_LENGTH) ? 1 : 2;
            head.drop(at);
            return;
        }
        if (token) {
            return;
        }
        for (int i = start; i < end; i++) {
            if (bytes[i] == 0 || bytes[i] == '\r') {
                head.desync = head.desync.worse(Desync.BAD_HEADER);
                return;
            }
        }
        head.soil(at);
        if (Ascii.isSpace(bytes[end - 1]) || bytes[start] < ' ') {
            head.drop(at);       // "Host : a" is "Host: a" to one and nothing to another
        }
        head.desync = head.desync.worse(Desync.NON_COMPLIANT_HEADER);
    }

    /** Whether the letters are those of {@code wanted}, whatever stands between them. */
    private static boolean resembles(byte[] bytes, int from, int to, byte[] wanted) {
        int matched = 0;
        if (to - from < wanted.length) {
            return false;
        }
        for (int i = from; i < to; i++) {
            int value = Ascii.lower(bytes[i]);
            if (value >= 'a' && value <= 'z') {
                if (matched == wanted.length || value != wanted[matched]) {
                    return false;
                }
                matched++;
            } else if (value >= '0' && value <= '9') {
                return false;
            }
        }
        return matched == wanted.length;
    }

    static void value(Head head, int at) {
        byte[] bytes = head.bytes;
        int end = head.lineEnd(at) - 1;
        for (int i = head.nameEnd(at) + 1, last = end; i < last; i++) {
            byte value = bytes[i];
            if (value >= ' ' && value != 127 || value == '\t') {
                continue;
            }
            if (value == '\r' && i == end - 1) {
                continue;               // the line's own
            }
            if (value == 0 || value == '\r') {
                head.desync = head.desync.worse(Desync.BAD_HEADER);
                return;
            }
            head.desync = head.desync.worse(Desync.NON_COMPLIANT_HEADER);
        }
    }

    static void contentLength(Head head, int at) {
        byte[] bytes = head.bytes;
        int from = head.valueStart(at);
        int to = head.valueEnd(at);
        long value = 0;
        boolean bad = from == to || to - from > MAX_DIGITS;
        for (int i = from; i < to && !bad; i++) {
            bad = bytes[i] < '0' || bytes[i] > '9';
            value = value * 10 + bytes[i] - '0';
        }
        if (bad) {
            head.desync = head.desync.worse(Desync.BAD_CONTENT_LENGTH);
        } else if (head.contentLength < 0) {
            head.contentLength = value;
        } else {
            head.desync = head.desync.worse(head.contentLength == value
                    ? Desync.DUPLICATE_CONTENT_LENGTH : Desync.MULTIPLE_CONTENT_LENGTH);
            head.drop(at);
        }
    }
}
