package dev.landfall.edge.http;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;

/**
 * Reads heads of HTTP/1.1 messages, line by line as they come in, and judges them in the same pass: what is wrong or
 * unusual becomes the head's {@link Desync}. Whatever is sent on afterwards has one meaning only: lines that could be
 * read in two ways are marked as not to be copied, or as dropped.
 */
final class HeadParser {
    /** What became of the bytes so far. */
    enum Result { MORE, COMPLETE, LINE_TOO_LONG, TOO_LARGE, MALFORMED, UNSUPPORTED_TRANSFER_ENCODING }

    /** What kind of head it is: the first line differs. */
    enum Kind { REQUEST, RESPONSE, TRAILERS }

    private static final byte[] CHUNKED = ascii("chunked");
    private static final byte[] IDENTITY = ascii("identity");
    private static final byte[] CLOSE = ascii("close");
    private static final byte[] KEEP_ALIVE = ascii("keep-alive");
    private static final byte[] UPGRADE = ascii("upgrade");
    private static final byte[] CONTINUE = ascii("100-continue");
    private static final byte[] HTTP_1 = "HTTP/1.".getBytes(StandardCharsets.US_ASCII);
    /** Copied at a time while looking for the end; usually the whole head. */
    private static final int PIECE = 4_096;
    /** Before a request: one is a client's old habit, many are work for nothing. */
    private static final int MAX_EMPTY_LINES = 16;

    private HeadParser() {}

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** Takes from {@code in} what belongs to the head, and no more. */
    static Result read(Head head, ByteBuf in, Kind kind) {
        while (in.isReadable()) {
            int before = head.length;
            head.discarded = 0;
            int count = Math.min(in.readableBytes(), PIECE);
            head.append(in, count);
            Result result = parse(head, kind);
            if (result == Result.COMPLETE) {
                in.skipBytes(head.lineStart + head.discarded - before);
                head.length = head.lineStart;
                return result;
            }
            in.skipBytes(count);
            if (result != Result.MORE) {
                return result;
            }
            if (head.length > Head.MAX_BYTES) {
                return Result.TOO_LARGE;
            }
        }
        return Result.MORE;
    }

    /** Reads what the head holds already. */
    static Result parse(Head head, Kind kind) {
        byte[] bytes = head.bytes;
        while (true) {
            int end = Ascii.indexOf(bytes, head.scanned, head.length, '\n');
            if (end < 0) {
                head.scanned = head.length;
                return head.length - head.lineStart > Head.MAX_LINE ? tooLong(head, kind) : Result.MORE;
            }
            int start = head.lineStart;
            int textEnd = end > start && bytes[end - 1] == '\r' ? end - 1 : end;
            if (end - start > Head.MAX_LINE) {
                return tooLong(head, kind);
            }
            head.lineStart = end + 1;
            head.scanned = end + 1;
            if (kind != Kind.TRAILERS && head.methodEnd < 0) {
                if (start == textEnd && kind == Kind.REQUEST) {
                    if (++head.emptyLines > MAX_EMPTY_LINES) {
                        return Result.MALFORMED;
                    }
                    head.lineStart = 0;         // an empty line before a request is ignored (RFC 9112, 2.2)
                    discard(head, end + 1);
                    continue;
                }
                Result first = kind == Kind.REQUEST
                        ? requestLine(head, start, textEnd) : statusLine(head, start, textEnd);
                if (first != Result.COMPLETE) {
                    return first;
                }
                if (textEnd == end) {
                    head.desync = head.desync.worse(Desync.NON_CR_LF_LINE_TERMINATION);
                }
                continue;
            }
            if (start == textEnd) {
                return kind == Kind.TRAILERS ? Result.COMPLETE : finish(head, kind);
            }
            if (head.fields == Head.MAX_FIELDS) {
                return Result.TOO_LARGE;
            }
            line(head, start, textEnd, end);
        }
    }

    private static Result tooLong(Head head, Kind kind) {
        return kind == Kind.REQUEST && head.methodEnd < 0 ? Result.LINE_TOO_LONG : Result.TOO_LARGE;
    }

    private static void discard(Head head, int count) {
        System.arraycopy(head.bytes, count, head.bytes, 0, head.length - count);
        head.length -= count;
        head.scanned = 0;
        head.discarded += count;
    }

    private static Result requestLine(Head head, int start, int end) {
        byte[] bytes = head.bytes;
        int methodEnd = Ascii.indexOf(bytes, start, end, ' ');
        int versionStart = end;
        while (versionStart > start && bytes[versionStart - 1] != ' ') {
            versionStart--;
        }
        if (methodEnd <= start || versionStart <= methodEnd + 1) {
            head.desync = Desync.BAD_METHOD;
            return Result.MALFORMED;
        }
        for (int i = start; i < methodEnd; i++) {
            if (!Ascii.isToken(bytes[i])) {
                head.desync = Desync.BAD_METHOD;
                return Result.MALFORMED;
            }
        }
        head.methodEnd = methodEnd;
        head.targetStart = methodEnd + 1;
        head.targetEnd = versionStart - 1;
        if (!version(head, versionStart, end)) {
            head.desync = Desync.BAD_VERSION;
            return Result.MALFORMED;
        }
        return target(head);
    }

    private static Result target(Head head) {
        byte[] bytes = head.bytes;
        while (head.targetEnd > head.targetStart && bytes[head.targetEnd - 1] == ' ') {
            head.targetEnd--;
            head.desync = head.desync.worse(Desync.SPACE_IN_URI);
        }
        if (head.targetEnd == head.targetStart) {
            head.desync = Desync.BAD_URI;
            return Result.MALFORMED;
        }
        for (int i = head.targetStart; i < head.targetEnd; i++) {
            byte value = bytes[i];
            if (value > ' ' && value != 127) {
                continue;
            }
            if (value == 0 || value == '\r') {
                head.desync = Desync.BAD_URI;
                return Result.MALFORMED;
            }
            head.desync = head.desync.worse(value == ' ' ? Desync.SPACE_IN_URI : Desync.AMBIGUOUS_URI);
        }
        return Result.COMPLETE;
    }

    private static boolean version(Head head, int start, int end) {
        byte[] bytes = head.bytes;
        if (end - start != 8) {
            return false;
        }
        for (int i = 0; i < HTTP_1.length; i++) {
            if (bytes[start + i] != HTTP_1[i]) {
                return false;
            }
        }
        int minor = bytes[start + 7] - '0';
        if (minor < 0 || minor > 9) {
            return false;
        }
        if (minor > 1) {
            head.desync = head.desync.worse(Desync.NON_COMPLIANT_VERSION);
        }
        head.version = minor == 0 ? 10 : 11;
        return true;
    }

    private static Result statusLine(Head head, int start, int end) {
        byte[] bytes = head.bytes;
        if (end - start < 12 || !version(head, start, start + 8) || bytes[start + 8] != ' '
                || (end - start > 12 && bytes[start + 12] != ' ')) {
            return Result.MALFORMED;
        }
        int status = 0;
        for (int i = start + 9; i < start + 12; i++) {
            if (bytes[i] < '0' || bytes[i] > '9') {
                return Result.MALFORMED;
            }
            status = status * 10 + bytes[i] - '0';
        }
        head.methodEnd = 0;
        head.status = status;
        head.reasonStart = Math.min(start + 13, end);
        head.reasonEnd = end;
        return status < 100 || Ascii.indexOf(bytes, start, end, '\r') >= 0 ? Result.MALFORMED : Result.COMPLETE;
    }

    private static void line(Head head, int start, int end, int lineFeed) {
        byte[] bytes = head.bytes;
        if (Ascii.isSpace(bytes[start])) {
            head.desync = head.desync.worse(blank(bytes, start, end) ? Desync.EMPTY_HEADER : Desync.MULTILINE_HEADER);
            return;
        }
        int colon = start;
        boolean token = true;
        while (colon < end && bytes[colon] != ':') {
            token &= Ascii.isToken(bytes[colon]);
            colon++;
        }
        if (colon == end) {
            head.desync = head.desync.worse(Desync.MISSING_HEADER_COLON);
            return;
        }
        if (colon == start) {
            head.desync = head.desync.worse(Desync.EMPTY_HEADER);
            return;
        }
        int valueStart = colon + 1;
        int valueEnd = end;
        while (valueStart < valueEnd && Ascii.isSpace(bytes[valueStart])) {
            valueStart++;
        }
        while (valueEnd > valueStart && Ascii.isSpace(bytes[valueEnd - 1])) {
            valueEnd--;
        }
        Field field = token ? Field.of(bytes, start, colon) : Field.OTHER;
        int at = head.add(field, start, colon, valueStart, valueEnd, lineFeed + 1);
        if (lineFeed == end) {
            head.soil(at);
            head.desync = head.desync.worse(Desync.NON_CR_LF_LINE_TERMINATION);
        }
        if (!token || field == Field.OTHER) {
            FieldChecks.name(head, at, token);
        }
        FieldChecks.value(head, at);
        if (field != Field.OTHER) {
            known(head, field, at);
        }
    }

    private static boolean blank(byte[] bytes, int from, int to) {
        for (int i = from; i < to; i++) {
            if (!Ascii.isSpace(bytes[i])) {
                return false;
            }
        }
        return true;
    }

    private static void known(Head head, Field field, int at) {
        byte[] bytes = head.bytes;
        int from = head.valueStart(at);
        int to = head.valueEnd(at);
        switch (field) {
            case CONTENT_LENGTH -> FieldChecks.contentLength(head, at);
            case TRANSFER_ENCODING -> transferEncoding(head, from, to);
            case CONNECTION -> {
                head.closes |= Ascii.listContains(bytes, from, to, CLOSE);
                head.keepsAlive |= Ascii.listContains(bytes, from, to, KEEP_ALIVE);
                head.upgrades |= Ascii.listContains(bytes, from, to, UPGRADE);
            }
            case HOST -> {
                head.hosts++;
                head.host = at;
            }
            case EXPECT -> head.expectsContinue |= Ascii.equalsIgnoreCase(bytes, from, to, CONTINUE);
            case COOKIE -> head.cookies++;
            case OTHER, TE, SERVER, TRAILER, UPGRADE, KEEP_ALIVE, SET_COOKIE, USER_AGENT, CONTENT_TYPE,
                    X_FORWARDED_FOR, X_AMZN_TRACE_ID, PROXY_CONNECTION, X_FORWARDED_PORT, X_FORWARDED_PROTO,
                    HTTP2_SETTINGS -> { }
        }
    }

    private static void transferEncoding(Head head, int from, int to) {
        if (Ascii.equalsIgnoreCase(head.bytes, from, to, CHUNKED)) {
            if (head.chunked) {
                head.desync = head.desync.worse(Desync.MULTIPLE_TRANSFER_ENCODING_CHUNKED);
            }
            head.chunked = true;
        } else if (!Ascii.equalsIgnoreCase(head.bytes, from, to, IDENTITY)) {
            head.badTransferEncoding = true;
        }
    }

    private static Result finish(Head head, Kind kind) {
        if (head.badTransferEncoding) {
            boolean otherwiseSound = head.desync.level() != Desync.Level.SEVERE;
            head.desync = head.desync.worse(Desync.BAD_TRANSFER_ENCODING);
            return kind == Kind.REQUEST && otherwiseSound ? Result.UNSUPPORTED_TRANSFER_ENCODING : Result.MALFORMED;
        }
        if (kind == Kind.RESPONSE) {
            return head.desync.level() == Desync.Level.SEVERE ? Result.MALFORMED : Result.COMPLETE;
        }
        if (head.chunked && head.version == 10) {
            head.desync = head.desync.worse(Desync.BAD_TRANSFER_ENCODING);
        }
        if (head.chunked && head.contentLength >= 0) {
            head.desync = head.desync.worse(Desync.BOTH_TE_CL_PRESENT);
        }
        if (head.desync == Desync.SUSPICIOUS_HEADER && (head.chunked || head.contentLength >= 0)) {
            head.desync = head.suspiciousPair() ? Desync.SUSPICIOUS_TE_CL_PRESENT : head.desync;
        }
        if ((head.chunked || head.contentLength >= 0) && (head.methodIs("GET") || head.methodIs("HEAD"))) {
            head.desync = head.desync.worse(head.chunked ? Desync.UNDEFINED_TRANSFER_ENCODING_SEMANTICS
                    : head.contentLength == 0 ? Desync.GET_HEAD_ZERO_CONTENT_LENGTH
                    : Desync.UNDEFINED_CONTENT_LENGTH_SEMANTICS);
        }
        return Result.COMPLETE;
    }
}
