package dev.landfall.edge.http;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The head of a request or a response, or its trailers: the bytes as they came and where in them the parts are. Mutable
 * and used again for the next one; of one connection. Parsing is {@link HeadParser}'s.
 */
public final class Head {
    /** AWS: 64K for the entire header, of requests and, as we hold it, of responses. */
    static final int MAX_BYTES = 64 * 1_024;
    /** AWS: 16K for a request line and for a single header. */
    static final int MAX_LINE = 16 * 1_024;
    /** Bounds the table; more do not fit in 64K unless they are nearly empty. */
    static final int MAX_FIELDS = 1_024;

    /** A field whose line may be sent on byte for byte. */
    private static final int CLEAN = 0x100;
    /** A field that is not sent on. */
    private static final int DROPPED = 0x200;
    private static final int STRIDE = 6;

    private static final byte[] NO_BYTES = {};
    private static final int[] NO_FIELDS = {};
    private static final int USUAL_BYTES = 1_024;
    private static final int USUAL_FIELDS = 24;
    /** What a head keeps between messages; one large head must not be paid for by an idle connection. */
    private static final int KEPT_BYTES = 4_096;
    private static final int KEPT_FIELDS = 96;
    /** One without fields, for bodies without trailers. Nobody writes to it. */
    static final Head NONE = new Head();

    byte[] bytes = NO_BYTES;
    int length;
    /** Where the next line starts, and how far it has been searched for its end. */
    int lineStart;
    int scanned;

    int methodEnd;
    int targetStart;
    int targetEnd;
    /** 10 or 11 for HTTP/1.0 and HTTP/1.1. */
    int version;
    /** Where the query starts with its '?', or the target's end. */
    int pathEnd;
    /** The host the request is for, without a port. */
    int hostStart;
    int hostEnd;
    /** Where that host ends with its port. */
    int authorityEnd;
    /** Whether the target was an absolute one, so that Host is written anew. */
    boolean absolute;
    int status;
    int reasonStart;
    int reasonEnd;

    private int[] table = NO_FIELDS;
    int fields;
    Desync desync = Desync.COMPLIANT;
    /** -1: none given. */
    long contentLength = -1;
    boolean chunked;
    boolean closes;
    boolean keepsAlive;
    boolean upgrades;
    boolean expectsContinue;
    boolean badTransferEncoding;
    /** Bits: 1 for a field that resembles Content-Length, 2 for one that resembles Transfer-Encoding. */
    int suspicious;
    /** Bytes of empty lines before a request that were thrown away while reading the present piece. */
    int discarded;
    /** Such lines altogether. */
    int emptyLines;
    int hosts;
    int host = -1;
    int cookies;

    void clear() {
        length = 0;
        lineStart = 0;
        scanned = 0;
        methodEnd = -1;
        targetStart = 0;
        targetEnd = 0;
        version = 11;
        status = 0;
        fields = 0;
        desync = Desync.COMPLIANT;
        contentLength = -1;
        chunked = false;
        closes = false;
        keepsAlive = false;
        upgrades = false;
        expectsContinue = false;
        badTransferEncoding = false;
        absolute = false;
        suspicious = 0;
        discarded = 0;
        emptyLines = 0;
        hosts = 0;
        host = -1;
        cookies = 0;
        if (bytes.length > KEPT_BYTES) {
            bytes = NO_BYTES;
        }
        if (table.length > KEPT_FIELDS * STRIDE) {
            table = NO_FIELDS;
        }
    }

    /** Heap that it takes, about: a field of the table is six numbers. */
    int capacity() {
        return bytes.length + table.length * Integer.BYTES;
    }

    /** Copies what is readable, without taking it: how much of it belongs to the head is only known later. */
    void append(ByteBuf in, int count) {
        reserve(count);
        in.getBytes(in.readerIndex(), bytes, length, count);
        length += count;
    }

    void append(CharSequence text) {
        int count = text.length();
        reserve(count);
        for (int i = 0; i < count; i++) {
            bytes[length++] = (byte) text.charAt(i);
        }
    }

    void append(byte[] source, int from, int to) {
        reserve(to - from);
        System.arraycopy(source, from, bytes, length, to - from);
        length += to - from;
    }

    /** Makes the target anew behind the head: {@code start}, and what follows {@code from} in the old one. */
    void placeTarget(String start, int from) {
        int rest = targetEnd - from;
        int at = length;
        append(start);
        reserve(rest);
        System.arraycopy(bytes, from, bytes, length, rest);
        length += rest;
        targetStart = at;
        targetEnd = length;
    }

    private void reserve(int count) {
        if (bytes.length - length < count) {
            bytes = Arrays.copyOf(bytes, Math.max(Math.max(bytes.length * 2, USUAL_BYTES), length + count));
        }
    }

    int add(Field field, int nameStart, int nameEnd, int valueStart, int valueEnd, int lineEnd) {
        int at = fields * STRIDE;
        if (at == table.length) {
            table = Arrays.copyOf(table, Math.max(table.length * 2, STRIDE * USUAL_FIELDS));
        }
        table[at] = field.ordinal() | CLEAN;
        table[at + 1] = nameStart;
        table[at + 2] = nameEnd;
        table[at + 3] = valueStart;
        table[at + 4] = valueEnd;
        table[at + 5] = lineEnd;
        return fields++;
    }

    public int fields() {
        return fields;
    }

    public Field field(int i) {
        return Field.at(table[i * STRIDE] & 0xff);
    }

    boolean clean(int i) {
        return (table[i * STRIDE] & CLEAN) != 0;
    }

    boolean dropped(int i) {
        return (table[i * STRIDE] & DROPPED) != 0;
    }

    /** Takes the mark away that allows the line to be copied. */
    void soil(int i) {
        table[i * STRIDE] &= ~CLEAN;
    }

    void drop(int i) {
        table[i * STRIDE] |= DROPPED;
    }

    public int nameStart(int i) {
        return table[i * STRIDE + 1];
    }

    public int nameEnd(int i) {
        return table[i * STRIDE + 2];
    }

    public int valueStart(int i) {
        return table[i * STRIDE + 3];
    }

    public int valueEnd(int i) {
        return table[i * STRIDE + 4];
    }

    int lineEnd(int i) {
        return table[i * STRIDE + 5];
    }

    public byte[] bytes() {
        return bytes;
    }

    public int methodEnd() {
        return methodEnd;
    }

    public int targetStart() {
        return targetStart;
    }

    /** Where the path ends: at the query or at the end. */
    public int pathEnd() {
        return pathEnd;
    }

    public int hostStart() {
        return hostStart;
    }

    public int hostEnd() {
        return hostEnd;
    }

    public int targetEnd() {
        return targetEnd;
    }

    /** The index of the Host field; -1 without one. */
    public int host() {
        return host;
    }

    public int status() {
        return status;
    }

    public String text(int from, int to) {
        return new String(bytes, from, to - from, StandardCharsets.ISO_8859_1);
    }

    public String value(int i) {
        return text(valueStart(i), valueEnd(i));
    }

    /** The first field of a kind; -1 without one. */
    public int find(Field wanted) {
        for (int i = 0; i < fields; i++) {
            if ((table[i * STRIDE] & 0xff) == wanted.ordinal()) {
                return i;
            }
        }
        return -1;
    }

    boolean methodIs(String method) {
        if (methodEnd != method.length()) {
            return false;
        }
        for (int i = 0; i < methodEnd; i++) {
            if (bytes[i] != method.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /** Whether a request of this method may be sent twice (RFC 9110, 9.2.2). */
    boolean idempotent() {
        return methodIs("GET") || methodIs("HEAD") || methodIs("PUT") || methodIs("DELETE") || methodIs("OPTIONS");
    }

    /** Whether one framing field is real and the other one only resembles it. */
    boolean suspiciousPair() {
        return chunked && (suspicious & 1) != 0 || contentLength >= 0 && (suspicious & 2) != 0;
    }

    /** Whether a request has a body, by its framing. */
    boolean hasBody() {
        return chunked || contentLength > 0;
    }
}
