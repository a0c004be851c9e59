package dev.landfall.edge.http;

import dev.landfall.edge.net.ByteSink;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import java.util.Map;

/**
 * Heads between HTTP/2 to targets and the form all rules are written for, that of HTTP/1.1: a field section is written
 * out as text and then read and judged like any other. Whatever could mean two things in one of them is refused on the
 * way.
 */
final class Http2Text {
    private Http2Text() {}

    static boolean response(Head head, Http2Headers headers) {
        head.clear();
        if (headers.status() == null || !plain(headers.status())) {
            return false;
        }
        head.append("HTTP/1.1 ");
        head.append(headers.status());
        head.append(" \r\n");
        return fields(head, headers) && finish(head, HeadParser.Kind.RESPONSE);
    }

    /** Trailers that are not sound are left out. */
    static Head trailers(Http2Headers headers) {
        var head = new Head();
        boolean sound = fields(head, headers) && finish(head, HeadParser.Kind.TRAILERS);
        return sound ? head : Head.NONE;
    }

    private static boolean finish(Head head, HeadParser.Kind kind) {
        head.append("\r\n");
        return HeadParser.parse(head, kind) == HeadParser.Result.COMPLETE && head.length <= Head.MAX_BYTES
                && head.desync.level() != Desync.Level.SEVERE;
    }

    private static boolean fields(Head head, Http2Headers headers) {
        for (Map.Entry<CharSequence, CharSequence> header : headers) {
            CharSequence name = header.getKey();
            CharSequence value = header.getValue();
            if (name.length() == 0 || name.charAt(0) == ':') {
                continue;
            }
            if (!plain(name) || !text(value)) {
                return false;
            }
            line(head, name, value);
        }
        return true;
    }

    private static void line(Head head, CharSequence name, CharSequence value) {
        head.append(name);
        head.append(": ");
        head.append(value);
        head.append("\r\n");
    }

    private static boolean plain(CharSequence text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) <= ' ' || text.charAt(i) == 127) {
                return false;
            }
        }
        return text.length() > 0;
    }

    private static boolean text(CharSequence text) {
        for (int i = 0; text != null && i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\r' || c == '\n' || c == 0) {
                return false;
            }
        }
        return true;
    }

    /** The fields of a head that was written for HTTP/1.1, without its first line. */
    static Http2Headers headers(ByteSink sink) {
        byte[] bytes = sink.bytes();
        var headers = new DefaultHttp2Headers(false, 24);
        int start = Ascii.indexOf(bytes, 0, sink.length(), '\n') + 1;
        while (start < sink.length()) {
            int end = Ascii.indexOf(bytes, start, sink.length(), '\n');
            int colon = Ascii.indexOf(bytes, start, end < 0 ? sink.length() : end, ':');
            if (end < 0 || colon < 0) {
                break;
            }
            int valueStart = colon + 1;
            int valueEnd = end - 1;
            while (valueStart < valueEnd && Ascii.isSpace(bytes[valueStart])) {
                valueStart++;
            }
            while (valueEnd > valueStart && Ascii.isSpace(bytes[valueEnd - 1])) {
                valueEnd--;
            }
            headers.add(new AsciiString(bytes, start, colon - start, true).toLowerCase(),
                    new AsciiString(bytes, valueStart, valueEnd - valueStart, true));
            start = end + 1;
        }
        return headers;
    }

    static Http2Headers trailers(Head trailers) {
        var headers = new DefaultHttp2Headers(false, 8);
        for (int i = 0; i < trailers.fields; i++) {
            if (!trailers.dropped(i) && !trailers.field(i).hopByHop() && trailers.field(i) != Field.CONTENT_LENGTH) {
                headers.add(new AsciiString(trailers.text(trailers.nameStart(i), trailers.nameEnd(i))).toLowerCase(),
                        trailers.value(i));
            }
        }
        return headers;
    }
}
