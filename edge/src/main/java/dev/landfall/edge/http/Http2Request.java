package dev.landfall.edge.http;

import dev.landfall.edge.hpack.HpackDecoder;
import dev.landfall.edge.net.ByteSink;
import java.nio.charset.StandardCharsets;

/**
 * Writes a field section of HTTP/2 into a {@link Head} as the lines of HTTP/1.1, and holds it to RFC 9113, section 8:
 * pseudo-header fields first, each once, no upper case, nothing that belongs to a connection. Whatever could mean two
 * things as lines is refused on the way. Used again for the next section; of one connection.
 */
final class Http2Request implements HpackDecoder.Fields {
    /** What became of a section. */
    enum Result {
        FINE,
        /** Not a message of HTTP/2: the stream's PROTOCOL_ERROR. */
        MALFORMED,
        /** A message, but a request that gets status 400. */
        BAD
    }

    private enum Kind { REQUEST, TRAILERS }

    private static final byte[] METHOD = ascii(":method");
    private static final byte[] SCHEME = ascii(":scheme");
    private static final byte[] AUTHORITY = ascii(":authority");
    private static final byte[] PATH = ascii(":path");
    private static final byte[] TE = ascii("te");
    private static final byte[] HOST = ascii("host");
    private static final byte[] COOKIE = ascii("cookie");
    private static final byte[] TRAILERS = ascii("trailers");
    private static final byte[][] OF_CONNECTIONS = {
        ascii("connection"), ascii("upgrade"), ascii("keep-alive"), ascii("proxy-connection"),
        ascii("transfer-encoding")};
    private static final byte[] VERSION = ascii(" HTTP/1.1\r\n");
    private static final byte[] HOST_LINE = ascii("host: ");
    private static final byte[] COLON = ascii(": ");
    private static final byte[] CRLF = ascii("\r\n");

    /** The values of pseudo-header fields, one after the other; where each is stands below, -1 for those not given. */
    private final ByteSink pseudo = new ByteSink(256);
    private final ByteSink cookies = new ByteSink(256);
    private int methodStart;
    private int methodEnd;
    private int pathStart;
    private int pathEnd;
    private int authorityStart;
    private int authorityEnd;
    private boolean scheme;
    private Kind kind = Kind.REQUEST;
    private Head head = Head.NONE;
    private boolean regular;
    private boolean malformed;
    private boolean bad;

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    void request(Head into) {
        begin(into, Kind.REQUEST);
    }

    void trailers(Head into) {
        begin(into, Kind.TRAILERS);
    }

    private void begin(Head into, Kind next) {
        head = into;
        head.clear();
        kind = next;
        pseudo.clear();
        cookies.clear();
        methodStart = -1;
        pathStart = -1;
        authorityStart = -1;
        scheme = false;
        regular = false;
        malformed = false;
        bad = false;
    }

    @Override
    public void field(byte[] names, int nameStart, int nameEnd, byte[] values, int valueStart, int valueEnd) {
        if (malformed || bad) {
            return;                     // the rest is read for the table's sake only
        }
        if (nameEnd == nameStart || !text(values, valueStart, valueEnd)) {
            malformed = true;
        } else if (names[nameStart] == ':') {
            pseudo(names, nameStart, nameEnd, values, valueStart, valueEnd);
        } else {
            if (!regular) {
                regular = true;
                firstLines();
            }
            regular(names, nameStart, nameEnd, values, valueStart, valueEnd);
        }
        bad |= head.length + cookies.length() > Head.MAX_BYTES;
    }

    private void pseudo(byte[] names, int nameStart, int nameEnd, byte[] values, int valueStart, int valueEnd) {
        int start = pseudo.length();
        boolean fresh;
        if (is(names, nameStart, nameEnd, METHOD)) {
            fresh = methodStart < 0;
            methodStart = start;
            methodEnd = start + valueEnd - valueStart;
        } else if (is(names, nameStart, nameEnd, PATH)) {
            fresh = pathStart < 0;
            pathStart = start;
            pathEnd = start + valueEnd - valueStart;
        } else if (is(names, nameStart, nameEnd, AUTHORITY)) {
            fresh = authorityStart < 0;
            authorityStart = start;
            authorityEnd = start + valueEnd - valueStart;
        } else {
            fresh = is(names, nameStart, nameEnd, SCHEME) && !scheme && valueEnd > valueStart;
            scheme = true;
        }
        malformed = !fresh || regular || kind == Kind.TRAILERS;
        pseudo.put(values, valueStart, valueEnd);
        bad |= pseudo.length() > Head.MAX_BYTES;
    }

    private void regular(byte[] names, int nameStart, int nameEnd, byte[] values, int valueStart, int valueEnd) {
        for (int i = nameStart; i < nameEnd; i++) {
            byte letter = names[i];
            if (letter <= ' ' || letter == 127 || letter == ':' || letter >= 'A' && letter <= 'Z') {
                malformed = true;       // RFC 9113, 8.2.1
                return;
            }
        }
        if (is(names, nameStart, nameEnd, COOKIE)) {
            // One field for each crumb in HTTP/2, one for all in HTTP/1.1 (RFC 9113, 8.2.3).
            if (cookies.length() > 0) {
                cookies.put(';').put(' ');
            }
            cookies.put(values, valueStart, valueEnd);
            return;
        }
        for (byte[] name : OF_CONNECTIONS) {
            malformed |= is(names, nameStart, nameEnd, name);
        }
        malformed |= is(names, nameStart, nameEnd, TE) && !is(values, valueStart, valueEnd, TRAILERS);
        boolean saidAlready = authorityStart >= 0 && is(names, nameStart, nameEnd, HOST);
        if (!malformed && !saidAlready) {
            line(names, nameStart, nameEnd, values, valueStart, valueEnd);
        }
    }

    private void line(byte[] names, int nameStart, int nameEnd, byte[] values, int valueStart, int valueEnd) {
        head.append(names, nameStart, nameEnd);
        head.append(COLON, 0, COLON.length);
        head.append(values, valueStart, valueEnd);
        head.append(CRLF, 0, CRLF.length);
    }

    private void firstLines() {
        if (kind == Kind.TRAILERS) {
            return;
        }
        byte[] bytes = pseudo.bytes();
        if (methodStart < 0 || pathStart < 0 || !scheme || !plain(bytes, methodStart, methodEnd)
                || !plain(bytes, pathStart, pathEnd)) {
            malformed = true;           // RFC 9113, 8.3.1
            return;
        }
        head.append(bytes, methodStart, methodEnd);
        head.append(VERSION, 0, 1);
        head.append(bytes, pathStart, pathEnd);
        head.append(VERSION, 0, VERSION.length);
        if (authorityStart >= 0) {
            head.append(HOST_LINE, 0, HOST_LINE.length);
            head.append(bytes, authorityStart, authorityEnd);
            head.append(CRLF, 0, CRLF.length);
        }
    }

    /** The section is complete: reads the lines as any other head. */
    Result finish() {
        if (!regular) {
            firstLines();
        }
        if (malformed) {
            return Result.MALFORMED;
        }
        if (cookies.length() > 0) {
            line(COOKIE, 0, COOKIE.length, cookies.bytes(), 0, cookies.length());
        }
        head.append(CRLF, 0, CRLF.length);
        if (kind == Kind.TRAILERS) {
            boolean sound = !bad && HeadParser.parse(head, HeadParser.Kind.TRAILERS) == HeadParser.Result.COMPLETE;
            return sound && head.desync.level() != Desync.Level.SEVERE ? Result.FINE : Result.BAD;
        }
        HeadParser.Result result = bad ? HeadParser.Result.TOO_LARGE : HeadParser.parse(head, HeadParser.Kind.REQUEST);
        if (result != HeadParser.Result.COMPLETE || head.length > Head.MAX_BYTES || head.methodIs("CONNECT")
                || !Targets.resolve(head)) {
            if (head.desync == Desync.BAD_CONTENT_LENGTH) {
                return Result.MALFORMED;
            }
            return Result.BAD;
        }
        return Result.FINE;
    }

    private static boolean is(byte[] bytes, int from, int to, byte[] wanted) {
        if (to - from != wanted.length) {
            return false;
        }
        for (int i = 0; i < wanted.length; i++) {
            if (bytes[from + i] != wanted[i]) {
                return false;
            }
        }
        return true;
    }

    /** Whether nothing in it could end a line. */
    private static boolean text(byte[] bytes, int from, int to) {
        for (int i = from; i < to; i++) {
            byte value = bytes[i];
            if (value <= '\r' && value >= 0 && (value == '\r' || value == '\n' || value == 0)) {
                return false;
            }
        }
        return true;
    }

    /** Whether it is one word. */
    private static boolean plain(byte[] bytes, int from, int to) {
        for (int i = from; i < to; i++) {
            if (bytes[i] >= 0 && bytes[i] <= ' ' || bytes[i] == 127) {
                return false;
            }
        }
        return to > from;
    }
}
